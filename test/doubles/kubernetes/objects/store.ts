import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { KubeError } from '../failure.ts'
import { type DraftObject, type KubeObject, timestamp } from './object.ts'

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** The kind, in the form of `resourceOf`. */
  readonly resource: string
  readonly object: KubeObject
  readonly version: number
}

export interface StoredObject {
  readonly resource: string
  readonly object: KubeObject
}

/** The objects of a cluster, of any kind, and their whole history. */
export interface Store {
  find(resource: string, namespace: string | undefined, name: string): KubeObject | undefined
  list(resource: string, namespace?: string): KubeObject[]
  entries(): StoredObject[]
  /** Creates or replaces an object; identity and creation time are kept. */
  put(resource: string, draft: DraftObject): KubeObject
  /** Returns what `put` would store, without storing it. */
  preview(resource: string, draft: DraftObject): KubeObject
  remove(resource: string, object: KubeObject): void
  /** The number of the latest change. */
  version(): number
  changesAfter(version: number): readonly Change[]
  /** Returns the function that stops watching. */
  watch(listener: (change: Change) => void): () => void
}

export function createStore(now: () => number): Store {
  const objects = new Map<string, StoredObject>()
  const changes: Change[] = []
  const listeners = new Set<(change: Change) => void>()

  const publish = (type: Change['type'], resource: string, object: KubeObject) => {
    const change = { type, resource, object, version: changes.length + 1 }
    changes.push(change)
    for (const listener of listeners) listener(change)
  }
  const find: Store['find'] = (resource, namespace, name) =>
    objects.get(keyOf(resource, namespace, name))?.object
  const preview: Store['preview'] = (resource, draft) => {
    const { metadata } = draft
    const { namespace, generateName } = metadata
    const name =
      metadata.name ?? (generateName === undefined ? undefined : randomName(generateName))
    if (name === undefined) throw new KubeError('Invalid', 'metadata.name: Required value')
    const before = find(resource, namespace, name)
    const changed = before && !isDeepStrictEqual(before['spec'], draft['spec'])
    const generation = before?.metadata.generation ?? 1
    return {
      ...draft,
      metadata: {
        ...metadata,
        name,
        uid: before?.metadata.uid ?? randomUUID(),
        creationTimestamp: before?.metadata.creationTimestamp ?? timestamp(now()),
        generation: changed === true ? generation + 1 : generation,
        resourceVersion: String(changes.length + 1),
      },
    }
  }
  return {
    find,
    preview,
    list: (resource, namespace) =>
      [...objects.values()]
        .filter((one) => one.resource === resource)
        .map(({ object }) => object)
        .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace),
    entries: () => [...objects.values()],
    put(resource, draft) {
      const object = preview(resource, draft)
      const { namespace, name } = object.metadata
      const key = keyOf(resource, namespace, name)
      const type = objects.has(key) ? 'MODIFIED' : 'ADDED'
      objects.set(key, { resource, object })
      publish(type, resource, object)
      return object
    },
    remove(resource, object) {
      const { namespace, name } = object.metadata
      if (!objects.delete(keyOf(resource, namespace, name))) return
      const resourceVersion = String(changes.length + 1)
      const last = { ...object, metadata: { ...object.metadata, resourceVersion } }
      publish('DELETED', resource, last)
    },
    version: () => changes.length,
    changesAfter: (version) => changes.slice(version),
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function keyOf(resource: string, namespace: string | undefined, name: string): string {
  return `${resource}/${namespace ?? ''}/${name}`
}

/** Returns a suffix like those of controllers: five characters that cannot form words. */
export function randomName(prefix: string): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789'
  const suffix = Array.from(
    { length: 5 },
    () => letters[Math.floor(Math.random() * letters.length)],
  )
  return `${prefix}${suffix.join('')}`
}
