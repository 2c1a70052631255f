import type { Call, Reply } from '../net/call.ts'
import { rateExceeded, registryError } from '../registry/errors.ts'
import type { RegistryPolicy } from '../registry/policy.ts'
import type { Route } from '../registry/route.ts'
import { type BearerRealm, challenge, pullerOf, realmOf } from './bearer.ts'
import type { UpstreamImages } from './images.ts'
import { type Puller, pullWindowSeconds, type Quota } from './quota.ts'

export interface UpstreamOptions {
  readonly registry: string
  readonly images: Pick<UpstreamImages, 'find'>
  /** Called for every request, so that limits can change while the sandbox runs. */
  readonly quota: () => Quota
  readonly now: () => number
}

/** A public registry: read-only, sometimes with tokens or rate limits. */
export function createUpstreamPolicy(options: UpstreamOptions): RegistryPolicy {
  const { registry, images, quota, now } = options
  const realm = realmOf(registry)
  return {
    writable: false,
    now,
    find: (name) => images.find(registry, name),
    missing: (name) => missingRepository(registry, name),
    authorize(call, route) {
      const puller = realm ? pullerOf(call, realm, route, now()) : 'anonymous'
      if (puller === undefined) return realm && challenge(realm, route)
      const pull = route.kind === 'manifest' && call.method === 'GET'
      return pull ? overLimit(registry, quota(), puller) : undefined
    },
    ...(realm &&
      registry === 'docker.io' && {
        manifestHeaders: (call: Call) => quotaHeaders(call, realm, quota(), now()),
      }),
  }
}

function overLimit(registry: string, quota: Quota, puller: Puller): Reply | undefined {
  if (registry === 'docker.io' && !quota.takePull(puller)) {
    return registryError(
      429,
      'TOOMANYREQUESTS',
      'You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    )
  }
  return registry === 'public.ecr.aws' && !quota.takeRate(puller) ? rateExceeded() : undefined
}

function quotaHeaders(
  call: Call,
  realm: BearerRealm,
  quota: Quota,
  now: number,
): Record<string, string> {
  const anyRoute: Route = { kind: 'ping' }
  if (quota.pullLimit === undefined) return {}
  if (pullerOf(call, realm, anyRoute, now) === 'authenticated') return {}
  const window = `w=${pullWindowSeconds}`
  return {
    'ratelimit-limit': `${quota.pullLimit};${window}`,
    'ratelimit-remaining': `${quota.remainingPulls()};${window}`,
    'docker-ratelimit-source': '192.0.2.1',
  }
}

/**
 * Returns the registry's own response for a repository that does not exist or is not public. Registries differ here.
 */
function missingRepository(registry: string, name: string): Reply {
  switch (registry) {
    case 'docker.io':
      return registryError(401, 'UNAUTHORIZED', 'authentication required')
    case 'quay.io':
      return registryError(
        401,
        'UNAUTHORIZED',
        'access to the requested resource is not authorized',
      )
    case 'ghcr.io':
      return registryError(403, 'DENIED', 'requested access to the resource is denied')
    case 'public.ecr.aws': {
      const owner = name.split('/')[0] ?? name
      return registryError(
        404,
        'NAME_UNKNOWN',
        `The repository does not exist in the registry with id '${owner}'`,
      )
    }
    default:
      return registryError(404, 'NAME_UNKNOWN', 'repository name not known to registry')
  }
}
