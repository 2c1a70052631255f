import { ProblemError } from '../model/problem.ts'

/**
 * Throws `ProblemError` for a variable of AWS with a control character in it. The SDK would put it into a header, fail with
 * words that do not name it, and leave its timers behind.
 */
export function checkAwsEnvironment(env: NodeJS.ProcessEnv): void {
  for (const [name, value = ''] of Object.entries(env)) {
    if (!name.startsWith('AWS_') || !/\p{Cc}/u.test(value)) continue
    throw new ProblemError({
      kind: 'invalid-input',
      side: 'local',
      message: `${name} has a line break or another control character in it`,
      next: 'set it again without; a secret that was pasted often ends in a line break',
    })
  }
}
