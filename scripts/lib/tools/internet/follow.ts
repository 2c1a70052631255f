import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { ProxyAgent } from 'proxy-agent'
import { redactUrl } from '../../model/internet/url.ts'
import { type Problem, ProblemError } from '../../model/problem.ts'
import type { HttpMethod } from '../http/types.ts'
import { problemOfStatus } from '../http/problem.ts'
import type { Watch } from '../http/watch.ts'
import type { Border } from './border.ts'

/** One outgoing request. */
export interface Outgoing {
  readonly method: HttpMethod
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** True to leave every status to the caller. */
  readonly anyStatus?: boolean
  /** True when the user gave this URL; that of a registry may come from an image of a chart. */
  readonly isGiven?: boolean
  /** The URL that named this one; absent for a URL from the user. */
  readonly namedBy?: string
}

/** Shared by all requests of one HTTP client. */
export interface Passage {
  readonly agent: ProxyAgent
  readonly border: Border
  /** Returns true when a URL is reached without a proxy. */
  readonly isDirect: (url: URL) => boolean
}

const maximumRedirects = 5

/**
 * Sends a request, and follows allowed redirects of a GET or HEAD. Returns the answer and its URL. Throws
 * `ProblemError`.
 */
export async function follow(
  outgoing: Outgoing,
  passage: Passage,
  watch: Watch,
): Promise<[IncomingMessage, URL]> {
  const { method, url: start, anyStatus = false } = outgoing
  if (!/^https?:/i.test(start) || !URL.canParse(start)) {
    refuseAddress(`"${redactUrl(start)}" is not an http or https URL`, 'invalid-input', 'input')
  }
  let url = new URL(start)
  let namedBy = outgoing.namedBy === undefined ? undefined : new URL(outgoing.namedBy)
  if (outgoing.isGiven && namedBy === undefined) passage.border.name(url)
  let sent = outgoing.headers
  const mayFollow = method === 'GET' || method === 'HEAD'
  for (let hops = 0; hops <= maximumRedirects; hops++) {
    const problem = passage.border.judge(url, namedBy)
    if (problem !== undefined) throw new ProblemError(problem)
    const response = await send({ ...outgoing, headers: sent }, { url, namedBy }, passage, watch)
    const { location } = response.headers
    const isRedirect = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0)
    if (!isRedirect || !mayFollow || location === undefined) {
      const fault = anyStatus ? undefined : problemOfStatus(response, url)
      if (fault === undefined) return [response, url]
      response.destroy()
      throw new ProblemError(fault)
    }
    // The body of a redirect is not needed.
    response.destroy()
    if (!URL.canParse(location, url.href)) {
      refuseAddress(`"${redactUrl(url)}" redirects to an invalid URL`, 'unknown', 'source')
    }
    const next = new URL(location, url)
    // Credentials are only sent to their own host.
    if (next.host !== url.host) sent = withoutCredentials(sent)
    namedBy = url
    url = next
  }
  const words = `"${redactUrl(start)}" redirects more than ${maximumRedirects} times`
  return refuseAddress(words, 'unknown', 'source')
}

function withoutCredentials(headers: Outgoing['headers']): Outgoing['headers'] {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(?:authorization|cookie)$/i.test(name)),
  )
}

function send(
  { method, headers, body }: Outgoing,
  { url, namedBy }: { readonly url: URL; readonly namedBy: URL | undefined },
  { agent, border, isDirect }: Passage,
  watch: Watch,
): Promise<IncomingMessage> {
  // A proxy resolves names itself, so the final address is unknown.
  const direct = isDirect(url)
  const isSecure = url.protocol === 'https:'
  const request = isSecure ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    watch.connecting()
    const call = request(url, {
      method,
      agent,
      signal: watch.signal,
      ...(direct && { lookup: border.lookupFor(url, namedBy) }),
      headers: {
        'user-agent': 'ecr-airlift',
        'accept-encoding': 'identity',
        ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
        ...headers,
      },
    })
    call.on('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      if (statusCode === 200) return
      const message = `the proxy refused a connection to "${url.host}" (status ${statusCode})`
      reject(new ProblemError({ kind: 'network', side: 'local', message }))
      call.destroy()
    })
    call.on('socket', (socket) => {
      const problem = direct ? border.judgeSocket(url, namedBy, socket) : undefined
      if (problem !== undefined) call.destroy(new ProblemError(problem))
      // A kept-alive connection is ready at once; one through a tunnel is connected but still needs a TLS handshake.
      const isShaking = 'secureConnecting' in socket && socket.secureConnecting === true
      if (!socket.connecting && !isShaking) watch.progress()
      else socket.once(isSecure ? 'secureConnect' : 'connect', () => watch.progress())
    })
    call.on('response', (response) => {
      if (direct) border.learn(url, response.socket)
      resolve(response)
    })
    call.on('error', reject)
    call.end(body)
  })
}

export function refuseAddress(
  message: string,
  kind: Problem['kind'],
  side: Problem['side'],
): never {
  throw new ProblemError({ kind, side, message })
}
