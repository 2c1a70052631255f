import { createReporter } from './events.ts'
import { createJobRules, type JobOutcome } from './jobs.ts'
import type { KubeObject } from '../objects/object.ts'
import { isRecord } from '../objects/patch.ts'
import { type NewPod, ownerReference, podFrom, type PodPhase, podStatus } from './pods.ts'
import { jobStatus, simpleStatus, workloadStatus } from './status.ts'
import { randomName, type Store } from '../objects/store.ts'
import { imagesOf, podSpecShape, readWorkload, type Workload } from './workload.ts'

/** All controllers and the kubelet in one: everything that an object requires exists as soon as the object does. */
export interface Kubelet {
  /** Applies the effects of an object that was just written. */
  settle(resource: string, object: KubeObject): void
  logOf(pod: KubeObject): string
  /** The images of all pods so far. */
  images(): string[]
  setJob(name: string, outcome: JobOutcome): void
}

export function createKubelet(store: Store, now: () => number): Kubelet {
  const report = createReporter(store, now)
  const rules = createJobRules()
  const images = new Set<string>()
  const logs = new Map<string, string>()

  const dependents = (resource: string, owner: KubeObject) =>
    store
      .list(resource, owner.metadata.namespace)
      .filter(({ metadata }) =>
        metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid),
      )
  const setStatus = (resource: string, object: KubeObject, status: object) =>
    store.put(resource, { ...object, status })

  const runPod = (pod: KubeObject, phase: PodPhase) => {
    const spec = podSpecShape.parse(pod['spec'])
    for (const image of imagesOf(spec)) images.add(image)
    setStatus('pods', pod, podStatus(spec, phase, now()))
    report(pod, 'Normal', 'Scheduled', `Successfully assigned ${pod.metadata.name} to a node`)
    for (const { name, image } of spec.containers) {
      report(pod, 'Normal', 'Started', `Started container ${name} of ${image}`)
    }
    if (phase === 'Failed')
      report(pod, 'Warning', 'BackOff', 'Back-off restarting failed container')
  }
  const startPod = (pod: NewPod, phase: PodPhase) => {
    const started = store.put('pods', podFrom(pod))
    runPod(started, phase)
    report(pod.owner, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.name}`)
    return started
  }
  /** Keeps as many pods of this template as desired; `nameOf` returns the name of the next one. */
  const keepPods = (
    owner: KubeObject,
    { replicas, template, hash }: Workload,
    label: string,
    nameOf: (index: number) => string,
  ) => {
    const present = dependents('pods', owner)
    const current = present.filter(({ metadata }) => metadata.labels?.[label] === hash)
    const surplus = [...present.filter((pod) => !current.includes(pod)), ...current.slice(replicas)]
    for (const pod of surplus) store.remove('pods', pod)
    for (let index = current.length; index < replicas; index += 1) {
      startPod({ name: nameOf(index), owner, template, labels: { [label]: hash } }, 'Running')
    }
  }

  const settleDeployment = (deployment: KubeObject, workload: Workload) => {
    const { name, namespace } = deployment.metadata
    const label = 'pod-template-hash'
    const current = `${name}-${workload.hash}`
    for (const old of dependents('replicasets.apps', deployment)) {
      if (old.metadata.name === current) continue
      for (const pod of dependents('pods', old)) store.remove('pods', pod)
      const spec = isRecord(old['spec']) ? old['spec'] : {}
      store.put('replicasets.apps', { ...old, spec: { ...spec, replicas: 0 } })
    }
    const spec = isRecord(deployment['spec']) ? deployment['spec'] : {}
    const { selector } = spec
    const set = store.put('replicasets.apps', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: current,
        ...(namespace !== undefined && { namespace }),
        labels: { ...workload.template.metadata.labels, [label]: workload.hash },
        ownerReferences: [ownerReference(deployment)],
      },
      spec: { replicas: workload.replicas, selector, template: workload.template },
    })
    keepPods(set, workload, label, () => randomName(`${current}-`))
    setStatus('replicasets.apps', set, workloadStatus(set, workload.replicas, '', now()))
  }

  const settleJob = (job: KubeObject, workload: Workload) => {
    const known = isRecord(job['status']) ? job['status'] : {}
    if (known['succeeded'] !== undefined || known['failed'] !== undefined) return
    const { outcome, log } = rules.of(job)
    const phase = { succeed: 'Succeeded', fail: 'Failed', hang: 'Running' } as const
    const { name } = job.metadata
    const labels = { 'job-name': name, 'batch.kubernetes.io/job-name': name }
    const [started] = dependents('pods', job)
    const { template } = workload
    if (started) runPod(started, phase[outcome])
    const pod =
      started ??
      startPod({ name: randomName(`${name}-`), owner: job, template, labels }, phase[outcome])
    logs.set(pod.metadata.uid, log)
    setStatus('jobs.batch', job, jobStatus(outcome, now()))
    if (outcome === 'succeed') report(job, 'Normal', 'Completed', 'Job completed')
    if (outcome === 'fail') {
      const message = 'Job has reached the specified backoff limit'
      report(job, 'Warning', 'BackoffLimitExceeded', message)
    }
  }

  const settleWorkload = (resource: string, object: KubeObject): void => {
    const workload = readWorkload(object)
    if (!workload) return
    const { name } = object.metadata
    const replicas = object.kind === 'DaemonSet' ? 1 : workload.replicas
    const label = 'controller-revision-hash'
    switch (object.kind) {
      case 'Job':
        return settleJob(object, workload)
      case 'Deployment':
        settleDeployment(object, workload)
        break
      case 'StatefulSet':
        keepPods(object, workload, label, (index) => `${name}-${index}`)
        break
      case 'DaemonSet':
        keepPods(object, { ...workload, replicas }, label, () => randomName(`${name}-`))
        break
      case 'ReplicaSet':
        keepPods(object, workload, 'pod-template-hash', () => randomName(`${name}-`))
        break
      default:
        return
    }
    const revision = `${name}-${workload.hash}`
    setStatus(resource, object, workloadStatus(object, replicas, revision, now()))
  }

  return {
    settle(resource, object) {
      if (resource === 'pods') {
        const { restartPolicy } = podSpecShape.parse(object['spec'])
        if (!isRecord(object['status'])) {
          runPod(object, restartPolicy === 'Always' ? 'Running' : 'Succeeded')
        }
        return
      }
      const status = simpleStatus(object, now())
      if (status) setStatus(resource, object, status)
      else settleWorkload(resource, object)
    },
    logOf: ({ metadata }) => logs.get(metadata.uid) ?? '',
    images: () => [...images].toSorted(),
    setJob(name, outcome) {
      rules.set(name, outcome)
      for (const job of store.list('jobs.batch')) {
        const workload = readWorkload(job)
        if (workload) settleJob(job, workload)
      }
    },
  }
}
