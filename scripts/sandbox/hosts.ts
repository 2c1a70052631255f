import { createEcrPublic } from './aws/ecr-public.ts'
import type { Credentials } from './aws/credentials.ts'
import { ecrPublicHost, placeOf } from './aws/partition.ts'
import { createSts } from './aws/sts.ts'
import type { TokenBook } from './aws/tokens.ts'
import type { Repository } from './content/repository.ts'
import type { ContentStore } from './content/store.ts'
import { parseEcrRegistry } from '../lib/model/image/registry.ts'
import { checkLogin, createEcrPolicy } from './ecr/policy.ts'
import { createEcrApi } from './ecr/service.ts'
import type { EcrState } from './ecr/state.ts'
import type { Call, Service } from './net/call.ts'
import type { EcrOptions } from './options.ts'
import { createRegistryService } from './registry/service.ts'
import { createTokenService, realmOf } from './upstream/bearer.ts'
import type { UpstreamImages } from './upstream/images.ts'
import { createUpstreamPolicy } from './upstream/policy.ts'
import type { Quota } from './upstream/quota.ts'

export type Hosts = Map<string, Service[]>

export interface HostParts {
  readonly store: ContentStore
  readonly images: UpstreamImages
  readonly imageMirrors: Readonly<Record<string, string>>
  readonly chartSites: ReadonlyMap<string, Service>
  readonly state: EcrState
  /** The account of the credentials. */
  readonly caller: string
  readonly ecr: EcrOptions
  readonly credentials: Credentials
  readonly privateTokens: TokenBook
  readonly publicTokens: TokenBook
  readonly quota: () => Quota
}

/** Returns the services behind every host name that the sandbox serves. */
export function createHosts(parts: HostParts): Hosts {
  const hosts: Hosts = new Map()
  const serve = (host: string, service: Service): void => {
    hosts.set(host, [...(hosts.get(host) ?? []), service])
  }
  for (const registry of parts.images.registries()) addRegistry(parts, registry, serve)
  for (const [host, registry] of Object.entries(parts.imageMirrors)) {
    addMirror(parts, host, registry, serve)
  }
  for (const [host, service] of parts.chartSites) serve(host, service)
  addAws(parts, serve)
  return hosts
}

type Serve = (host: string, service: Service) => void

/** Other host names of Docker Hub than the one in its image references. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  'docker.io': ['index.docker.io', 'registry-1.docker.io'],
}

function addRegistry(parts: HostParts, registry: string, serve: Serve): void {
  const { store, images, quota, publicTokens } = parts
  const { now } = parts.state
  const open = createUpstreamPolicy({ registry, images, quota, now })
  // A private registry of another account: to read from it takes a token of its region.
  const isPrivate = parseEcrRegistry(registry).ok
  const policy = isPrivate
    ? {
        ...open,
        authorize: (call: Call) => checkLogin(call, registry, parts.privateTokens),
      }
    : open
  const service = createRegistryService(store, policy)
  for (const host of aliases[registry] ?? [registry]) serve(host, service)
  const realm = realmOf(registry)
  if (realm) serve(realm.tokenHost, createTokenService(realm, publicTokens, now))
}

/** A host that serves another registry's images without a login. */
function addMirror(parts: HostParts, host: string, registry: string, serve: Serve): void {
  const { store, images, quota } = parts
  const mirrored = { find: (_: string, path: string) => images.find(registry, path) }
  const { now } = parts.state
  const policy = createUpstreamPolicy({ registry: host, images: mirrored, quota, now })
  serve(host, createRegistryService(store, policy))
}

/** Applies a pull-through cache rule: the first part of a repository name selects a registry. */
function findThrough({ images, ecr }: HostParts, name: string): Repository | undefined {
  const [prefix = '', ...path] = name.split('/')
  const registry = ecr.pullThrough?.[prefix]
  return registry === undefined ? undefined : images.find(registry, path.join('/'))
}

function addAws(parts: HostParts, serve: Serve): void {
  const { store, state, credentials, ecr } = parts
  const { place } = state
  const policy = createEcrPolicy({
    state,
    tokens: parts.privateTokens,
    upstream: (name) => findThrough(parts, name),
  })
  serve(place.registryHost, createRegistryService(store, policy))

  const tokens = parts.privateTokens
  const api = createEcrApi({ state, store, credentials, tokens, pageSize: ecr.pageSize })
  const others = parts.images.registries().flatMap((host) => {
    const registry = parseEcrRegistry(host)
    return registry.ok ? placeOf(registry.value.account, registry.value.region).ecrHosts : []
  })
  for (const host of new Set([...place.ecrHosts, ...others])) serve(host, api)
  const sts = createSts(placeOf(parts.caller, place.region), credentials)
  for (const host of place.stsHosts) serve(host, sts)
  serve(ecrPublicHost, createEcrPublic(place, credentials, parts.publicTokens))
}
