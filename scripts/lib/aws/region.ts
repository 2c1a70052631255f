import { STSClient } from '@aws-sdk/client-sts'
import { ProblemError, usageProblem } from '../model/problem.ts'
import { partitionOf } from '../model/image/registry.ts'

/** A region, and who named it. */
export interface NamedRegion {
  readonly region: string
  readonly source: string
}

/**
 * Settles the region: the flag, AWS_REGION, AWS_DEFAULT_REGION, then the SDK's own default (the profile).
 * Throws `ProblemError` when nobody names one, or when it is none.
 */
export async function settleRegion(
  flag: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<NamedRegion> {
  const named = [
    { region: flag, source: '--region' },
    { region: env['AWS_REGION'], source: 'AWS_REGION' },
    { region: env['AWS_DEFAULT_REGION'], source: 'AWS_DEFAULT_REGION' },
  ].find(({ region }) => region !== undefined && region !== '')
  const region = named?.region ?? (await profileRegion())
  const source = named?.source ?? 'the AWS profile'
  if (region === undefined) {
    throw new ProblemError(
      usageProblem('no region is named', 'name one by --region, AWS_REGION or the profile'),
    )
  }
  if (partitionOf(region) === undefined) {
    const message = `"${region}", as ${source} says, is not the name of an AWS region`
    throw new ProblemError(usageProblem(message, 'write one such as us-east-2'))
  }
  return { region, source }
}

async function profileRegion(): Promise<string | undefined> {
  const client = new STSClient({})
  try {
    // The SDK throws when neither environment nor profile name one.
    return await client.config.region().catch(() => undefined)
  } finally {
    client.destroy()
  }
}
