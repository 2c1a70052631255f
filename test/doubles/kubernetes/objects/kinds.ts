import { z } from 'zod'
import type { Kind } from './object.ts'

type Row = readonly [plural: string, kind: string, scope: 'namespaced' | 'cluster', short?: string]

const builtIn: Readonly<Record<string, readonly Row[]>> = {
  '/v1': [
    ['namespaces', 'Namespace', 'cluster', 'ns'],
    ['nodes', 'Node', 'cluster', 'no'],
    ['persistentvolumes', 'PersistentVolume', 'cluster', 'pv'],
    ['pods', 'Pod', 'namespaced', 'po'],
    ['services', 'Service', 'namespaced', 'svc'],
    ['endpoints', 'Endpoints', 'namespaced', 'ep'],
    ['configmaps', 'ConfigMap', 'namespaced', 'cm'],
    ['secrets', 'Secret', 'namespaced'],
    ['serviceaccounts', 'ServiceAccount', 'namespaced', 'sa'],
    ['persistentvolumeclaims', 'PersistentVolumeClaim', 'namespaced', 'pvc'],
    ['events', 'Event', 'namespaced', 'ev'],
    ['replicationcontrollers', 'ReplicationController', 'namespaced', 'rc'],
    ['resourcequotas', 'ResourceQuota', 'namespaced', 'quota'],
    ['limitranges', 'LimitRange', 'namespaced', 'limits'],
  ],
  'apps/v1': [
    ['deployments', 'Deployment', 'namespaced', 'deploy'],
    ['replicasets', 'ReplicaSet', 'namespaced', 'rs'],
    ['statefulsets', 'StatefulSet', 'namespaced', 'sts'],
    ['daemonsets', 'DaemonSet', 'namespaced', 'ds'],
  ],
  'batch/v1': [
    ['jobs', 'Job', 'namespaced'],
    ['cronjobs', 'CronJob', 'namespaced', 'cj'],
  ],
  'rbac.authorization.k8s.io/v1': [
    ['roles', 'Role', 'namespaced'],
    ['rolebindings', 'RoleBinding', 'namespaced'],
    ['clusterroles', 'ClusterRole', 'cluster'],
    ['clusterrolebindings', 'ClusterRoleBinding', 'cluster'],
  ],
  'networking.k8s.io/v1': [
    ['ingresses', 'Ingress', 'namespaced', 'ing'],
    ['ingressclasses', 'IngressClass', 'cluster'],
    ['networkpolicies', 'NetworkPolicy', 'namespaced', 'netpol'],
  ],
  'policy/v1': [['poddisruptionbudgets', 'PodDisruptionBudget', 'namespaced', 'pdb']],
  'autoscaling/v2': [['horizontalpodautoscalers', 'HorizontalPodAutoscaler', 'namespaced', 'hpa']],
  'storage.k8s.io/v1': [
    ['storageclasses', 'StorageClass', 'cluster', 'sc'],
    ['csidrivers', 'CSIDriver', 'cluster'],
  ],
  'scheduling.k8s.io/v1': [['priorityclasses', 'PriorityClass', 'cluster', 'pc']],
  'coordination.k8s.io/v1': [['leases', 'Lease', 'namespaced']],
  'admissionregistration.k8s.io/v1': [
    ['mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', 'cluster'],
    ['validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', 'cluster'],
  ],
  'apiregistration.k8s.io/v1': [['apiservices', 'APIService', 'cluster']],
  'apiextensions.k8s.io/v1': [
    ['customresourcedefinitions', 'CustomResourceDefinition', 'cluster', 'crd'],
  ],
}

/** The kinds that EKS adds when Auto Mode is enabled. */
const autoMode: typeof builtIn = {
  'karpenter.sh/v1': [
    ['nodepools', 'NodePool', 'cluster'],
    ['nodeclaims', 'NodeClaim', 'cluster'],
  ],
  'eks.amazonaws.com/v1': [['nodeclasses', 'NodeClass', 'cluster']],
}

/** The kinds that `kubectl get all` lists. */
const inAll = new Set([
  'pods',
  'services',
  'deployments',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
])

const builtInKinds = kindsOf(builtIn)
const autoModeKinds = kindsOf(autoMode)

/** Returns all kinds of a cluster: the built-in ones, and those of its CustomResourceDefinitions. */
export function allKinds(withAutoMode: boolean, definitions: readonly object[]): readonly Kind[] {
  const extra = withAutoMode ? autoModeKinds : []
  return [...builtInKinds, ...extra, ...definitions.flatMap(customKinds)]
}

function kindsOf(table: typeof builtIn): Kind[] {
  return Object.entries(table).flatMap(([groupVersion, rows]) => {
    const [group = '', version = ''] = groupVersion.split('/')
    return rows.map(([plural, kind, scope, short]) => ({
      group,
      version,
      kind,
      plural,
      namespaced: scope === 'namespaced',
      ...(short !== undefined && { shortNames: [short] }),
      ...(plural === 'pods' && { subresources: ['log'] }),
      ...(inAll.has(plural) && { categories: ['all'] }),
    }))
  })
}

const definitionShape = z.looseObject({
  spec: z.looseObject({
    group: z.string(),
    scope: z.enum(['Namespaced', 'Cluster']),
    names: z.looseObject({
      kind: z.string(),
      plural: z.string(),
      shortNames: z.array(z.string()).default([]),
    }),
    versions: z.array(z.looseObject({ name: z.string(), served: z.boolean().default(true) })),
  }),
})

function customKinds(definition: object): Kind[] {
  const parsed = definitionShape.safeParse(definition)
  if (!parsed.success) return []
  const { group, scope, names, versions } = parsed.data.spec
  const { kind, plural, shortNames } = names
  return versions
    .filter(({ served }) => served)
    .map(({ name }) => ({
      group,
      version: name,
      kind,
      plural,
      shortNames,
      namespaced: scope === 'Namespaced',
    }))
}
