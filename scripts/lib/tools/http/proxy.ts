import { BlockList, isIP } from 'node:net'
import { reachOfAddress } from '../../model/internet/address.ts'

/**
 * Returns the proxy that the environment sets for a URL, or '' for a direct connection.
 *
 * Follows the rules of Go's `http.ProxyFromEnvironment`, so that we use the same route as crane and helm: uppercase
 * first, loopback never proxied, `NO_PROXY` with domains (which cover their subdomains), `.suffixes`, addresses, CIDR
 * ranges, ports and `*`.
 */
export function proxyForUrl(url: string | URL, env: NodeJS.ProcessEnv): string {
  const { protocol, hostname, port } = new URL(url)
  const secure = protocol === 'https:' || protocol === 'wss:'
  const proxy = secure ? read(env, 'HTTPS_PROXY') : read(env, 'HTTP_PROXY')
  if (proxy === '') return ''
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (isLoopback(host)) return ''
  const effectivePort = port || (secure ? '443' : '80')
  const exempt = read(env, 'NO_PROXY')
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .some((entry) => matches(entry.toLowerCase(), host, effectivePort))
  if (exempt) return ''
  return proxy.includes('://') ? proxy : `http://${proxy}`
}

/**
 * Returns a proxy unchanged. Throws the error of `new URL` for one whose user or password cannot be decoded: the agent
 * would only fail when its errors are not handled yet.
 */
export function checkProxy(proxy: string): string {
  if (!URL.canParse(proxy)) return proxy
  const { username, password } = new URL(proxy)
  if (!/%(?![0-9a-fA-F]{2})/.test(username + password)) return proxy
  throw Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' })
}

function read(env: NodeJS.ProcessEnv, name: string): string {
  return (env[name] || env[name.toLowerCase()] || '').trim()
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || reachOfAddress(host) === 'loopback'
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  if (entry.includes('/')) return isInRange(entry, host)
  const [, name = entry, entryPort] = /^(.+):(\d+)$/.exec(isIP(entry) === 6 ? '' : entry) ?? []
  if (entryPort !== undefined && entryPort !== port) return false
  const plain = name.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '')
  if (plain.startsWith('.')) return host.endsWith(plain)
  return host === plain || (isIP(host) === 0 && host.endsWith(`.${plain}`))
}

function isInRange(entry: string, host: string): boolean {
  const [network = '', bits = ''] = entry.split('/')
  const version = isIP(network)
  if (version === 0 || version !== isIP(host)) return false
  const prefix = Number(bits)
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > (version === 4 ? 32 : 128)) return false
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const range = new BlockList()
  range.addSubnet(network, prefix, family)
  return range.check(host, family)
}
