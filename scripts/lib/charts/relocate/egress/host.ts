import { reachOfHost } from '../../../model/internet/address.ts'
import { isTree, type ValuesNode } from '../../../model/values/values.ts'
import type { RenderedDocument } from '../../render/documents.ts'
import { isPublicRegistry } from '../../find/public-hosts.ts'

/** A name with a top-level domain, or an IP address, with an optional port. */
const hostPattern =
  /^(?:(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,10}[a-z]{2,24}|\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$/i

/**
 * Last parts of names that no public server has: reserved ones, names within a cluster or company, and what charts
 * write in the place of a name.
 */
const privateEnd =
  /\.(?:svc|cluster|local|localdomain|localhost|internal|intranet|lan|home|corp|private|example|test|invalid|domain|default|xx)$/i
const placeholder = /(?:^|\.)example\.(?:com|net|org)$/i
/** Private registries of Amazon ECR: that is where the images are moved. */
const privateRegistry = /\.dkr\.ecr(?:-fips)?\.[\w.-]+$/i

/** Names of a chart's own services. */
export interface OwnNames {
  /** Names of services, which are the first part of an address within the cluster. */
  readonly services: ReadonlySet<string>
  readonly namespaces: ReadonlySet<string>
  /** Hosts that its routes serve. */
  readonly hosts: ReadonlySet<string>
}

/** True for a host outside the cluster that serves no images: registries are open questions of their own. */
export function isOutside(host: string, { services, namespaces, hosts }: OwnNames): boolean {
  if (!hostPattern.test(host) || isPublicRegistry(host) || privateRegistry.test(host)) return false
  const name = host.replace(/:\d+$/, '').toLowerCase()
  if (privateEnd.test(name) || placeholder.test(name) || hosts.has(name)) return false
  const [first = '', ...rest] = name.split('.')
  const isService = services.has(first) || first === 'kubernetes'
  if (isService && rest.length === 1) return false
  if (rest.length === 1 && namespaces.has(rest[0] ?? '')) return false
  return reachOfHost(host) === 'global'
}

/** Kinds that say under which hosts a chart's own services are reached. */
const routeKinds =
  /^(?:Ingress|IngressRoute|HTTPRoute|GRPCRoute|TLSRoute|Gateway|VirtualService|Certificate|Route|HTTPProxy)$/
const hostKey = /^(?:hosts?|hostnames?|dnsNames|commonName|fqdn)$/

/** Collects the names of a render. */
export function ownNamesIn(documents: readonly RenderedDocument[]): OwnNames {
  const own = {
    services: new Set<string>(),
    namespaces: new Set<string>(),
    hosts: new Set<string>(),
  }
  for (const { kind, name, root } of documents) {
    if (kind === 'Service') own.services.add(name.toLowerCase())
    if (kind === 'Namespace') own.namespaces.add(name.toLowerCase())
    const metadata = isTree(root) ? root['metadata'] : undefined
    const namespace = isTree(metadata) ? metadata['namespace'] : undefined
    if (typeof namespace === 'string') own.namespaces.add(namespace.toLowerCase())
    if (routeKinds.test(kind)) collectHosts(root, '', own.hosts)
  }
  return own
}

function collectHosts(node: ValuesNode | undefined, key: string, hosts: Set<string>): void {
  if (typeof node === 'string' && hostKey.test(key)) hosts.add(node.toLowerCase())
  if (Array.isArray(node)) for (const item of node) collectHosts(item, key, hosts)
  if (!isTree(node)) return
  for (const [name, child] of Object.entries(node)) collectHosts(child, name, hosts)
}
