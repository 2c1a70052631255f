import { partitionOf } from '../../lib/model/image/registry.ts'

/** The account and region that a sandbox simulates, with all names derived from them. */
export interface Place {
  readonly account: string
  readonly region: string
  readonly partition: string
  readonly registryHost: string
  readonly ecrHosts: readonly string[]
  readonly stsHosts: readonly string[]
  readonly cloudFormationHost: string
  readonly ec2Host: string
  readonly monitoringHost: string
  readonly eksHost: string
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
    // The SDK's standard endpoints, which have the same form in every partition.
    cloudFormationHost: `cloudformation.${region}.${suffix}`,
    ec2Host: `ec2.${region}.${suffix}`,
    monitoringHost: `monitoring.${region}.${suffix}`,
    eksHost: `eks.${region}.${suffix}`,
    principal: `arn:${id}:iam::${account}:user/sandbox`,
  }
}

function unknownRegion(region: string): never {
  throw new Error(`"${region}" is not the name of an AWS region`)
}
