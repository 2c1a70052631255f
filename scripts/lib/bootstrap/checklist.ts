import type { Terminal } from '../cli/terminal.ts'
import { columns } from '../cli/text.ts'
import { formatDuration } from '../model/text/duration.ts'
import { firstProblemOf, type Problem, ProblemError, type ProblemKind } from '../model/problem.ts'
import type { PlannedStep, StepId } from './plan.ts'

/** How a step ended. `unchanged`: it was already as wanted. */
export type StepStatus = 'done' | 'unchanged' | 'failed' | 'left'

export interface StepRecord {
  readonly id: StepId
  readonly title: string
  readonly status: StepStatus
  /** What was found or done. */
  readonly result: string
  readonly milliseconds: number
  /** Whether it has changed something, or may have. */
  readonly changed: boolean
}

/** What a step says while it runs, and at its end. */
export interface Step {
  /** Something worth knowing that is neither an error nor the result. */
  readonly note: (text: string) => void
  /** Lines that belong together, such as a table. */
  readonly show: (lines: readonly string[]) => void
  /** The state of what is waited for. */
  readonly wait: (state: string, milliseconds: number) => void
  /** From here on it may change something; what fails before has changed nothing. */
  readonly changing: () => void
  /** It did something. */
  readonly done: (result: string) => void
  /** There was nothing to do. */
  readonly unchanged: (result: string) => void
}

/** Runs the planned steps, each once and in order, and keeps the record. */
export interface Checklist {
  /** Runs a step. Throws what the work throws; the record then says which steps are left. */
  readonly run: <T>(id: StepId, work: (step: Step) => Promise<T>) => Promise<T>
  readonly plans: (id: StepId) => boolean
  readonly records: () => readonly StepRecord[]
  /** Whether a step that may change something has said that it did, or has failed when it had begun to. */
  readonly mayHaveChanged: () => boolean
}

export function openChecklist(
  planned: readonly PlannedStep[],
  print: Terminal['print'],
): Checklist {
  const records = new Map<StepId, StepRecord>()
  let next = 0
  const line = (text: string) => print(text)
  return {
    plans: (id) => planned.some((step) => step.id === id),
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
      // A run that does something else than its plan would be worse than none.
      if (step?.id !== id) throw new Error(`step "${id}" is not what the plan has next`)
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
        result = (firstProblemOf(error).message.split('\n')[0] ?? '').replace(/:$/, '')
        // Nobody knows how far a bug has got.
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

/** Makes a call that changes something. What is refused has changed nothing; whatever else goes wrong may have. */
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

/** The checklist for people: what is done, what is not, and how long it took. */
export function renderChecklist(records: readonly StepRecord[]): string[] {
  const rows = records.map(({ title, status, result, milliseconds }) => [
    `${marks[status]} ${title}`,
    status === 'left' ? '' : formatDuration(milliseconds),
    status === 'left' ? 'not done' : result,
  ])
  return columns(rows)
}

/** Names the caller in a refusal: AWS's own words do not always say who was refused. */
export function nameCaller(problems: readonly Problem[], arn: string | undefined): Problem[] {
  return problems.map((problem) => {
    const isNamed = arn === undefined || problem.message.includes('arn:')
    return problem.kind !== 'access-denied' || isNamed
      ? problem
      : { ...problem, message: `${problem.message} (the caller is ${arn})` }
  })
}
