import { type KubeObject, timestamp } from '../objects/object.ts'

/** Conditions include the time since which they hold. */
function condition(type: string, reason: string, message: string, now: number): object {
  const time = timestamp(now)
  return { type, status: 'True', reason, message, lastTransitionTime: time, lastUpdateTime: time }
}

/** Returns the status of a workload that is fully available. */
export function workloadStatus(
  { kind, metadata }: KubeObject,
  replicas: number,
  revision: string,
  now: number,
): object {
  const { generation, name } = metadata
  const observed = { observedGeneration: generation }
  const counted = { replicas, readyReplicas: replicas, availableReplicas: replicas }
  switch (kind) {
    case 'Deployment':
      return {
        ...observed,
        ...counted,
        updatedReplicas: replicas,
        conditions: [
          condition('Available', 'MinimumReplicasAvailable', 'it is available', now),
          condition('Progressing', 'NewReplicaSetAvailable', `"${name}" has progressed`, now),
        ],
      }
    case 'StatefulSet':
      return {
        ...observed,
        ...counted,
        updatedReplicas: replicas,
        currentReplicas: replicas,
        currentRevision: revision,
        updateRevision: revision,
      }
    case 'DaemonSet':
      return {
        ...observed,
        desiredNumberScheduled: replicas,
        currentNumberScheduled: replicas,
        updatedNumberScheduled: replicas,
        numberReady: replicas,
        numberAvailable: replicas,
        numberMisscheduled: 0,
      }
    default:
      return { ...observed, ...counted, fullyLabeledReplicas: replicas }
  }
}

export function jobStatus(outcome: 'succeed' | 'fail' | 'hang', now: number): object {
  const startTime = timestamp(now)
  switch (outcome) {
    case 'succeed':
      return {
        startTime,
        completionTime: startTime,
        succeeded: 1,
        ready: 0,
        conditions: [
          condition('SuccessCriteriaMet', 'CompletionsReached', 'it has succeeded', now),
          condition('Complete', 'CompletionsReached', 'it has succeeded', now),
        ],
      }
    case 'fail': {
      const words = ['BackoffLimitExceeded', 'Job has reached the specified backoff limit'] as const
      return {
        startTime,
        failed: 1,
        ready: 0,
        conditions: [condition('FailureTarget', ...words, now), condition('Failed', ...words, now)],
      }
    }
    case 'hang':
      return { startTime, active: 1, ready: 1 }
  }
}

/** Returns the status that controllers of other objects than pods set; `undefined` for objects without one. */
export function simpleStatus(object: KubeObject, now: number): object | undefined {
  switch (object.kind) {
    case 'Namespace':
      return { phase: 'Active' }
    case 'PersistentVolumeClaim':
      return { phase: 'Bound' }
    case 'CustomResourceDefinition':
      return {
        conditions: [
          condition('NamesAccepted', 'NoConflicts', 'no conflicts found', now),
          condition('Established', 'InitialNamesAccepted', 'the names have been accepted', now),
        ],
      }
    case 'Service': {
      const spec = object['spec']
      const balanced = typeof spec === 'object' && spec !== null && Reflect.get(spec, 'type')
      const hostname = `${object.metadata.name}.elb.amazonaws.com`
      return { loadBalancer: balanced === 'LoadBalancer' ? { ingress: [{ hostname }] } : {} }
    }
    case 'NodePool':
    case 'NodeClass':
      return { conditions: [condition('Ready', 'Ready', '', now)] }
    default:
      return undefined
  }
}
