import { showAddress } from '../internet/url.ts'
import { beforeAny, trimOf } from '../text/trim.ts'
import { failure, invalidInput, type Problem, type Result, success } from '../problem.ts'

/** A private Amazon ECR registry, read from its host name. */
export interface EcrRegistry {
  readonly host: string
  readonly account: string
  readonly region: string
  readonly partition: string
  readonly fips: boolean
  readonly dualStack: boolean
}

interface Partition {
  readonly id: string
  readonly regions: RegExp
  /** DNS suffix of `<account>.dkr.ecr.<region>.<suffix>`. */
  readonly suffix: string
}

// Source: the partition table of the AWS SDK for JavaScript (util-endpoints, aws.json). The first match wins, and the
// commercial partition comes last because it includes every region without its own partition.
const partitions: readonly Partition[] = [
  { id: 'aws-cn', regions: /^cn-[a-z]+-\d+$/, suffix: 'amazonaws.com.cn' },
  { id: 'aws-us-gov', regions: /^us-gov-[a-z]+-\d+$/, suffix: 'amazonaws.com' },
  { id: 'aws-iso', regions: /^us-iso-[a-z]+-\d+$/, suffix: 'c2s.ic.gov' },
  { id: 'aws-iso-b', regions: /^us-isob-[a-z]+-\d+$/, suffix: 'sc2s.sgov.gov' },
  { id: 'aws-iso-e', regions: /^eu-isoe-[a-z]+-\d+$/, suffix: 'cloud.adc-e.uk' },
  { id: 'aws-iso-f', regions: /^us-isof-[a-z]+-\d+$/, suffix: 'csp.hci.ic.gov' },
  { id: 'aws-eusc', regions: /^eusc-[a-z]+-[a-z]+-\d+$/, suffix: 'amazonaws.eu' },
  { id: 'aws', regions: /^[a-z]{2}-[a-z]+-\d+$/, suffix: 'amazonaws.com' },
]

const hostPattern =
  /^(?<account>\d{12})\.(?<service>dkr\.ecr|dkr\.ecr-fips|dkr-ecr|dkr-ecr-fips)\.(?<region>[a-z0-9-]+)\.(?<suffix>[a-z0-9.-]+)$/

const dualStackSuffix = 'on.aws'
/** Dual-stack hosts are not known in other partitions. */
const dualStackPartitions: ReadonlySet<string> = new Set(['aws', 'aws-us-gov'])

/** Returns the partition of a region, or undefined when the text does not look like a region. */
export function partitionOf(region: string): { id: string; suffix: string } | undefined {
  return partitions.find(({ regions }) => regions.test(region))
}

/** Returns the partition ID in ARNs of a region: `aws`, `aws-cn`… */
export function partitionIdOf(region: string): string {
  return partitionOf(region)?.id ?? 'aws'
}

/**
 * Parses the host of a private ECR registry: plain, FIPS, dual-stack and dual-stack FIPS, in every partition. Near
 * misses (`oci://…`, `https://…`, a trailing slash, a repository path) fail with the corrected text.
 */
export function parseEcrRegistry(text: string): Result<EcrRegistry> {
  const trimmed = text.trim()
  const host = beforeAny(trimmed.replace(/^[a-z][a-z0-9+.-]*:\/\//i, ''), '/?#')
  const registry = matchHost(host.toLowerCase())
  if (registry === undefined) return notARegistry(text)
  if (text === registry.host) return success(registry)
  return invalidInput(
    `registry "${showAddress(text)}" ${surplusOf(trimmed)}`,
    correctionOf(trimmed, registry),
  )
}

function matchHost(host: string): EcrRegistry | undefined {
  const groups = hostPattern.exec(host)?.groups
  const { account, service, region, suffix } = groups ?? {}
  if (!account || !service || !region || !suffix) return undefined
  const partition = partitionOf(region)
  const dualStack = service.startsWith('dkr-ecr')
  if (partition === undefined) return undefined
  if (suffix !== (dualStack ? dualStackSuffix : partition.suffix)) return undefined
  if (dualStack && !dualStackPartitions.has(partition.id)) return undefined
  return {
    host,
    account,
    region,
    partition: partition.id,
    fips: service.endsWith('-fips'),
    dualStack,
  }
}

function notARegistry(text: string): Result<never> {
  if (text.startsWith('public.ecr.aws')) {
    return invalidInput(
      `registry "${text}" is ECR Public; the destination is a private ECR registry`,
      expectedForm,
    )
  }
  return invalidInput(
    `"${showAddress(text)}" is not the host of a private Amazon ECR registry`,
    expectedForm,
  )
}

const expectedForm =
  'use the form <12-digit account>.dkr.ecr.<region>.amazonaws.com, for example 123456789012.dkr.ecr.us-east-2.amazonaws.com'

function surplusOf(text: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*:\/\/)/i.exec(text)?.[1]
  if (scheme !== undefined) return `starts with "${scheme}"; specify only the host`
  if (/^[^/]+\/+$/.test(text)) return 'ends with "/"; specify only the host'
  if (text.includes('/')) return 'has a repository path; specify only the host'
  return 'is not a host name: expected lowercase letters and no spaces'
}

function correctionOf(text: string, { host }: EcrRegistry): string {
  const beyond = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/^[^/]*/, '')
  const path = trimOf(beforeAny(beyond, ':@'), '/')
  return path === '' ? `use "${host}"` : `use "${host}", and "--prefix ${path}" for the path`
}

/**
 * Compares the registry with the requested region and the account of the credentials. Returns every conflict;
 * undefined values are not compared.
 */
export function checkRegistry(
  registry: EcrRegistry,
  { region, account }: { readonly region?: string; readonly account?: string },
): Problem[] {
  const problems: Problem[] = []
  if (region !== undefined && region !== registry.region) {
    problems.push({
      kind: 'invalid-input',
      side: 'input',
      message: `registry "${registry.host}" is in region "${registry.region}", but the region given is "${region}"`,
      next: `omit --region, or use --region ${registry.region}`,
    })
  }
  if (account !== undefined && account !== registry.account) {
    problems.push({
      kind: 'invalid-input',
      side: 'input',
      message: `registry "${registry.host}" belongs to account "${registry.account}", but the credentials are for account "${account}"`,
      next: `use credentials for account ${registry.account}, or the registry of account ${account}`,
    })
  }
  return problems
}

// Whole-string pattern of ECR repository names; length 2 to 256. Source: CreateRepository of the ECR API reference.
const repositoryPattern = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/
export const maximumRepositoryLength = 256

export function isEcrRepositoryName(name: string): boolean {
  return name.length >= 2 && name.length <= maximumRepositoryLength && repositoryPattern.test(name)
}

/** Room for `--prefix` and its slash, reserved so that a destination does not depend on the chosen prefix. */
export const maximumPrefixLength = 63

/**
 * Checks a `--prefix` against the grammar of ECR names. Surrounding slashes are reported with the corrected text, not
 * removed.
 */
export function parsePrefix(text: string): Result<string> {
  if (text === '') return success('')
  const bare = trimOf(text, '/')
  if (bare !== text)
    return invalidInput(`prefix "${text}" starts or ends with a slash`, `use "${bare}"`)
  if (text.length > maximumPrefixLength) {
    return invalidInput(`prefix "${text}" has more than ${maximumPrefixLength} characters`)
  }
  if (!repositoryPattern.test(text)) {
    return failure({
      kind: 'invalid-input',
      side: 'input',
      message: `prefix "${text}" is not valid in ECR`,
      next: 'use lowercase letters and digits, with single ".", "_", "-" or "/" between them',
    })
  }
  return success(text)
}
