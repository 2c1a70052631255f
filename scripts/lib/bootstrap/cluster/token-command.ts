import { createAwsAgent } from '../../aws/agent.ts'
import { openClusterTokens } from '../../aws/cluster/token.ts'
import { settleRegion } from '../../aws/region.ts'
import type { Context } from '../../cli/main.ts'

/** Prints a token in the form that Kubernetes clients read from a command. */
export async function runClusterToken(
  cluster: string,
  regionFlag: string | undefined,
  { env, signal, output }: Context,
): Promise<void> {
  const { region } = await settleRegion(regionFlag, env)
  const tokens = openClusterTokens({ region, agent: createAwsAgent(env), signal })
  const { token, expiresAt } = await tokens.issue(cluster)
  const credential = {
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token, expirationTimestamp: expiresAt.toISOString() },
  }
  output(`${JSON.stringify(credential)}\n`)
}
