import { STSClient } from '@aws-sdk/client-sts'
import { ProblemError, usageProblem } from '../model/problem.ts'
import { partitionOf } from '../model/image/registry.ts'

/** A region and its source. */
export interface NamedRegion {
  readonly region: string
  readonly source: string
}

/**
 * Determines the region: the flag, AWS_REGION, AWS_DEFAULT_REGION, then the SDK's own default (the profile).
 * Throws `ProblemError` when none is set, or when it is invalid.
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
      usageProblem('no region is set', 'set one with --region, AWS_REGION or the profile'),
    )
  }
  if (partitionOf(region) === undefined) {
    const message = `"${region}" from ${source} is not an AWS region`
    throw new ProblemError(usageProblem(message, 'use a region such as us-east-2'))
  }
  return { region, source }
}

async function profileRegion(): Promise<string | undefined> {
  const client = new STSClient({})
  try {
    // The SDK throws when neither the environment nor the profile sets one.
    return await client.config.region().catch(() => undefined)
  } finally {
    client.destroy()
  }
}
