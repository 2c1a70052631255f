import type { ProxyAgent } from 'proxy-agent'
import { ProblemError } from '../model/problem.ts'
import { createAgent } from '../tools/http/http.ts'

/**
 * Returns the connection pool for AWS. Throws `ProblemError` for an AWS variable that contains a control character: the
 * SDK would put it into a header, fail with a message that does not name it, and leak its timers.
 */
export function createAwsAgent(env: NodeJS.ProcessEnv): ProxyAgent {
  for (const [name, value = ''] of Object.entries(env)) {
    if (!name.startsWith('AWS_') || !/\p{Cc}/u.test(value)) continue
    throw new ProblemError({
      kind: 'invalid-input',
      side: 'local',
      message: `${name} contains a line break or another control character`,
      next: 'set it again without that character; pasted secrets often end in a line break',
    })
  }
  return createAgent(env)
}
