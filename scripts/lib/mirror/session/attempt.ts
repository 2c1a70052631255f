import { type Problem, ProblemError } from '../../model/problem.ts'

/** The result of one try: a value, or the problem by which the next step is judged. */
export type Attempt<T> = { readonly value: T } | { readonly problem: Problem }

/** The value of a check, or all the problems that it found. */
export type Checked<T> = { readonly value: T } | { readonly problems: readonly Problem[] }

/** Turns thrown problems into a value, so that checks run side by side and a person sees all problems at once. */
export async function check<T>(work: Promise<T>): Promise<Checked<T>> {
  try {
    return { value: await work }
  } catch (error) {
    if (error instanceof ProblemError) return { problems: error.problems }
    throw error
  }
}

/** The same for what is tried again: the first problem decides. */
export async function attempt<T>(work: Promise<T>): Promise<Attempt<T>> {
  const checked = await check(work)
  if ('value' in checked) return checked
  const [problem] = checked.problems
  if (problem === undefined) throw new Error('a check failed without a problem')
  return { problem }
}
