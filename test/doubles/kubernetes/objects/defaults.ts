import type { DraftObject } from './object.ts'
import { type Json, mergePatch } from './patch.ts'

/** Sets the server's defaults, limited to the fields that clients read. */
function defaultsOf({ kind, metadata }: DraftObject): Json {
  switch (kind) {
    case 'Service':
      return { type: 'ClusterIP', clusterIP: '172.20.0.100' }
    case 'Deployment':
      return { replicas: 1, strategy: rolling({ maxUnavailable: '25%', maxSurge: '25%' }) }
    case 'StatefulSet':
      return { replicas: 1, updateStrategy: rolling({ partition: 0 }) }
    case 'DaemonSet':
      return { updateStrategy: rolling({ maxUnavailable: 1, maxSurge: 0 }) }
    case 'Job': {
      // The real server selects by the Job's UID, which is not known yet.
      const matchLabels = { 'batch.kubernetes.io/job-name': metadata.name }
      return { parallelism: 1, completions: 1, backoffLimit: 6, selector: { matchLabels } }
    }
    default:
      return {}
  }
}

function rolling(rollingUpdate: Json): Json {
  return { type: 'RollingUpdate', rollingUpdate }
}

export function withDefaults(draft: DraftObject): DraftObject {
  const defaults = defaultsOf(draft)
  if (Object.keys(defaults).length === 0) return draft
  return { ...draft, spec: mergePatch(defaults, draft['spec'] ?? {}) }
}
