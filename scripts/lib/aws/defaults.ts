import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { ProxyAgent } from 'proxy-agent'
import { ProblemError } from '../model/problem.ts'
import { partitionOf } from '../model/image/registry.ts'
import { callAws } from './problem.ts'

/**
 * The host of the registry that the credentials belong to: their account, in the region that the environment or the
 * profile names. Throws `ProblemError` when no region is named, and for what AWS says.
 */
export async function readDefaultRegistry(
  agent: ProxyAgent,
  region: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const requestHandler = new NodeHttpHandler({ httpAgent: agent, httpsAgent: agent })
  const client = new STSClient({ requestHandler, ...(region !== undefined && { region }) })
  try {
    const named = await client.config.region().catch((): string => '')
    const partition = partitionOf(named)
    if (partition === undefined) {
      throw new ProblemError({
        kind: 'usage',
        side: 'input',
        message: 'no region is named, so the registry of your account is not known',
        next: 'name it by --target-registry, or a region by --region, AWS_REGION or the profile',
      })
    }
    const { Account: account } = await callAws('sts:GetCallerIdentity', () =>
      client.send(new GetCallerIdentityCommand({}), { abortSignal: signal }),
    )
    return `${account ?? ''}.dkr.ecr.${named}.${partition.suffix}`
  } finally {
    client.destroy()
  }
}
