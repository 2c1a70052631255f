import { type Call, json, type Reply, type Service, text } from '../net/call.ts'
import type { Repository } from '../content/repository.ts'
import type { ContentStore } from '../content/store.ts'
import { blobUnknown, manifestUnknown, rateExceeded, unsupported } from './errors.ts'
import { getManifest, listReferrers, listTags, putManifest } from './manifests.ts'
import type { RegistryPolicy } from './policy.ts'
import { operationOf, parseRoute, type Route } from './route.ts'
import { blobCreated, createUploads, type Uploads } from './uploads.ts'

type RepositoryRoute = Exclude<Route, { readonly kind: 'ping' }>

interface Registry {
  readonly store: ContentStore
  readonly policy: RegistryPolicy
  readonly uploads: Uploads
}

/** An OCI distribution registry. Upstream registries and ECR use it with different policies. */
export function createRegistryService(store: ContentStore, policy: RegistryPolicy): Service {
  const registry = { store, policy, uploads: createUploads(store) }
  return {
    accepts: (call) => call.path === '/v2' || call.path.startsWith('/v2/'),
    operation: operationOf,
    answer: (call) => answer(registry, call),
    throttled: rateExceeded,
  }
}

async function answer(registry: Registry, call: Call): Promise<Reply> {
  const { policy } = registry
  const route = parseRoute(call.path)
  if (!route) return text(404, '404 page not found\n')
  const refusal = policy.authorize(call, route)
  if (refusal) return refusal
  if (route.kind === 'ping') {
    return json(200, {}, { 'docker-distribution-api-version': 'registry/2.0' })
  }
  if (!policy.writable && operationOf(call).write) return unsupported()
  const isPush = route.kind === 'upload' && call.method === 'POST'
  const repository =
    policy.find(route.name) ?? (isPush ? policy.createOnPush?.(route.name) : undefined)
  return repository ? serve(registry, call, route, repository) : policy.missing(route.name)
}

async function serve(
  registry: Registry,
  call: Call,
  route: RepositoryRoute,
  repository: Repository,
): Promise<Reply> {
  const { policy, uploads } = registry
  const reading = call.method === 'GET' || call.method === 'HEAD'
  switch (route.kind) {
    case 'manifest': {
      if (call.method === 'PUT') return putManifest(call, policy, repository, route.reference)
      if (!reading) return unsupported()
      const reply = policy.hidesManifest?.(repository, route.reference)
        ? manifestUnknown(route.reference)
        : getManifest(repository, route.reference)
      return { ...reply, headers: { ...reply.headers, ...policy.manifestHeaders?.(call) } }
    }
    case 'blob':
      if (!reading) return unsupported()
      if (policy.hidesBlob?.(repository, route.digest)) return blobUnknown()
      return getBlob(registry.store, call, repository, route.digest)
    case 'upload': {
      if (route.id !== undefined) return uploads.advance(call, repository, route.id)
      if (call.method !== 'POST') return unsupported()
      return tryMount(policy, call, repository) ?? uploads.start(call, repository)
    }
    case 'tags':
      return listTags(call, repository)
    case 'referrers':
      return listReferrers(repository, route.digest)
  }
}

/** A mount that is not possible is not an error: the client gets a normal upload instead. */
function tryMount(policy: RegistryPolicy, call: Call, repository: Repository): Reply | undefined {
  const digest = call.query.get('mount')
  const from = call.query.get('from')
  if (digest === null || from === null || !policy.mayMount?.(digest, from, repository)) {
    return undefined
  }
  repository.blobs.add(digest)
  return blobCreated(repository.name, digest)
}

function getBlob(store: ContentStore, call: Call, repository: Repository, digest: string): Reply {
  const bytes = repository.blobs.has(digest) ? store.get(digest) : undefined
  if (!bytes) return blobUnknown()
  const headers = {
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(call.headers.range ?? '')
  if (!range) return { status: 200, headers, body: bytes }
  const start = Number(range[1])
  const end = Math.min(range[2] ? Number(range[2]) : Infinity, bytes.length - 1)
  const extent = `bytes ${start}-${end}/${bytes.length}`
  if (start > end) return { status: 416, headers: { 'content-range': `bytes */${bytes.length}` } }
  return {
    status: 206,
    headers: { ...headers, 'content-range': extent },
    body: bytes.subarray(start, end + 1),
  }
}
