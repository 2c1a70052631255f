import type { ProxyAgent } from 'proxy-agent'
import { ProblemError } from '../model/problem.ts'
import { createAgent } from '../tools/http/http.ts'

/**
 * The pool of connections for AWS. Throws `ProblemError` for a variable of AWS with a control character in it: the SDK would
 * put it into a header, fail with words that do not name it, and leave its timers behind.
 */
export function createAwsAgent(env: NodeJS.ProcessEnv): ProxyAgent {
  for (const [name, value = ''] of Object.entries(env)) {
    if (!name.startsWith('AWS_') || !/\p{Cc}/u.test(value)) continue
    throw new ProblemError({
      kind: 'invalid-input',
      side: 'local',
      message: `${name} has a line break or another control character in it`,
      next: 'set it again without; a secret that was pasted often ends in a line break',
    })
  }
  return createAgent(env)
}
