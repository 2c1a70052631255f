import { lookup } from 'node:dns/promises'
import { hostOf, type Reach, reachOfAddress } from '../../model/internet/address.ts'
import { proxyForUrl } from '../http/proxy.ts'
import type { Environment } from '../process/environment.ts'

/** Returns the addresses of a name; none when it does not resolve here. */
export type ResolveName = (host: string) => Promise<readonly string[]>

/** Resolves a name as the system does. */
export const resolveName: ResolveName = async (host) => {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch {
    return []
  }
}

/**
 * Returns where the host of a repository leads if that is this machine or a metadata service: helm, which does not look
 * at addresses, must not be sent there. A proxy resolves names itself; a host for which one is used leads nowhere here.
 *
 * @param repository a URL, also of an OCI registry
 */
export async function forbiddenReach(
  repository: string,
  env: Environment,
  resolveHost: ResolveName = resolveName,
): Promise<Exclude<Reach, 'global' | 'site'> | undefined> {
  const { host, protocol } = new URL(repository)
  // helm requests charts in registries over https.
  const url = new URL(`${protocol === 'http:' ? 'http' : 'https'}://${host}`)
  if (host === '' || proxyForUrl(url, env) !== '') return undefined
  for (const address of await resolveHost(hostOf(host) ?? host)) {
    const reach = reachOfAddress(address) ?? 'special'
    if (reach !== 'global' && reach !== 'site') return reach
  }
  return undefined
}
