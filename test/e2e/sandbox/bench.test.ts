import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startScript } from '../../unit/support/run-script.ts'
import { makeTempFolder } from '../../unit/support/temp-folder.ts'
import { type Results, runsOf, trafficOf } from '../../bench/report/results.ts'
import { toolPath } from '../support/tools.ts'

const main = join(import.meta.dirname, '../../bench/main.ts')

test('the quick bench sees a peer and the kit move everything, and counts it', async () => {
  const out = makeTempFolder()
  const { result } = startScript(main, ['--quick', '--out', out], { PATH: toolPath })
  const { code, stdout, stderr } = await result
  expect(stderr).not.toMatch(/error|missing/)
  expect(code).toBe(0)

  const results: Results = JSON.parse(await readFile(join(out, 'results.json'), 'utf8'))
  expect(results.runs.map(({ mover, scenario }) => `${mover} ${scenario}`)).toEqual([
    'crane-8 cold',
    'crane-8 warm',
    'kit-on cold',
    'kit-on warm',
  ])
  const [peer] = runsOf(results, 'crane-8', 'cold').map(trafficOf)
  expect(peer?.upBytes).toBeGreaterThanOrEqual(results.sizes.countedBytes)
  const [warm] = runsOf(results, 'kit-on', 'warm').map(trafficOf)
  expect(warm).toMatchObject({ sourceRequests: 0, downBytes: 0, writes: 0 })

  expect(await readFile(join(out, 'table.md'), 'utf8')).toBe(stdout)
  expect(await readFile(join(out, 'bench.svg'), 'utf8')).toContain('crane copy, 8 at a time')
})

test('an unknown mover is rejected before anything is started', async () => {
  const { result } = startScript(main, ['--movers', 'crane-9'], { PATH: toolPath })
  const { code, stderr } = await result
  expect(code).toBe(2)
  expect(stderr).toContain('there is no mover "crane-9"')
  expect(stderr).toContain('choose from crane-1, crane-4, crane-8')
})
