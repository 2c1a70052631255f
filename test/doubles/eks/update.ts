import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { ApiError } from '../../../scripts/sandbox/aws/json-api.ts'
import type { AuthenticationMode, Cluster, ClusterOptions, EksState } from './cluster.ts'
import type { Update } from './cluster.ts'

const enabled = z.object({ enabled: z.boolean() })

const updateInput = z.object({
  computeConfig: enabled
    .extend({ nodePools: z.array(z.string()).optional(), nodeRoleArn: z.string().optional() })
    .optional(),
  kubernetesNetworkConfig: z.object({ elasticLoadBalancing: enabled.optional() }).optional(),
  storageConfig: z.object({ blockStorage: enabled.optional() }).optional(),
  accessConfig: z
    .object({ authenticationMode: z.enum(['API', 'API_AND_CONFIG_MAP', 'CONFIG_MAP']) })
    .optional(),
})
type UpdateInput = z.infer<typeof updateInput>

/** Implements `UpdateClusterConfig`, for Auto Mode and for the authentication mode. */
export function startUpdate(state: EksState, cluster: Cluster, body: unknown): object {
  const parsed = updateInput.safeParse(body)
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error))
  const plan = planUpdate(cluster, parsed.data)
  const { name, status, updates } = cluster.settings
  const running = [...cluster.updates.values()].find((update) => update.status === 'InProgress')
  if (running || status !== 'ACTIVE') {
    const why = running ? `currently has update ${running.id} in progress` : `is ${status}`
    throw new ApiError(
      'ResourceInUseException',
      `Cannot ${plan.type} because cluster ${name} ${why}`,
    )
  }
  const update: Update = {
    ...plan,
    id: randomUUID(),
    createdAt: state.now(),
    status: 'InProgress',
    pollsLeft: updates.polls ?? 1,
    ...(updates.failure !== undefined && { failure: updates.failure }),
  }
  cluster.updates.set(update.id, update)
  cluster.settings = { ...cluster.settings, status: 'UPDATING' }
  return { update: describeUpdate(cluster, update) }
}

/** Advances a cluster's update on every read; it ends after a given number of reads. */
export function pollUpdates(cluster: Cluster): void {
  for (const update of cluster.updates.values()) {
    if (update.status !== 'InProgress') continue
    if (update.pollsLeft > 0) {
      update.pollsLeft -= 1
      continue
    }
    update.status = update.failure === undefined ? 'Successful' : 'Failed'
    const changes = update.failure === undefined ? update.changes : {}
    cluster.settings = { ...cluster.settings, ...changes, status: 'ACTIVE' }
  }
}

export function findUpdate(cluster: Cluster, id: string): object {
  const update = cluster.updates.get(id)
  if (!update) throw new ApiError('ResourceNotFoundException', `No update found for ID: ${id}`)
  return { update: describeUpdate(cluster, update) }
}

function describeUpdate({ settings }: Cluster, update: Update): object {
  const { id, type, status, createdAt, failure, changes } = update
  const errors =
    status === 'Failed'
      ? [{ errorCode: 'Unknown', errorMessage: failure, resourceIds: [settings.name] }]
      : []
  const params = Object.entries(changes).map(([key, value]) => ({
    type: key === 'computeConfig' ? 'ComputeConfig' : 'AuthenticationMode',
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }))
  return { id, type, status, createdAt: createdAt / 1000, params, errors }
}

function planUpdate(cluster: Cluster, input: UpdateInput): Pick<Update, 'type' | 'changes'> {
  const { accessConfig, computeConfig, kubernetesNetworkConfig, storageConfig } = input
  const autoMode = computeConfig ?? kubernetesNetworkConfig ?? storageConfig
  if (accessConfig && autoMode) throw invalid('Only one type of update can be allowed.')
  if (autoMode) return { type: 'AutoModeUpdate', changes: planAutoMode(cluster, input) }
  if (!accessConfig) throw invalid('The type for cluster update was not provided.')
  const { authenticationMode } = accessConfig
  checkMode(cluster.settings.authenticationMode, authenticationMode)
  return { type: 'AccessConfigUpdate', changes: { authenticationMode } }
}

const nodePoolNames = ['general-purpose', 'system']

function planAutoMode({ settings }: Cluster, input: UpdateInput): Partial<ClusterOptions> {
  const { computeConfig, kubernetesNetworkConfig, storageConfig } = input
  const wanted = computeConfig?.enabled
  const parts = [kubernetesNetworkConfig?.elasticLoadBalancing, storageConfig?.blockStorage]
  if (!computeConfig || parts.some((part) => part?.enabled !== wanted)) {
    throw invalid(
      'For EKS Auto Mode, please ensure that all required configs, including computeConfig, kubernetesNetworkConfig, and blockStorage are all either fully enabled or fully disabled.',
    )
  }
  const { nodePools = [], nodeRoleArn } = computeConfig
  if (computeConfig.enabled && settings.authenticationMode === 'CONFIG_MAP') {
    throw invalid('EKS Auto Mode needs the authentication mode API or API_AND_CONFIG_MAP.')
  }
  if (!computeConfig.enabled && !settings.computeConfig?.enabled) {
    throw new ApiError(
      'InvalidRequestException',
      'Cannot modify EKS Auto Mode configuration. Auto Mode is not enabled on this cluster.',
    )
  }
  if (nodePools.some((pool) => !nodePoolNames.includes(pool))) {
    throw invalid(`nodePools must be among ${nodePoolNames.join(', ')}`)
  }
  const role = nodeRoleArn ?? settings.computeConfig?.nodeRoleArn
  if (nodePools.length > 0 !== (role !== undefined && computeConfig.enabled)) {
    throw invalid('nodePools and nodeRoleArn have to be provided together')
  }
  return { computeConfig: { ...computeConfig, nodePools, nodeRoleArn: role } }
}

/** Only these steps from the config map to the API are allowed, one at a time and never back. */
function checkMode(before: AuthenticationMode, after: AuthenticationMode): void {
  const steps = ['CONFIG_MAP>API_AND_CONFIG_MAP', 'API_AND_CONFIG_MAP>API']
  if (steps.includes(`${before}>${after}`)) return
  throw invalid(`Unsupported authentication mode update from ${before} to ${after}`)
}

function invalid(message: string): ApiError {
  return new ApiError('InvalidParameterException', message)
}
