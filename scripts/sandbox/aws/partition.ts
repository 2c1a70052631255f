/** The parts of AWS that do not share names; each has its own domain and its own kind of ARN. */
interface Partition {
  readonly name: string
  readonly suffix: string
}

const byPrefix: readonly (readonly [string, Partition])[] = [
  ['cn-', { name: 'aws-cn', suffix: 'amazonaws.com.cn' }],
  ['us-gov-', { name: 'aws-us-gov', suffix: 'amazonaws.com' }],
  ['eusc-', { name: 'aws-eusc', suffix: 'amazonaws.eu' }],
  ['us-isob-', { name: 'aws-iso-b', suffix: 'sc2s.sgov.gov' }],
  ['us-iso-', { name: 'aws-iso', suffix: 'c2s.ic.gov' }],
]

function partitionOf(region: string): Partition {
  const found = byPrefix.find(([prefix]) => region.startsWith(prefix))
  return found?.[1] ?? { name: 'aws', suffix: 'amazonaws.com' }
}

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
  const { name, suffix } = partitionOf(region)
  return {
    account,
    region,
    partition: name,
    registryHost: `${account}.dkr.ecr.${region}.${suffix}`,
    ecrHosts: [`api.ecr.${region}.${suffix}`, `ecr.${region}.api.aws`],
    stsHosts: [`sts.${region}.${suffix}`, 'sts.amazonaws.com'],
    principal: `arn:${name}:iam::${account}:user/sandbox`,
  }
}
