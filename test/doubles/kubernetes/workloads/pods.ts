import type { DraftObject, KubeObject } from '../objects/object.ts'
import { timestamp } from '../objects/object.ts'
import type { PodSpec, PodTemplate } from './workload.ts'

/** The phase of a pod. */
export type PodPhase = 'Running' | 'Succeeded' | 'Failed'

export interface NewPod {
  readonly name: string
  readonly owner: KubeObject
  readonly template: PodTemplate
  readonly labels: Readonly<Record<string, string>>
}

/** Returns a pod of a workload, without a status. */
export function podFrom({ name, owner, template, labels }: NewPod): DraftObject {
  const { namespace } = owner.metadata
  const { annotations } = template.metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      labels: { ...template.metadata.labels, ...labels },
      ...(annotations && { annotations }),
      ownerReferences: [ownerReference(owner)],
    },
    spec: { ...template.spec, nodeName: 'ip-10-0-0-10.ec2.internal' },
  }
}

export function ownerReference({ apiVersion, kind, metadata }: KubeObject) {
  const { name, uid } = metadata
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }
}

/** Returns the status that the kubelet reports in a phase. */
export function podStatus(spec: PodSpec, phase: PodPhase, now: number): object {
  const time = timestamp(now)
  const ready = phase === 'Running'
  const state = ready
    ? { running: { startedAt: time } }
    : {
        terminated: {
          exitCode: phase === 'Failed' ? 1 : 0,
          reason: phase === 'Failed' ? 'Error' : 'Completed',
          startedAt: time,
          finishedAt: time,
        },
      }
  const done = { exitCode: 0, reason: 'Completed', startedAt: time, finishedAt: time }
  const statusOf = (name: string, image: string) => ({
    name,
    image,
    imageID: image,
    ready,
    started: ready,
    restartCount: 0,
    state,
  })
  const types = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready']
  return {
    phase,
    conditions: types.map((type) => ({
      type,
      status: ready || !type.endsWith('Ready') ? 'True' : 'False',
      lastTransitionTime: time,
      ...(type.endsWith('Ready') && phase === 'Succeeded' && { reason: 'PodCompleted' }),
    })),
    hostIP: '10.0.0.10',
    podIP: '10.0.1.10',
    podIPs: [{ ip: '10.0.1.10' }],
    startTime: time,
    qosClass: 'BestEffort',
    initContainerStatuses: spec.initContainers.map(({ name, image }) => ({
      ...statusOf(name, image),
      ready: true,
      state: { terminated: done },
    })),
    containerStatuses: spec.containers.map(({ name, image }) => statusOf(name, image)),
  }
}
