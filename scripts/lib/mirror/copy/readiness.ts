import type { Problem } from '../../model/problem.ts'

/** Reports when repositories accept images: new ones once they are created, all others at once. */
export interface Readiness {
  /** Resolves when that repository accepts images, with a problem if it never will. */
  readonly of: (repository: string) => Promise<Problem | undefined>
  readonly settle: (repository: string, problem?: Problem) => void
}

/** @param missing the repositories to wait for until they are settled */
export function openReadiness(missing: readonly string[]): Readiness {
  const settlers = new Map<string, (problem: Problem | undefined) => void>()
  const waits = new Map(
    missing.map((name) => [
      name,
      new Promise<Problem | undefined>((resolve) => settlers.set(name, resolve)),
    ]),
  )
  return {
    of: async (repository) => waits.get(repository),
    settle: (repository, problem) => settlers.get(repository)?.(problem),
  }
}
