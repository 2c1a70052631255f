import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { pipeline } from 'node:stream/promises'
import type { ProxyAgent } from 'proxy-agent'
import { failure, ProblemError, success, type Problem, type Result } from '../model/problem.ts'
import { redactUrl } from '../model/internet/url.ts'
import { createAgent } from './http-agent.ts'
import { HttpFailure, problemOfError, problemOfStatus } from './http-problem.ts'
import { proxyForUrl } from './http-proxy.ts'
import { watchOver, type Deadlines, type Watch } from './http-watch.ts'
import { type Border, createBorder } from './internet/border.ts'

export { createAgent } from './http-agent.ts'

/** One request as it goes out. */
interface Outgoing {
  readonly method: HttpMethod
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Leave every status to the caller. */
  readonly anyStatus?: boolean
  /** The address that named this one; none when a user did. */
  readonly namedBy?: string
}

/** What every request of one door goes through. */
interface Passage {
  readonly agent: ProxyAgent
  readonly border: Border
  /** True when no proxy is between here and the address. */
  readonly isDirect: (url: URL) => boolean
}

const maximumRedirects = 5
const largestBody = 64 * 1024 * 1024
/** The largest files that are downloaded, archives of tools, have some 20 MiB. */
const largestDownload = 512 * 1024 * 1024
const minute = 60_000

export interface HttpOptions {
  readonly signal?: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds for the whole exchange, redirects included. Default: a minute, for a download ten. */
  readonly deadline?: number
  /**
   * The address whose answer named this one, such as an index or a registry with its realm. Where that may lead is
   * judged as for a redirect. Default: a user named it, and it may lie anywhere.
   */
  readonly namedBy?: string
  /** The longest body that is read. Default: 64 MiB, for a download 512 MiB. */
  readonly maximumBytes?: number
}

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** Where the answer came from, after redirects. */
  readonly url: string
}

/** The only HTTP door of the kit. For `get` and `download` everything but a 2xx answer (or 304) is a problem. */
export interface Http {
  get(url: string, options?: HttpOptions): Promise<Result<HttpAnswer>>
  /**
   * One exchange whose status the caller judges: every answer is a value, whatever it says. Redirects are followed for
   * GET and HEAD.
   */
  call(
    method: HttpMethod,
    url: string,
    options?: HttpOptions & { readonly body?: string },
  ): Promise<Result<HttpAnswer>>
  /** Streams a body into a new file, which is removed again when the download fails. */
  download(
    url: string,
    file: string,
    options?: HttpOptions,
  ): Promise<Result<{ readonly sha256: string; readonly bytes: number }>>
}

export interface HttpSettings {
  /** Names the proxies and certificate authorities. */
  readonly env: NodeJS.ProcessEnv
  /** A pool to share. Default: an own one, made at the first request. */
  readonly agent?: ProxyAgent
  readonly connectDeadline?: number
  readonly idleDeadline?: number
}

export function createHttp(settings: HttpSettings): Http {
  let { agent } = settings
  const border = createBorder()
  const isDirect = (url: URL) => proxyForUrl(url, settings.env) === ''
  const exchange = async <T>(
    request: Omit<Outgoing, 'headers'>,
    options: HttpOptions,
    whole: number,
    consume: (response: IncomingMessage, url: URL, watch: Watch) => Promise<T>,
  ): Promise<Result<T>> => {
    const connect = settings.connectDeadline ?? 10_000
    const deadlines: Deadlines = { connect, idle: settings.idleDeadline ?? 30_000, whole }
    const { url } = request
    const watch = watchOver(url, deadlines, options.signal)
    try {
      agent ??= createAgent(settings.env)
      const { headers = {}, namedBy } = options
      const outgoing = { ...request, headers, ...(namedBy !== undefined && { namedBy }) }
      const [response, finalUrl] = await follow(outgoing, { agent, border, isDirect }, watch)
      return success(await consume(response, finalUrl, watch))
    } catch (error) {
      if (error instanceof ProblemError && error.problems[0]) return failure(error.problems[0])
      return failure(problemOfError(watch.signal.aborted ? watch.signal.reason : error, url))
    } finally {
      watch.stop()
    }
  }
  return {
    get: (url, { maximumBytes = largestBody, ...options } = {}) =>
      exchange({ method: 'GET', url }, options, options.deadline ?? minute, readAll(maximumBytes)),
    call: (method, url, { maximumBytes = largestBody, body, ...options } = {}) =>
      exchange(
        { method, url, anyStatus: true, ...(body !== undefined && { body }) },
        options,
        options.deadline ?? minute,
        readAll(maximumBytes),
      ),
    download: (url, file, options = {}) =>
      exchange(
        { method: 'GET', url },
        options,
        options.deadline ?? 10 * minute,
        async (response, finalUrl, watch) => {
          const hash = createHash('sha256')
          const { maximumBytes = largestDownload } = options
          let bytes = 0
          async function* measure(source: AsyncIterable<Buffer>) {
            for await (const chunk of source) {
              watch.progress()
              bytes += chunk.length
              if (bytes > maximumBytes) refuseSize(finalUrl, maximumBytes)
              hash.update(chunk)
              yield chunk
            }
          }
          try {
            // Opened first: what exists already is not ours, and is neither written nor removed.
            const target = await open(file, 'wx')
            try {
              await pipeline(response, measure, target.createWriteStream())
            } catch (error) {
              await rm(file, { force: true })
              throw error
            }
          } finally {
            response.destroy()
          }
          return { sha256: hash.digest('hex'), bytes }
        },
      ),
  }
}

/** Reads a body that may have so many bytes. */
function readAll(maximumBytes: number) {
  return async (response: IncomingMessage, url: URL, watch: Watch): Promise<HttpAnswer> => {
    const { statusCode: status = 0, headers } = response
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of response as AsyncIterable<Buffer>) {
      watch.progress()
      if (bytes === 0) refuseEncoding(response, url)
      bytes += chunk.length
      if (bytes > maximumBytes) refuseSize(url, maximumBytes)
      chunks.push(chunk)
    }
    return { status, headers, body: Buffer.concat(chunks), url: url.href }
  }
}

/**
 * Nothing is asked for in another encoding than its own, and nothing is decoded: a small answer stays small. Downloads
 * are kept as they come, because some servers call every .tgz encoded.
 */
function refuseEncoding({ statusCode = 0, headers }: IncomingMessage, url: URL): void {
  const encoding = headers['content-encoding'] ?? 'identity'
  if (statusCode >= 300 || /^\s*(?:identity)?\s*$/i.test(encoding)) return
  refuse(
    `"${redactUrl(url)}" answered in the encoding "${encoding}", which was not asked for`,
    'invalid-input',
    'source',
  )
}

function refuseSize(url: URL, maximumBytes: number): never {
  refuse(`"${redactUrl(url)}" is larger than ${maximumBytes} bytes`, 'invalid-input', 'source')
}

async function follow(
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
  if (namedBy === undefined) passage.border.name(url)
  let sent = outgoing.headers
  const mayFollow = method === 'GET' || method === 'HEAD'
  for (let hops = 0; hops <= maximumRedirects; hops++) {
    const problem = passage.border.judge(url, namedBy)
    if (problem !== undefined) throw new HttpFailure(problem)
    const response = await send({ ...outgoing, headers: sent }, { url, namedBy }, passage, watch)
    const { location } = response.headers
    const isRedirect = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0)
    if (!isRedirect || !mayFollow || location === undefined) {
      const fault = anyStatus ? undefined : problemOfStatus(response, url)
      if (fault === undefined) return [response, url]
      response.destroy()
      throw new HttpFailure(fault)
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
      ...(direct && namedBy !== undefined && { lookup: border.lookupFor(url, namedBy) }),
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
      reject(new HttpFailure({ kind: 'network', side: 'local', message }))
      call.destroy()
    })
    call.on('socket', (socket) => {
      const problem = direct ? border.judgeSocket(url, namedBy, socket) : undefined
      if (problem !== undefined) call.destroy(new HttpFailure(problem))
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

function refuse(message: string, kind: Problem['kind'], side: Problem['side']): never {
  throw new HttpFailure({ kind, side, message })
}
