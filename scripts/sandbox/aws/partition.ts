import { partitionOf } from '../../lib/model/registry.ts'

/** The account and region that a sandbox plays, with all the names that follow from them. */
export interface Place {
  readonly account: string
  readonly region: string
  readonly partition: string
  readonly registryHost: string
  readonly ecrHosts: readonly string[]
  readonly stsHosts: readonly string[]
  readonly principal: string
}

export const ecrPublicHost = 'api.ecr-public.us-east-1.amazonaws.com'

export function placeOf(account: string, region: string): Place {
  const { id, suffix } = partitionOf(region) ?? unknownRegion(region)
  return {
    account,
    region,
    partition: id,
    registryHost: `${account}.dkr.ecr.${region}.${suffix}`,
    ecrHosts: [`api.ecr.${region}.${suffix}`, `ecr.${region}.api.aws`],
    stsHosts: [`sts.${region}.${suffix}`, 'sts.amazonaws.com'],
    principal: `arn:${id}:iam::${account}:user/sandbox`,
  }
}

function unknownRegion(region: string): never {
  throw new Error(`"${region}" is not the name of an AWS region`)
}
