import { type DraftObject, type KubeObject, timestamp } from '../objects/object.ts'
import { randomName, type Store } from '../objects/store.ts'

export type Report = (
  about: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
) => void

/** Records events on objects, which `kubectl describe` shows. */
export function createReporter(store: Store, now: () => number): Report {
  return ({ apiVersion, kind, metadata }, type, reason, message) => {
    const { name, namespace = 'default', uid } = metadata
    const time = timestamp(now())
    const event: DraftObject = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: randomName(`${name}.`), namespace },
      involvedObject: { apiVersion, kind, name, namespace, uid },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: time,
      lastTimestamp: time,
      source: { component: 'sandbox' },
    }
    store.put('events', event)
  }
}
