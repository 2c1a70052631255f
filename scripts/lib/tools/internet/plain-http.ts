import { mayBePlainHttp } from '../../model/internet/address.ts'
import { proxyForUrl } from '../http/proxy.ts'
import type { Environment, Surroundings } from '../process/environment.ts'

/** The discard port of this machine, where nothing listens: a proxy that refuses every connection at once. */
export const deadProxy = '127.0.0.1:9'

/** The address where clouds serve instance credentials. */
const metadataService = 'http://169.254.169.254/'

/**
 * Returns surroundings in which crane and helm cannot be redirected from https to plain HTTP, which Go's client would
 * follow: requests without TLS go to a proxy that refuses every connection. Returns them unchanged when one of the
 * hosts may be a registry without TLS. Loopback is not covered, because Go never uses a proxy for it.
 *
 * @param hosts the registries that the child connects to, as given by the user
 */
export function withoutPlainHttp(
  surroundings: Surroundings,
  hosts: readonly string[],
): Surroundings {
  if (hosts.some(mayBePlainHttp)) return surroundings
  return { ...surroundings, env: withDeadProxy(surroundings.env) }
}

function withDeadProxy(env: Environment): Environment {
  const proxy = `http://${deadProxy}`
  const { NO_PROXY, no_proxy: lowerNo, HTTPS_PROXY, https_proxy: lowerHttps } = env
  const entries = (NO_PROXY || lowerNo || '').split(/[,\s]+/).filter((entry) => entry !== '')
  // `*` turns every proxy off, including this one.
  const isOff = entries.includes('*')
  const exempt = isOff ? '' : entries.filter((entry) => !exemptsMetadata(entry)).join(',')
  const httpsProxy = isOff ? '' : HTTPS_PROXY || lowerHttps || ''
  return Object.assign(Object.create(null), {
    ...env,
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    HTTPS_PROXY: httpsProxy,
    https_proxy: httpsProxy,
    NO_PROXY: exempt,
    no_proxy: exempt,
  })
}

/** Returns true for entries of NO_PROXY that would let a request to the metadata service bypass the proxy. */
function exemptsMetadata(entry: string): boolean {
  return proxyForUrl(metadataService, { HTTP_PROXY: deadProxy, NO_PROXY: entry }) === ''
}
