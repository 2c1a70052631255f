import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { ProxyAgent } from 'proxy-agent'
import { redactUrl } from '../../model/internet/url.ts'
import { type Problem, ProblemError } from '../../model/problem.ts'
import type { HttpMethod } from '../http/types.ts'
import { problemOfStatus } from '../http/problem.ts'
import type { Watch } from '../http/watch.ts'
import type { Border } from './border.ts'

/** One request as it goes out. */
export interface Outgoing {
  readonly method: HttpMethod
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Leave every status to the caller. */
  readonly anyStatus?: boolean
  /** A user gave this address; that of a registry may come from an image of a chart. */
  readonly isGiven?: boolean
  /** The address that named this one; none when a user did. */
  readonly namedBy?: string
}

/** What every request of one door goes through. */
export interface Passage {
  readonly agent: ProxyAgent
  readonly border: Border
  /** True when no proxy is between here and the address. */
  readonly isDirect: (url: URL) => boolean
}

const maximumRedirects = 5

/**
 * Sends a request, and follows redirects of a GET or HEAD where the border lets them pass. Returns the answer and the
 * address that gave it. Throws `ProblemError`.
 */
export async function follow(
  outgoing: Outgoing,
  passage: Passage,
  watch: Watch,
): Promise<[IncomingMessage, URL]> {
  const { method, url: start, anyStatus = false } = outgoing
  if (!/^https?:/i.test(start) || !URL.canParse(start)) {
    refuse(`"${redactUrl(start)}" is not an http or https URL`, 'invalid-input', 'input')
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
    // Whatever a redirect says beside its location is not worth reading to the end.
    response.destroy()
    if (!URL.canParse(location, url.href)) {
      refuse(`"${redactUrl(url)}" redirects to an invalid URL`, 'unknown', 'source')
    }
    const next = new URL(location, url)
    // Credentials are for the host that they were meant for.
    if (next.host !== url.host) sent = withoutCredentials(sent)
    namedBy = url
    url = next
  }
  const words = `"${redactUrl(start)}" redirects more than ${maximumRedirects} times`
  return refuse(words, 'unknown', 'source')
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
  // A proxy resolves names itself; who answers through it is not seen.
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
      const message = `the proxy refuses a connection to "${url.host}" (status ${statusCode})`
      reject(new ProblemError({ kind: 'network', side: 'local', message }))
      call.destroy()
    })
    call.on('socket', (socket) => {
      const problem = direct ? border.judgeSocket(url, namedBy, socket) : undefined
      if (problem !== undefined) call.destroy(new ProblemError(problem))
      // A kept connection is ready at once; one through a tunnel is connected but still has to shake hands.
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

export function refuse(message: string, kind: Problem['kind'], side: Problem['side']): never {
  throw new ProblemError({ kind, side, message })
}
