import type { Call, Operation } from '../net/call.ts'

/** The resource that a request of the distribution API is for. */
export type Route =
  | { readonly kind: 'ping' }
  | { readonly kind: 'manifest'; readonly name: string; readonly reference: string }
  | { readonly kind: 'blob'; readonly name: string; readonly digest: string }
  | { readonly kind: 'upload'; readonly name: string; readonly id?: string }
  | { readonly kind: 'tags'; readonly name: string }
  | { readonly kind: 'referrers'; readonly name: string; readonly digest: string }

const patterns: readonly (readonly [RegExp, (match: readonly string[]) => Route])[] = [
  [/^\/v2\/?$/, () => ({ kind: 'ping' })],
  [
    /^\/v2\/(.+)\/manifests\/([^/]+)$/,
    ([, name = '', reference = '']) => ({ kind: 'manifest', name, reference }),
  ],
  [/^\/v2\/(.+)\/blobs\/uploads\/?$/, ([, name = '']) => ({ kind: 'upload', name })],
  [
    /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/,
    ([, name = '', id = '']) => ({ kind: 'upload', name, id }),
  ],
  [
    /^\/v2\/(.+)\/blobs\/([^/]+)$/,
    ([, name = '', digest = '']) => ({ kind: 'blob', name, digest }),
  ],
  [/^\/v2\/(.+)\/tags\/list$/, ([, name = '']) => ({ kind: 'tags', name })],
  [
    /^\/v2\/(.+)\/referrers\/([^/]+)$/,
    ([, name = '', digest = '']) => ({ kind: 'referrers', name, digest }),
  ],
]

export function parseRoute(path: string): Route | undefined {
  for (const [pattern, build] of patterns) {
    const match = pattern.exec(decodeURIComponent(path))
    if (match) return build(match)
  }
  return undefined
}

/** Returns the name of an operation as counters list it: `manifestGet`, `blobHead`, `uploadPatch`, `mount`… */
export function operationOf(call: Call): Operation {
  const route = parseRoute(call.path)
  const method = call.method.charAt(0) + call.method.slice(1).toLowerCase()
  const write = call.method !== 'GET' && call.method !== 'HEAD'
  if (!route) return { name: 'unknown', write }
  switch (route.kind) {
    case 'manifest':
    case 'blob':
      return { name: `${route.kind}${method}`, write }
    case 'upload':
      return { name: uploadOperation(call, method), write }
    case 'ping':
    case 'tags':
    case 'referrers':
      return { name: route.kind, write }
  }
}

function uploadOperation(call: Call, method: string): string {
  if (call.method !== 'POST') return `upload${method}`
  return call.query.has('mount') ? 'uploadMount' : 'uploadStart'
}
