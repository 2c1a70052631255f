import type { Reply } from '../../../scripts/sandbox/net/call.ts'
import type { Kind, KubeObject } from './objects/object.ts'
import { apiVersionOf, resourceOf } from './objects/object.ts'
import { selectorOf } from './objects/selector.ts'
import type { Change, Store } from './objects/store.ts'

export interface WatchRequest {
  readonly kind: Kind
  readonly namespace: string | undefined
  readonly query: URLSearchParams
}

const jsonHeaders = { 'content-type': 'application/json' }

/** A response that continues with every change of the requested objects. */
export function watchReply(store: Store, { kind, namespace, query }: WatchRequest): Reply {
  const selected = selectorOf(query)
  const resource = resourceOf(kind)
  const isMeant = (object: KubeObject) =>
    (namespace === undefined || object.metadata.namespace === namespace) && selected(object)
  const line = (type: string, object: object) =>
    `${JSON.stringify({ type, object: { ...object, apiVersion: apiVersionOf(kind) } })}\n`
  const since = Number(query.get('resourceVersion') ?? '')
  const announced = query.get('sendInitialEvents') === 'true'
  const seconds = Number(query.get('timeoutSeconds') ?? '')

  return {
    status: 200,
    headers: jsonHeaders,
    open({ write, end }) {
      const tell = ({ type, object, ...change }: Change) => {
        if (change.resource === resource && isMeant(object)) write(line(type, object))
      }
      // Without a start version, the watch begins with the existing objects.
      if (since === 0 || announced) {
        for (const object of store.list(resource)) {
          if (isMeant(object)) write(line('ADDED', object))
        }
      } else store.changesAfter(since).forEach(tell)
      if (announced) {
        const annotations = { 'k8s.io/initial-events-end': 'true' }
        const metadata = { resourceVersion: String(store.version()), annotations }
        write(line('BOOKMARK', { kind: kind.kind, metadata }))
      }
      const stop = store.watch(tell)
      const timer = seconds > 0 ? setTimeout(end, seconds * 1000) : undefined
      return () => {
        clearTimeout(timer)
        stop()
      }
    },
  }
}
