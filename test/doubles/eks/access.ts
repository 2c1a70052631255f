import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { ApiError } from '../../../scripts/sandbox/aws/json-api.ts'
import type { Cluster, EksState } from './cluster.ts'
import type { AccessEntry, AccessPolicy } from './cluster.ts'

const entryTypes: readonly AccessEntry['type'][] = [
  'STANDARD',
  'EC2',
  'EC2_LINUX',
  'EC2_WINDOWS',
  'FARGATE_LINUX',
]

const entryInput = z.object({
  principalArn: z.string(),
  type: z.enum(entryTypes).default('STANDARD'),
  username: z.string().optional(),
  kubernetesGroups: z.array(z.string()).default([]),
  tags: z.record(z.string(), z.string()).default({}),
})

const policyInput = z.object({
  policyArn: z.string(),
  accessScope: z.object({
    type: z.enum(['cluster', 'namespace']),
    namespaces: z.array(z.string()).default([]),
  }),
})

/** Implements `CreateAccessEntry`. */
export function createEntry(state: EksState, cluster: Cluster, body: unknown): object {
  checkMode(cluster)
  const input = parse(entryInput, body)
  const { principalArn, type, kubernetesGroups } = input
  const { partition } = state.place
  // Sessions are not valid principals here: an assumed role is entered as its role.
  if (!new RegExp(`^arn:${partition}:iam::\\d{12}:(?:role|user)/.+$`).test(principalArn)) {
    throw invalid('The principalArn parameter format is not valid')
  }
  const group = kubernetesGroups.find((name) => name.startsWith('system:'))
  if (group !== undefined) {
    throw invalid(`The kubernetes group name ${group} is invalid, it cannot start with system:`)
  }
  if (cluster.accessEntries.has(principalArn)) {
    throw new ApiError(
      'ResourceInUseException',
      'The specified access entry resource is already in use on this cluster.',
    )
  }
  const entry: AccessEntry = {
    ...input,
    username: input.username ?? usernameOf(state, type, principalArn),
    createdAt: state.now(),
    policies: new Map(),
  }
  cluster.accessEntries.set(principalArn, entry)
  return { accessEntry: describeEntry(state, cluster, entry) }
}

/** Returns the cluster's name for a principal without a given one. */
function usernameOf({ place }: EksState, type: AccessEntry['type'], principalArn: string): string {
  if (type !== 'STANDARD') return 'system:node:{{EC2PrivateDNSName}}'
  const role = /:role\/(?:.*\/)?([^/]+)$/.exec(principalArn)?.[1]
  if (role === undefined) return principalArn
  return `arn:${place.partition}:sts::${place.account}:assumed-role/${role}/{{SessionName}}`
}

/** Implements `DescribeAccessEntry`. */
export function findEntry(state: EksState, cluster: Cluster, principalArn: string): object {
  return { accessEntry: describeEntry(state, cluster, requireEntry(cluster, principalArn)) }
}

/** Implements `AssociateAccessPolicy`: a policy that is already associated gets the new scope. */
export function associatePolicy(
  state: EksState,
  cluster: Cluster,
  principalArn: string,
  body: unknown,
): object {
  const { policies, type } = requireEntry(cluster, principalArn)
  const { policyArn, accessScope } = parse(policyInput, body)
  const { partition } = state.place
  const form = new RegExp(`^arn:${partition}:eks::aws:cluster-access-policy/AmazonEKS\\w+$`)
  if (!form.test(policyArn)) throw invalid('The policyArn parameter format is not valid')
  if (!['STANDARD', 'EC2'].includes(type)) {
    throw invalid(`Access policies cannot be associated with an access entry of type ${type}`)
  }
  if ((accessScope.type === 'namespace') !== accessScope.namespaces.length > 0) {
    throw invalid('Namespaces have to be given for the scope type namespace, and for no other.')
  }
  const policy = { policyArn, accessScope, associatedAt: state.now() }
  policies.set(policyArn, policy)
  const clusterName = cluster.settings.name
  return { clusterName, principalArn, associatedAccessPolicy: describePolicy(policy) }
}

/** Implements `ListAssociatedAccessPolicies`, always on one page. */
export function listPolicies(cluster: Cluster, principalArn: string): object {
  const { policies } = requireEntry(cluster, principalArn)
  const associatedAccessPolicies = [...policies.values()].map(describePolicy)
  return { clusterName: cluster.settings.name, principalArn, associatedAccessPolicies }
}

function describeEntry(state: EksState, cluster: Cluster, entry: AccessEntry): object {
  const { account, partition, region } = state.place
  const { policies: _, createdAt, ...rest } = entry
  const clusterName = cluster.settings.name
  const [, kind = '', name = ''] = /:(role|user)\/(?:.*\/)?([^/]+)$/.exec(entry.principalArn) ?? []
  return {
    ...rest,
    clusterName,
    accessEntryArn: `arn:${partition}:eks:${region}:${account}:access-entry/${clusterName}/${kind}/${account}/${name}/${randomUUID()}`,
    createdAt: createdAt / 1000,
    modifiedAt: createdAt / 1000,
  }
}

function describePolicy({ associatedAt, ...policy }: AccessPolicy): object {
  return { ...policy, associatedAt: associatedAt / 1000, modifiedAt: associatedAt / 1000 }
}

function requireEntry(cluster: Cluster, principalArn: string): AccessEntry {
  checkMode(cluster)
  const entry = cluster.accessEntries.get(principalArn)
  if (entry) return entry
  throw new ApiError(
    'ResourceNotFoundException',
    "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
  )
}

function checkMode({ settings }: Cluster): void {
  if (settings.authenticationMode !== 'CONFIG_MAP') return
  throw new ApiError(
    'InvalidRequestException',
    "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
  )
}

function parse<T>(shape: z.ZodType<T>, body: unknown): T {
  const parsed = shape.safeParse(body)
  if (parsed.success) return parsed.data
  throw invalid(z.prettifyError(parsed.error))
}

function invalid(message: string): ApiError {
  return new ApiError('InvalidParameterException', message)
}
