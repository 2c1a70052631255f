import { BlockList, isIP } from 'node:net'
import { beforeAny } from '../text/trim.ts'

/**
 * The network that an address is on. `site` is a private network; `special` is never the address of a server: unspecified,
 * multicast, documentation, reserved.
 */
export type Reach = 'global' | 'site' | 'loopback' | 'link-local' | 'special'

// IANA's registries of special-purpose addresses (RFC 6890 and its updates). The first match holds.
const ranges: readonly (readonly [Reach, readonly string[]])[] = [
  ['loopback', ['127.0.0.0/8', '::1/128']],
  // Instance metadata services answer here: on link-local addresses, and on EC2, EKS, Google Cloud and Alibaba Cloud on
  // private ones.
  [
    'link-local',
    ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::/32', 'fd20:ce::254/128', '100.100.100.200/32'],
  ],
  // RFC 1918, carrier-grade NAT, benchmarks between networks, unique local, site local, local NAT64.
  [
    'site',
    [
      '10.0.0.0/8',
      '172.16.0.0/12',
      '192.168.0.0/16',
      '100.64.0.0/10',
      '198.18.0.0/15',
      'fc00::/7',
      'fec0::/10',
      '64:ff9b:1::/48',
    ],
  ],
  [
    'special',
    [
      '0.0.0.0/8',
      '192.0.0.0/24',
      '192.0.2.0/24',
      '192.88.99.0/24',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '224.0.0.0/3',
      '2001::/23',
      '2001:db8::/32',
      '3fff::/20',
    ],
  ],
]

/** IPv6 addresses outside this range are not assigned. */
const globalUnicast = listOf(['2000::/3'])
const lists = ranges.map(([reach, members]) => [reach, listOf(members)] as const)
/** Global addresses that serve instances only: Azure's host. */
const metadataAddresses: ReadonlySet<string> = new Set(['168.63.129.16'])

/** Names that mean this machine (RFC 6761) or the metadata service of a cloud. */
const localName = /^(?:.+\.)?localhost$/
const metadataNames: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'instance-data',
  'instance-data.ec2.internal',
])

function listOf(members: readonly string[]): BlockList {
  const list = new BlockList()
  for (const member of members) {
    const [network = '', bits = ''] = member.split('/')
    list.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}

/** Returns the network of an IP address in any notation; undefined for other text. */
export function reachOfAddress(text: string): Reach | undefined {
  // Node appends the interface of a link-local address after `%`.
  const address = beforeAny(text, '%')
  const version = isIP(address)
  if (version === 0) return undefined
  if (version === 4) return reachOf(address, 'ipv4')
  const embedded = embeddedIPv4(groupsOf(address))
  return embedded === undefined ? reachOf(address, 'ipv6') : reachOf(embedded, 'ipv4')
}

function reachOf(address: string, family: 'ipv4' | 'ipv6'): Reach {
  if (metadataAddresses.has(address)) return 'link-local'
  const found = lists.find(([, list]) => list.check(address, family))?.[0]
  if (found !== undefined) return found
  return family === 'ipv4' || globalUnicast.check(address, 'ipv6') ? 'global' : 'special'
}

/** Returns the eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const mixed = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const [, head = '', ...bytes] = mixed ?? []
  const [a = 0, b = 0, c = 0, d = 0] = bytes.map(Number)
  const tail = [(a << 8) | b, (c << 8) | d].map((group) => group.toString(16)).join(':')
  const [left = '', right] = (mixed ? `${head}${tail}` : address).split('::')
  const first = numbersOf(left)
  const last = numbersOf(right ?? '')
  const gap = right === undefined ? 0 : 8 - first.length - last.length
  return [...first, ...Array.from({ length: gap }, () => 0), ...last]
}

function numbersOf(part: string): number[] {
  return part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
}

/** Mapped (RFC 4291), translated (RFC 7915) and NAT64 (RFC 6052). */
const embeddingPrefixes: ReadonlySet<string> = new Set([
  '0:0:0:0:0:ffff',
  '0:0:0:0:ffff:0',
  '64:ff9b:0:0:0:0',
])

/** Returns the IPv4 address that a mapped, compatible, NAT64 or 6to4 address embeds. */
function embeddedIPv4(groups: readonly number[]): string | undefined {
  const [first = 0, second = 0, third = 0] = groups
  const prefix = groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(':')
  const [high = 0, low = 0] = groups.slice(6)
  // `::` and `::1` do not embed an IPv4 address.
  if (prefix === '0:0:0:0:0:0') return high === 0 ? undefined : dotted(high, low)
  if (embeddingPrefixes.has(prefix)) return dotted(high, low)
  return first === 0x2002 ? dotted(second, third) : undefined
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/**
 * Returns the host of an authority as browsers and Node read it: in lowercase, without port and final dot, IPv4 addresses
 * in four decimal parts however they were spelled (`0x7f.1`, `2130706433`), IPv6 without brackets. Returns undefined
 * for text that is not a host.
 */
export function hostOf(authority: string): string | undefined {
  if (/[/\\?#@\s]/.test(authority) || !URL.canParse(`http://${authority}`)) return undefined
  const { hostname } = new URL(`http://${authority}`)
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

/**
 * Returns the network of a host, judged by its text only. Names are `global` unless they are known to mean this machine
 * (`localhost`) or a metadata service; what a name resolves to is known only when it is connected to.
 */
export function reachOfHost(authority: string): Reach {
  const host = hostOf(authority)
  if (host === undefined) return 'special'
  const reach = reachOfAddress(host)
  if (reach !== undefined) return reach
  if (localName.test(host)) return 'loopback'
  return metadataNames.has(host) ? 'link-local' : 'global'
}

/**
 * True when a server on one network may send a client to another. A server on the internet may name only other servers
 * on the internet; one on a private network also private ones. No server may name link-local or special addresses.
 */
export function mayLeadTo(from: Reach, to: Reach): boolean {
  switch (to) {
    case 'global':
      return true
    case 'site':
      return from === 'site' || from === 'loopback'
    case 'loopback':
      return from === 'loopback'
    case 'link-local':
    case 'special':
      return false
  }
}

/** Words for an address in messages. */
export const reachWords: Readonly<Record<Exclude<Reach, 'global'>, string>> = {
  site: 'a private network',
  loopback: 'this machine',
  'link-local': 'a link-local address, where instance metadata is served',
  special: 'a reserved address, which no public server has',
}

/**
 * True for registries with which crane speaks plain HTTP when HTTPS fails. Source: go-containerregistry v0.21,
 * pkg/name/registry.go: RFC 1918 addresses, `localhost:<port>`, `*.localhost`, 127.0.0.1 and ::1.
 */
export function mayBePlainHttp(registry: string): boolean {
  if (/^localhost:|^[^/]+\.localhost(?::\d{1,5})?$/.test(registry)) return true
  const bare = registry.replace(/:\d{1,5}$/, '')
  if (bare === '127.0.0.1' || registry === '::1' || bare === '[::1]') return true
  return isIP(bare) === 4 && rfc1918.check(bare, 'ipv4')
}

const rfc1918 = listOf(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'])
