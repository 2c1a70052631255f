import { type Call, json, type Reply, text } from '../../../../scripts/sandbox/net/call.ts'
import { withDefaults } from './defaults.ts'
import { KubeError } from '../failure.ts'
import type { Kubelet } from '../workloads/kubelet.ts'
import {
  apiVersionOf,
  type DraftObject,
  type Kind,
  type KubeObject,
  objectShape,
  resourceOf,
} from './object.ts'
import { applyPatch, mergePatch, strategicPatch } from './patch.ts'
import { draftOf, type ObjectRequest, readBody } from '../request.ts'
import { selectorOf } from './selector.ts'
import type { Store } from './store.ts'
import { watchReply } from '../watch.ts'

/** Serves requests for objects of the known kinds. */
export type Resources = (request: ObjectRequest, kind: Kind, call: Call) => Promise<Reply>

export function createResources(store: Store, kubelet: Kubelet): Resources {
  /** The fields that each manager applied last, by object. */
  const applied = new Map<string, unknown>()

  const require = ({ namespace, name = '' }: ObjectRequest, kind: Kind): KubeObject => {
    const found = store.find(resourceOf(kind), namespace, name)
    if (found) return found
    throw new KubeError('NotFound', `${resourceOf(kind)} "${name}" not found`)
  }
  /** Stores an object unless this is a dry run, and returns its resulting state. */
  const write = (kind: Kind, draft: DraftObject, call: Call): KubeObject => {
    const resource = resourceOf(kind)
    const whole = withDefaults(draft)
    if (call.query.has('dryRun')) return store.preview(resource, whole)
    const object = store.put(resource, whole)
    kubelet.settle(resource, object)
    const { namespace, name } = object.metadata
    return store.find(resource, namespace, name) ?? object
  }
  const create = (request: ObjectRequest, kind: Kind, body: unknown, call: Call): Reply => {
    const draft = draftOf(body, request.namespace)
    const { name, namespace } = draft.metadata
    if (namespace !== undefined && !store.find('namespaces', undefined, namespace)) {
      throw new KubeError('NotFound', `namespaces "${namespace}" not found`)
    }
    if (name !== undefined && store.find(resourceOf(kind), namespace, name)) {
      throw new KubeError('AlreadyExists', `${resourceOf(kind)} "${name}" already exists`)
    }
    return show(kind, write(kind, draft, call), 201)
  }
  const update = (request: ObjectRequest, kind: Kind, body: unknown, call: Call): Reply => {
    const before = require(request, kind)
    const draft = draftOf(body, request.namespace)
    const { resourceVersion } = draft.metadata
    if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion) {
      throw new KubeError(
        'Conflict',
        `Operation cannot be fulfilled on ${resourceOf(kind)} "${request.name}": the object has been modified; please apply your changes to the latest version and try again`,
      )
    }
    const status = draft['status'] ?? before['status']
    return show(kind, write(kind, { ...draft, ...(status !== undefined && { status }) }, call))
  }
  const apply = (request: ObjectRequest, kind: Kind, body: unknown, call: Call): Reply => {
    const { namespace, name = '' } = request
    const before = store.find(resourceOf(kind), namespace, name)
    if (!before) {
      const reply = create(request, kind, body, call)
      remember(request, kind, body, call)
      return reply
    }
    const manager = `${before.metadata.uid} ${call.query.get('fieldManager')}`
    const merged = applyPatch(before, applied.get(manager), draftOf(body, namespace))
    remember(request, kind, body, call)
    return show(kind, write(kind, objectShape.parse(merged), call))
  }
  const remember = (
    { namespace, name = '' }: ObjectRequest,
    kind: Kind,
    body: unknown,
    call: Call,
  ) => {
    const object = store.find(resourceOf(kind), namespace, name)
    if (!object || call.query.has('dryRun')) return
    applied.set(
      `${object.metadata.uid} ${call.query.get('fieldManager')}`,
      draftOf(body, namespace),
    )
  }
  const patch = (request: ObjectRequest, kind: Kind, body: unknown, call: Call): Reply => {
    const type = call.headers['content-type'] ?? ''
    if (type.startsWith('application/apply-patch')) return apply(request, kind, body, call)
    const before = require(request, kind)
    const merge = mergeOf(type)
    return show(kind, write(kind, objectShape.parse(merge(before, body)), call))
  }
  const remove = (resource: string, object: KubeObject): void => {
    store.remove(resource, object)
    const { uid, name } = object.metadata
    for (const { resource: theirs, object: other } of store.entries()) {
      const { ownerReferences, namespace } = other.metadata
      const owned = ownerReferences?.some((owner) => owner.uid === uid) ?? false
      if (owned || (resource === 'namespaces' && namespace === name)) remove(theirs, other)
    }
  }

  return async (request, kind, call) => {
    const { namespace, verb, subresource } = request
    if (subresource === 'log' && kind.kind === 'Pod') {
      return text(200, kubelet.logOf(require(request, kind)))
    }
    if (subresource !== undefined && subresource !== 'status') {
      throw new KubeError('NotFound', 'the server could not find the requested resource')
    }
    switch (verb) {
      case 'get':
        return show(kind, require(request, kind))
      case 'list':
        return showList(store, kind, namespace, call)
      case 'watch':
        return watchReply(store, { kind, namespace, query: call.query })
      case 'create':
        return create(request, kind, await readBody(call), call)
      case 'update':
        return update(request, kind, await readBody(call), call)
      case 'patch':
        return patch(request, kind, await readBody(call), call)
      case 'delete': {
        const object = require(request, kind)
        if (!call.query.has('dryRun')) remove(resourceOf(kind), object)
        return show(kind, object)
      }
      case 'deletecollection':
      case 'unknown':
        throw new KubeError('MethodNotAllowed', `${verb} is not supported here`)
    }
  }
}

function mergeOf(type: string): (target: unknown, patch: unknown) => unknown {
  if (type.startsWith('application/merge-patch+json')) return mergePatch
  if (type.startsWith('application/strategic-merge-patch+json')) return strategicPatch
  throw new KubeError('UnsupportedMediaType', `patches of type ${type} are not supported here`)
}

function show(kind: Kind, object: KubeObject, status = 200): Reply {
  return json(status, { ...object, apiVersion: apiVersionOf(kind) })
}

function showList(store: Store, kind: Kind, namespace: string | undefined, { query }: Call): Reply {
  const apiVersion = apiVersionOf(kind)
  const items = store
    .list(resourceOf(kind), namespace)
    .filter(selectorOf(query))
    .map((object) => ({ ...object, apiVersion }))
  const metadata = { resourceVersion: String(store.version()) }
  return json(200, { kind: `${kind.kind}List`, apiVersion, metadata, items })
}
