import { invalidInput, type Result, success } from '../model/problem.ts'
import { type EcrRegistry, isEcrRepositoryName, partitionOf } from '../model/image/registry.ts'

/** The scope of a policy: it grants access to nothing else in an account. */
export interface PolicyScope {
  readonly registry: Pick<EcrRegistry, 'account' | 'region' | 'partition'>
  /** Path of the repositories; empty for none. */
  readonly prefix: string
  /** Charts whose repositories have their own names, in the `by-chart` layout. */
  readonly charts: readonly string[]
  /** Name of the CloudFormation stack; `*` is a wildcard. */
  readonly stack: string
  /** Name of the EKS cluster, in the same way. */
  readonly cluster: string
  /** Name of the cluster's node role, in the same way. The default is derived from the stack. */
  readonly nodeRole?: string | undefined
}

interface Policy {
  readonly Version: string
  readonly Statement: readonly Statement[]
}

interface Statement {
  readonly Resource: string | readonly string[]
  readonly [key: string]: unknown
}

/** Maximum characters of a managed policy, without white space. Source: the quotas of IAM. */
const largestPolicy = 6144

/** Names of IAM roles, CloudFormation stacks and EKS clusters. A single wildcard is not enough. */
const namePattern = /^[\w+=,.@*-]+$/

/**
 * Fills in a policy of `policies/` for the resources of one account, region and prefix; changes nothing else. Fails for
 * invalid names.
 */
export function fillPolicy(template: string, scope: PolicyScope): Result<string> {
  const { registry, prefix, charts, stack, cluster, nodeRole } = scope
  const { account, region, partition } = registry
  const stranger = charts.find((name) => !isEcrRepositoryName(name))
  if (stranger !== undefined) {
    return invalidInput(`--chart "${stranger}" is not a valid chart name in ECR`)
  }
  // CloudFormation names it after the stack and the resource. Source: the template of the Migration Assistant.
  const role = nodeRole ?? `${stack}-*EKSEC2NodeRole*`
  for (const [flag, name] of [
    ['--stack', stack],
    ['--cluster', cluster],
    ['--node-role', role],
  ] as const) {
    if (!namePattern.test(name) || !/\w/.test(name)) {
      return invalidInput(
        `invalid ${flag} "${name}"`,
        'use letters, digits and +=,.@_-, with * as a wildcard',
      )
    }
  }
  const values = new Map([
    ['partition', partition],
    ['region', region],
    ['account', account],
    ['prefix', prefix === '' ? '' : `${prefix}/`],
    ['stack', stack],
    ['cluster', cluster],
    ['node-role', role],
    ['suffix', partitionOf(region)?.suffix ?? 'amazonaws.com'],
  ])
  const filled = template.replaceAll(/<([a-z-]+)>/g, (text, key: string) => values.get(key) ?? text)
  const policy: Policy = JSON.parse(filled)
  const Statement = policy.Statement.map((statement) => withCharts(statement, charts))
  const text = JSON.stringify({ ...policy, Statement }, null, 2)
  const size = text.replaceAll(/\s/g, '').length
  return size <= largestPolicy
    ? success(`${text}\n`)
    : invalidInput(
        `the policy has ${size} characters; IAM allows ${largestPolicy} in a managed policy`,
        'print several policies, each for a subset of the charts',
      )
}

/** Adds the repositories of charts to those with the layout in their names. */
function withCharts(statement: Statement, charts: readonly string[]): Statement {
  const { Resource } = statement
  if (typeof Resource === 'string') return statement
  const images = Resource.find((arn) => arn.endsWith('mirrored/*'))
  if (images === undefined) return statement
  const root = images.replace(/:repository\/.*$/, ':repository/')
  const under = images.slice(0, -'mirrored/*'.length)
  const added = charts.flatMap((name) => [`${root}${name}`, `${under}${name}/*`])
  return { ...statement, Resource: [...Resource, ...added] }
}
