import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { BootstrapRequest } from '../../../scripts/lib/bootstrap/arguments.ts'
import { openChecklist } from '../../../scripts/lib/bootstrap/checklist.ts'
import { type Findings, having } from '../../../scripts/lib/bootstrap/findings.ts'
import type { BootstrapJob } from '../../../scripts/lib/bootstrap/job.ts'
import { pipeline, runSteps } from '../../../scripts/lib/bootstrap/pipeline.ts'
import type { StepDefinition } from '../../../scripts/lib/bootstrap/steps/definition.ts'

const folder = join(import.meta.dirname, '../../../scripts/lib/bootstrap/steps')

it('The pipeline has each file of the steps once', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .filter((name) => name !== 'definition')
  expect(pipeline.map(({ id }) => id).toSorted()).toStrictEqual(files.toSorted())
})

describe('Running steps', () => {
  const request = { mirror: false } as BootstrapRequest
  const job = { request } as BootstrapJob

  /** A step that registers something to be closed, and notes what it knows. */
  function stepOf(
    id: string,
    log: string[],
    { found = {}, error, plan = id }: StepOutcome = {},
  ): StepDefinition {
    return {
      id,
      title: id,
      changes: () => false,
      plan: () => plan ?? undefined,
      run: async ({ atEnd }, findings) => {
        log.push(`${id} knows ${Object.keys(findings).join(' ') || 'nothing'}`)
        atEnd(() => void log.push(`close ${id}`))
        if (error !== undefined) throw error
        return found
      },
    }
  }
  interface StepOutcome {
    readonly found?: Findings
    readonly error?: Error
    readonly plan?: string | null
  }

  async function run(steps: readonly StepDefinition[], log: string[]) {
    const planned = steps.flatMap(({ id, title, plan }) => {
      const does = plan(request)
      return does === undefined ? [] : [{ id, title, does, changes: false }]
    })
    const checklist = openChecklist(planned, () => undefined)
    const known: string[][] = []
    const running = runSteps(steps, job, checklist, (now) => void known.push(Object.keys(now)))
    const ended = await running.catch((error: unknown) => error)
    return { ended, known, log, statuses: checklist.records().map(({ status }) => status) }
  }

  it('hands on what each step finds, and closes what was opened, the last first', async () => {
    const log: string[] = []
    const steps = [
      stepOf('a', log, { found: { subnets: [] } }),
      stepOf('left out', log, { plan: null }),
      stepOf('b', log, { found: { missing: [] } }),
    ]
    const { ended, known, statuses } = await run(steps, log)
    expect(ended).toBeUndefined()
    expect(log).toStrictEqual(['a knows nothing', 'b knows subnets', 'close b', 'close a'])
    expect(known).toStrictEqual([['subnets'], ['subnets', 'missing']])
    expect(statuses).toStrictEqual(['done', 'done'])
  })

  it('stops at the first step that fails, and closes what it opened as well', async () => {
    const log: string[] = []
    const error = new Error('no')
    const steps = [stepOf('a', log), stepOf('b', log, { error }), stepOf('c', log)]
    const { ended, known, statuses } = await run(steps, log)
    expect(ended).toBe(error)
    expect(log).toStrictEqual(['a knows nothing', 'b knows nothing', 'close b', 'close a'])
    expect(known).toStrictEqual([[]])
    expect(statuses).toStrictEqual(['done', 'failed', 'left'])
  })

  it('is refused for a step that needs what none before it has found', () => {
    const findings: Findings = { subnets: [] }
    expect(having(findings, 'subnets')).toBe(findings)
    expect(() => having(findings, 'subnets', 'layers', 'opened')).toThrow(
      'no earlier step has found layers, opened',
    )
  })
})
