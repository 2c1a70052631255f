import { ProblemError } from '../../model/problem.ts'

/** What is thrown when a path cannot be written: the file system's refusal as a problem, anything else as it is. */
export function writeProblem(path: string, error: unknown): unknown {
  if (error instanceof ProblemError || !(error instanceof Error) || !('syscall' in error)) {
    return error
  }
  return new ProblemError(
    {
      kind: 'invalid-input',
      side: 'local',
      message: `"${path}" cannot be written: ${error.message}`,
      next: 'name another place, or see to its permissions and free space',
    },
    { cause: error },
  )
}
