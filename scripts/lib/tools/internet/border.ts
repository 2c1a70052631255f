import { lookup as resolveName, type LookupAddress } from 'node:dns'
import type { LookupFunction, Socket } from 'node:net'
import {
  hostOf,
  mayLeadTo,
  type Reach,
  reachOfAddress,
  reachOfHost,
  reachWords,
} from '../../model/internet/address.ts'
import { judgeNamed, redactUrl, userInfoProblem } from '../../model/internet/url.ts'
import { type Problem, ProblemError } from '../../model/problem.ts'

/**
 * Decides which URLs may be requested. A URL from the user may point anywhere. A URL from a server (a redirect, the
 * realm of a token, an archive in an index) is refused when it is less secure than the URL that named it, or when a
 * server on the internet names this machine, a private network or a metadata service.
 */
export interface Border {
  /**
   * Records that the user has named the host of a URL. Registries do not count: images in charts name them as well.
   */
  readonly name: (url: URL) => void
  /** Returns the problem of a URL according to its text; none when it may be requested. */
  readonly judge: (url: URL, namedBy: URL | undefined) => Problem | undefined
  /** Resolves names for a direct connection; leaves out addresses that are not allowed. */
  readonly lookupFor: (url: URL, namedBy: URL | undefined) => LookupFunction
  /** Returns the problem of an established connection: a pooled one was made without `lookupFor`. */
  readonly judgeSocket: (url: URL, namedBy: URL | undefined, socket: Socket) => Problem | undefined
  /** Records the address of a host that answered on a direct connection. */
  readonly learn: (url: URL, socket: Socket) => void
}

export function createBorder(resolve: typeof resolveName = resolveName): Border {
  const named = new Set<string>()
  const seen = new Map<string, Reach>()
  const reachOf = (url: URL): Reach => {
    const reach = reachOfHost(url.host)
    return reach === 'global' ? (seen.get(hostIn(url)) ?? reach) : reach
  }
  const mayGo = (url: URL, namedBy: URL | undefined, reach: Reach): boolean =>
    namedBy === undefined ||
    hostIn(url) === hostIn(namedBy) ||
    named.has(hostIn(url)) ||
    mayLeadTo(reachOf(namedBy), reach)

  return {
    name: (url) => void named.add(hostIn(url)),
    judge(url, namedBy) {
      if (namedBy === undefined) return withoutUserInfo(url)
      const reach = reachOfHost(url.host)
      const outside = mayGo(url, namedBy, reach) ? undefined : outOfBounds(url, namedBy, reach)
      return judgeNamed(url, namedBy) ?? outside
    },
    lookupFor: (url, namedBy) => (hostname, options, callback) => {
      resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
        if (error !== null) return callback(error, [])
        const admitted = addresses.filter(({ address }) =>
          mayGo(url, namedBy, reachOfAddress(address) ?? 'special'),
        )
        const [first] = admitted
        if (first === undefined) {
          const reach = reachOfAddress(addresses[0]?.address ?? '') ?? 'special'
          return callback(new ProblemError(outOfBounds(url, namedBy, reach)), [])
        }
        if (options.all) callback(null, admitted)
        else callback(null, first.address, first.family)
      })
    },
    judgeSocket(url, namedBy, socket) {
      const reach = reachOfAddress(socket.remoteAddress ?? '')
      return reach === undefined || mayGo(url, namedBy, reach)
        ? undefined
        : outOfBounds(url, namedBy, reach)
    },
    learn(url, socket) {
      const reach = reachOfAddress(socket.remoteAddress ?? '')
      if (reach !== undefined) seen.set(hostIn(url), reach)
    },
  }
}

function hostIn(url: URL): string {
  return hostOf(url.host) ?? url.host
}

function withoutUserInfo(url: URL): Problem | undefined {
  if (url.username === '' && url.password === '') return undefined
  return { ...userInfoProblem('the address', url.href), kind: 'unsafe-address', side: 'unknown' }
}

function outOfBounds(url: URL, namedBy: URL | undefined, reach: Reach): Problem {
  const from = namedBy === undefined ? 'the source' : `"${redactUrl(namedBy)}"`
  const where = reach === 'global' ? 'another network' : reachWords[reach]
  return {
    kind: 'unsafe-address',
    side: 'source',
    message: `${from} points to "${redactUrl(url)}" on ${where}, which is not allowed`,
    next: 'if you trust that server, use its own address as the repository or source mirror',
  }
}
