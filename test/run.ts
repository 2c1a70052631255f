// Runs every kind of test and ends with one line that counts them all. `--unit`, `--e2e` and `--bats` select kinds.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

interface Count {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const root = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'ecr-airlift-tests-'))
const wanted = new Set(process.argv.slice(2))
const kinds = ['unit', 'e2e', 'bats'] as const

/** Runs one project of vitest. A run that does not even write its report counts as one failure. */
function runVitest(project: string): Count {
  const report = join(folder, `${project}.json`)
  const { status } = run(process.execPath, [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const count = readReport(report)
  // A file that cannot be loaded fails the run without failing a test.
  return status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count
}

function readReport(file: string): Count {
  try {
    const report: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const number = (key: string) => {
      const value = typeof report === 'object' && report !== null ? Reflect.get(report, key) : 0
      return typeof value === 'number' ? value : 0
    }
    return {
      passed: number('numPassedTests'),
      failed: number('numFailedTests'),
      skipped: number('numPendingTests'),
    }
  } catch (error) {
    console.error(`no test report: ${String(error)}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

/** Runs bats and counts the lines of its TAP output. */
function runBats(): Count {
  const { status, stdout } = run(
    join(root, 'node_modules/bats/bin/bats'),
    ['--tap', join(root, 'test/bats')],
    'pipe',
  )
  process.stdout.write(stdout)
  const lines = stdout.split('\n')
  const skipped = lines.filter((line) => /^ok .* # skip/.test(line)).length
  const passed = lines.filter((line) => line.startsWith('ok ')).length - skipped
  const failed = lines.filter((line) => line.startsWith('not ok ')).length
  return { passed, skipped, failed: status !== 0 && failed === 0 ? 1 : failed }
}

function run(command: string, args: readonly string[], stdout: 'inherit' | 'pipe' = 'inherit') {
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  })
  if (result.error) console.error(result.error.message)
  return { status: result.status, stdout: result.stdout ?? '' }
}

const unknown = [...wanted].find((flag) => !kinds.some((kind) => flag === `--${kind}`))
if (unknown !== undefined) {
  console.error(`error: unknown option "${unknown}"\n  → options are --unit, --e2e and --bats`)
  process.exit(2)
}
const counts = kinds
  .filter((kind) => wanted.size === 0 || wanted.has(`--${kind}`))
  .map((kind) => (kind === 'bats' ? runBats() : runVitest(kind)))
rmSync(folder, { recursive: true, force: true })

const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0)
const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped}`)
process.exitCode = sum('failed') > 0 ? 1 : 0
