import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { KubeObject } from '../objects/object.ts'

/** The fields of Deployments, StatefulSets, Jobs and similar objects from which pods are created. */
const containerShape = z.looseObject({ name: z.string(), image: z.string().default('') })

export const podSpecShape = z.looseObject({
  containers: z.array(containerShape).default([]),
  initContainers: z.array(containerShape).default([]),
  restartPolicy: z.string().default('Always'),
})
export type PodSpec = z.infer<typeof podSpecShape>

const templateShape = z.looseObject({
  metadata: z
    .looseObject({
      labels: z.record(z.string(), z.string()).nullish(),
      annotations: z.record(z.string(), z.string()).nullish(),
    })
    .default({}),
  // Kept unchanged: whether a ReplicaSet is current is decided by comparing templates.
  spec: z.looseObject({}),
})
export type PodTemplate = z.infer<typeof templateShape>

const workloadShape = z.looseObject({
  replicas: z.number().default(1),
  template: templateShape,
})

export interface Workload {
  readonly replicas: number
  readonly template: PodTemplate
  /** Changes with the template, and only with it. */
  readonly hash: string
}

/** Reads a workload; `undefined` for an object whose spec creates no pods. */
export function readWorkload(object: KubeObject): Workload | undefined {
  const parsed = workloadShape.safeParse(object['spec'])
  if (!parsed.success) return undefined
  const { replicas, template } = parsed.data
  const hash = createHash('md5').update(JSON.stringify(template)).digest('hex').slice(0, 10)
  return { replicas, template, hash }
}

export function imagesOf({ containers, initContainers }: PodSpec): string[] {
  return [...initContainers, ...containers].map(({ image }) => image)
}
