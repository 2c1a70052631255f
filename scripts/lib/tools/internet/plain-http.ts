import { mayBePlainHttp } from '../../model/internet/address.ts'
import { proxyForUrl } from '../http-proxy.ts'

/** The discard port of this machine, where nothing listens: a proxy that refuses every connection at once. */
export const deadProxy = '127.0.0.1:9'

/** Where the clouds serve credentials of instances. */
const metadataService = 'http://169.254.169.254/'

/**
 * Returns an environment in which crane and helm cannot be redirected from https to plain HTTP, which Go's client follows:
 * requests without TLS go to a proxy that refuses every connection. The environment stays as it is when one of the hosts
 * may be a registry without TLS. Loopback is not covered, because Go never uses a proxy for it.
 *
 * @param hosts the registries that the child talks to, as the user named them
 */
export function withoutPlainHttp(
  env: NodeJS.ProcessEnv,
  hosts: readonly string[],
): NodeJS.ProcessEnv {
  if (hosts.some(mayBePlainHttp)) return env
  const proxy = `http://${deadProxy}`
  const { NO_PROXY, no_proxy: lowerNo, HTTPS_PROXY, https_proxy: lowerHttps, ...others } = env
  const entries = (NO_PROXY || lowerNo || '').split(/[,\s]+/).filter((entry) => entry !== '')
  // `*` turns every proxy off, the dead one too.
  const isOff = entries.includes('*')
  const exempt = isOff ? '' : entries.filter((entry) => !exemptsMetadata(entry)).join(',')
  const httpsProxy = isOff ? '' : HTTPS_PROXY || lowerHttps || ''
  return {
    ...others,
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    HTTPS_PROXY: httpsProxy,
    https_proxy: httpsProxy,
    NO_PROXY: exempt,
    no_proxy: exempt,
  }
}

/** True for entries of NO_PROXY by which a request to the metadata service would go directly after all. */
function exemptsMetadata(entry: string): boolean {
  return proxyForUrl(metadataService, { HTTP_PROXY: deadProxy, NO_PROXY: entry }) === ''
}
