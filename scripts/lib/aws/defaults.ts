import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { ProxyAgent } from 'proxy-agent'
import { ProblemError } from '../model/problem.ts'
import { partitionOf } from '../model/image/registry.ts'
import { callAws } from './problem.ts'

/**
 * Returns the registry host of the credentials' account, in the region of the environment or the profile. Throws
 * `ProblemError` when no region is set, and for failures of AWS.
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
        message: "no region is set, so your account's registry cannot be determined",
        next: 'set --target-registry, or set a region with --region, AWS_REGION or the profile',
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
