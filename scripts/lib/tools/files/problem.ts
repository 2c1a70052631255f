import { ProblemError } from '../../model/problem.ts'

/** Returns the error to throw when writing fails: a problem for a file system error, any other error unchanged. */
export function writeProblem(path: string, error: unknown): unknown {
  if (error instanceof ProblemError || !(error instanceof Error) || !('syscall' in error)) {
    return error
  }
  return new ProblemError(
    {
      kind: 'invalid-input',
      side: 'local',
      message: `cannot write "${path}": ${error.message}`,
      next: 'choose another place, or check its permissions and free space',
    },
    { cause: error },
  )
}
