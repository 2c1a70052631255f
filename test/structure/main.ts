import { resolve } from 'node:path'
import { describeFault, findFaults } from './faults.ts'
import { readSourceFiles } from './source-files.ts'
import { bounds, places, rooms } from './table.ts'

const root = resolve(import.meta.dirname, '../..')
const faults = findFaults(readSourceFiles(root, places), rooms, bounds)
for (const fault of faults) process.stderr.write(`${describeFault(fault)}\n`)
process.exitCode = faults.length > 0 ? 1 : 0
