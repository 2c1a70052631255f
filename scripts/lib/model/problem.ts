import type { SchemaViolation } from './chart/violation.ts'

/** The side that has to act. `local` is this machine and its tools, `input` is the user's input. */
export type Side = 'input' | 'local' | 'source' | 'target' | 'unknown'

/** All kinds of failures, as a closed set. Retries, exit codes and advice are tables over it. */
export type ProblemKind =
  | 'usage'
  | 'invalid-input'
  | 'conflict'
  | 'tool-missing'
  | 'tool-outdated'
  | 'checksum-mismatch'
  | 'unsafe-address'
  | 'credentials-missing'
  | 'credentials-expired'
  | 'access-denied'
  | 'unauthorized'
  | 'not-found'
  | 'repository-missing'
  | 'tag-immutable'
  | 'digest-mismatch'
  | 'archived'
  | 'differs'
  | 'render-failed'
  | 'invalid-schema'
  | 'unproven'
  | 'rate-limited'
  | 'server-error'
  | 'network'
  | 'tls'
  | 'timeout'
  | 'quota'
  | 'busy'
  | 'interrupted'
  | 'unknown'

/** A failure as a value: what happened (with the offending value in quotes), who is at fault, and the next step. */
export interface Problem {
  readonly kind: ProblemKind
  readonly side: Side
  /** The subject, such as an image, if the message does not name it. */
  readonly subject?: string
  readonly message: string
  /** The message in one line, if it has more than one: it ends in a list, or in a tool's output. */
  readonly headline?: string
  readonly next?: string
  /** The server's or tool's own message, without secrets; shown with `--verbose` and in reports. */
  readonly detail?: string
  /** The value without which a chart does not render, if known: `settings.name`. */
  readonly leaf?: string
  /** What a chart's schema does not allow, if its schema is the reason. */
  readonly violations?: readonly SchemaViolation[]
  /** Milliseconds after which the server asks for a retry. */
  readonly retryAfter?: number
}

/** A value, or the reason why there is none: a problem, or a plain fact that the caller turns into a problem. */
export type Result<T, F = Problem> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: F }

export function success<T>(value: T): Result<T, never> {
  return { ok: true, value }
}

export function failure<F = Problem>(problem: F): Result<never, F> {
  return { ok: false, problem }
}

/** Creates an input error with its correction. */
export function inputProblem(message: string, next?: string): Problem {
  return { kind: 'invalid-input', side: 'input', message, ...(next !== undefined && { next }) }
}

/** Creates a failure with an input error, as every parser of the model returns it. */
export function invalidInput(message: string, next?: string): Result<never> {
  return failure(inputProblem(message, next))
}

/** Returns a problem with its subject, in one sentence. */
export function sentenceOf({ subject, message }: Pick<Problem, 'subject' | 'message'>): string {
  return subject === undefined ? message : `${subject}: ${message}`
}

/** Adds a subject to a problem. An existing subject is kept after it. */
export function about(subject: string, problem: Problem): Problem {
  const inner = problem.subject
  return { ...problem, subject: inner === undefined ? subject : `${subject}: ${inner}` }
}

/** Rewords a problem. The new message includes or replaces the old sentence, so the subject is dropped. */
export function reworded(problem: Problem, words: (sentence: string) => string): Problem {
  const { subject, headline, ...rest } = problem
  return {
    ...rest,
    message: words(sentenceOf(problem)),
    ...(headline !== undefined && {
      headline: words(sentenceOf({ ...(subject !== undefined && { subject }), message: headline })),
    }),
  }
}

/** Returns a message that ends in a list. Its headline is the part before the list. */
export function listMessage(
  headline: string,
  lines: readonly string[],
): Pick<Problem, 'message' | 'headline'> {
  return { message: [`${headline}:`, ...lines].join('\n'), headline }
}

/** Carries one or more problems up to the edge, where they are formatted once. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problems: readonly Problem[]

  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list = 'kind' in problems ? [problems] : problems
    super(list.map(sentenceOf).join('; '), options)
    this.problems = list
  }
}

/** Creates a usage error. */
export function usageProblem(message: string, next?: string): Problem {
  return { kind: 'usage', side: 'input', message, ...(next !== undefined && { next }) }
}

/** Returns the value of a result. Throws `ProblemError` with its problem when there is none. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new ProblemError(result.problem)
}

/** Returns what became of asynchronous work: its value, or all the problems that it threw. Throws any other error on. */
export async function toResultWithAll<T>(work: Promise<T>): Promise<Result<T, readonly Problem[]>> {
  try {
    return success(await work)
  } catch (error) {
    if (error instanceof ProblemError) return failure(error.problems)
    throw error
  }
}

/**
 * Returns the same with the first problem alone, which decides what is tried next.
 *
 * @param explain the problem of any other error; left out, that is thrown on
 */
export async function toResult<T>(
  work: Promise<T>,
  explain?: (error: unknown) => Problem,
): Promise<Result<T>> {
  try {
    const result = await toResultWithAll(work)
    return result.ok ? result : failure(result.problem[0] ?? problemOfBug(undefined))
  } catch (error) {
    if (explain === undefined) throw error
    return failure(explain(error))
  }
}

/** Returns a problem and its next step in one sentence, for lists of errors without a separate line for it. */
export function withAdvice(problem: Problem): string {
  const sentence = sentenceOf(problem)
  return problem.next === undefined ? sentence : `${sentence}; ${problem.next}`
}

/** Returns the problem of an unexpected error, which is a bug, with the stack as its detail. */
export function problemOfBug(error: unknown): Problem {
  return {
    kind: 'unknown',
    side: 'local',
    message: error instanceof Error ? error.message || error.name : String(error),
    next: 'this is a bug in ecr-airlift; please report it with the output of the same command and --verbose',
    ...(error instanceof Error && error.stack !== undefined && { detail: error.stack }),
  }
}

/** Returns the problems of any thrown value. */
export function problemsOfError(error: unknown): readonly Problem[] {
  return error instanceof ProblemError ? error.problems : [problemOfBug(error)]
}

/** Returns the first problem of any thrown value. */
export function firstProblemOf(error: unknown): Problem {
  const [problem = problemOfBug(error)] = problemsOfError(error)
  return problem
}

/** True for a system or library error with this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
