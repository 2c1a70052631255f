import type { Terminal } from '../cli/terminal.ts'
import { columns } from '../cli/text.ts'
import { formatDuration } from '../model/text/duration.ts'
import { lineOf } from '../model/text/line.ts'
import { firstProblemOf, type Problem, ProblemError, type ProblemKind } from '../model/problem.ts'

/** One step of a run, with its title and a description. */
export interface PlannedStep {
  readonly id: string
  readonly title: string
  readonly does: string
  /** Whether it may change something. */
  readonly changes: boolean
}

/** How a step ended. `unchanged`: it was already up to date. */
export type StepStatus = 'done' | 'unchanged' | 'failed' | 'left'

export interface StepRecord {
  readonly id: string
  readonly title: string
  readonly status: StepStatus
  /** The result, in words. */
  readonly result: string
  readonly milliseconds: number
  /** Whether it has, or may have, changed something. */
  readonly changed: boolean
}

/** What a step reports while it runs, and at its end. */
export interface Step {
  /** Prints a note that is neither an error nor the result. */
  readonly note: (text: string) => void
  /** Prints lines that belong together, such as a table. */
  readonly show: (lines: readonly string[]) => void
  /** Prints the state of a wait. */
  readonly wait: (state: string, milliseconds: number) => void
  /** Marks that it may change something from here on; an earlier failure has changed nothing. */
  readonly changing: () => void
  /** Ends the step with a change. */
  readonly done: (result: string) => void
  /** Ends the step with nothing to do. */
  readonly unchanged: (result: string) => void
}

/** Runs the planned steps, each once and in order, and keeps the record. */
export interface Checklist {
  /** Runs a step. Rethrows the errors of its work; the records then show which steps are left. */
  readonly run: <T>(id: string, work: (step: Step) => Promise<T>) => Promise<T>
  readonly records: () => readonly StepRecord[]
  /** Returns whether a step has changed something, or failed after it started to. */
  readonly mayHaveChanged: () => boolean
}

export function openChecklist(
  planned: readonly PlannedStep[],
  print: Terminal['print'],
): Checklist {
  const records = new Map<string, StepRecord>()
  let next = 0
  const line = (text: string) => print(text)
  return {
    records: () =>
      planned.map(
        ({ id, title }) =>
          records.get(id) ?? {
            id,
            title,
            status: 'left',
            result: '',
            milliseconds: 0,
            changed: false,
          },
      ),
    mayHaveChanged: () => [...records.values()].some(({ changed }) => changed),
    async run(id, work) {
      const step = planned[next]
      // A run must not deviate from its plan.
      if (step?.id !== id) throw new Error(`step "${id}" is not the next step of the plan`)
      next += 1
      const place = `[${String(next).padStart(String(planned.length).length)}/${planned.length}]`
      const began = performance.now()
      let result = ''
      let status: StepStatus = 'done'
      let isChanging = false
      const end = (changed: boolean) => {
        const milliseconds = performance.now() - began
        records.set(id, { id, title: step.title, status, result, milliseconds, changed })
      }
      line(`${place} ${step.title}: ${step.does}`)
      const margin = ' '.repeat(place.length)
      try {
        const value = await work({
          note: (text) => line(`${margin} ! ${text}`),
          show: (lines) => lines.forEach((text) => line(`${margin}   ${text}`)),
          wait: (state, milliseconds) =>
            line(`${margin} … ${state} (${formatDuration(milliseconds)})`),
          changing: () => {
            isChanging = true
          },
          done: (text) => {
            result = text
          },
          unchanged: (text) => {
            status = 'unchanged'
            result = text
          },
        })
        end(step.changes && status === 'done')
        line(`${margin} ${marks[status]} ${result}`)
        return value
      } catch (error) {
        status = 'failed'
        const { headline, message } = firstProblemOf(error)
        result = headline ?? lineOf(message)
        // After a bug, the state is unknown.
        end(step.changes && (isChanging || !(error instanceof ProblemError)))
        throw error
      }
    },
  }
}

const refusals: ReadonlySet<ProblemKind> = new Set([
  'access-denied',
  'credentials-expired',
  'credentials-missing',
  'invalid-input',
  'not-found',
  'conflict',
  'busy',
  'quota',
  'rate-limited',
])

/** Makes a call that changes something. A refused call has changed nothing; any other failure may have. */
export async function change<T>(step: Pick<Step, 'changing'>, call: () => Promise<T>): Promise<T> {
  try {
    const value = await call()
    step.changing()
    return value
  } catch (error) {
    const isRefused =
      error instanceof ProblemError && error.problems.every(({ kind }) => refusals.has(kind))
    if (!isRefused) step.changing()
    throw error
  }
}

const marks: Readonly<Record<StepStatus, string>> = {
  done: '✔',
  unchanged: '=',
  failed: '✘',
  left: '–',
}

/** Renders the checklist for people: completed and open steps, with their durations. */
export function renderChecklist(records: readonly StepRecord[]): string[] {
  const rows = records.map(({ title, status, result, milliseconds }) => [
    `${marks[status]} ${title}`,
    status === 'left' ? '' : formatDuration(milliseconds),
    status === 'left' ? 'not run' : result,
  ])
  return columns(rows)
}

/** Adds the caller to an access-denied problem: AWS's message does not always name it. */
export function nameCaller(problems: readonly Problem[], arn: string | undefined): Problem[] {
  return problems.map((problem) => {
    const isNamed = arn === undefined || problem.message.includes('arn:')
    return problem.kind !== 'access-denied' || isNamed
      ? problem
      : { ...problem, message: `${problem.message} (the caller is ${arn})` }
  })
}
