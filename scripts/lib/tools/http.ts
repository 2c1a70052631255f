import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { pipeline } from 'node:stream/promises'
import type { ProxyAgent } from 'proxy-agent'
import { failure, ProblemError, success, type Problem, type Result } from '../model/problem.ts'
import { createAgent } from './http-agent.ts'
import { HttpFailure, problemOfError, problemOfStatus, redactUrl } from './http-problem.ts'
import { watchOver, type Deadlines, type Watch } from './http-watch.ts'

export { createAgent } from './http-agent.ts'

/** One request as it goes out. */
interface Outgoing {
  readonly method: HttpMethod
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Leave every status to the caller. */
  readonly anyStatus?: boolean
}

const maximumRedirects = 5
const largestBody = 64 * 1024 * 1024
const minute = 60_000

export interface HttpOptions {
  readonly signal?: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds for the whole exchange, redirects included. Default: a minute, for a download ten. */
  readonly deadline?: number
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
  get(
    url: string,
    options?: HttpOptions & { readonly maximumBytes?: number },
  ): Promise<Result<HttpAnswer>>
  /**
   * One exchange whose status the caller judges: every answer is a value, whatever it says. Redirects are followed for
   * GET and HEAD.
   */
  call(
    method: HttpMethod,
    url: string,
    options?: HttpOptions & { readonly body?: string; readonly maximumBytes?: number },
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
      const outgoing = { ...request, headers: options.headers ?? {} }
      const [response, finalUrl] = await follow(outgoing, agent, watch)
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
        async (response, _, watch) => {
          const hash = createHash('sha256')
          let bytes = 0
          async function* measure(source: AsyncIterable<Buffer>) {
            for await (const chunk of source) {
              watch.progress()
              bytes += chunk.length
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
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of response as AsyncIterable<Buffer>) {
      watch.progress()
      bytes += chunk.length
      if (bytes > maximumBytes) refuse(`"${redactUrl(url)}" is larger than ${maximumBytes} bytes`)
      chunks.push(chunk)
    }
    const { statusCode: status = 0, headers } = response
    return { status, headers, body: Buffer.concat(chunks), url: url.href }
  }
}

async function follow(
  outgoing: Outgoing,
  agent: ProxyAgent,
  watch: Watch,
): Promise<[IncomingMessage, URL]> {
  const { method, url: start, anyStatus = false } = outgoing
  if (!/^https?:/i.test(start) || !URL.canParse(start)) {
    refuse(`"${redactUrl(start)}" is not an http or https URL`, 'invalid-input')
  }
  let url = new URL(start)
  let sent = outgoing.headers
  const mayFollow = method === 'GET' || method === 'HEAD'
  for (let hops = 0; hops <= maximumRedirects; hops++) {
    const response = await send({ ...outgoing, headers: sent }, url, agent, watch)
    const { location } = response.headers
    const isRedirect = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0)
    if (!isRedirect || !mayFollow || location === undefined) {
      const problem = anyStatus ? undefined : problemOfStatus(response, url)
      if (problem === undefined) return [response, url]
      response.destroy()
      throw new HttpFailure(problem)
    }
    // Whatever a redirect says beside its location is not worth reading to the end.
    response.destroy()
    if (!URL.canParse(location, url.href)) refuse(`"${redactUrl(url)}" redirects to an invalid URL`)
    const next = new URL(location, url)
    if (next.protocol !== 'https:' && next.protocol !== url.protocol) {
      refuse(
        `"${redactUrl(url)}" redirects to the less safe "${redactUrl(next)}", which is not followed`,
      )
    }
    // Credentials are for the host that they were meant for.
    if (next.host !== url.host) sent = withoutCredentials(sent)
    url = next
  }
  return refuse(`"${redactUrl(start)}" redirects more than ${maximumRedirects} times`)
}

function withoutCredentials(headers: Outgoing['headers']): Outgoing['headers'] {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(?:authorization|cookie)$/i.test(name)),
  )
}

function send(
  { method, headers, body }: Outgoing,
  url: URL,
  agent: ProxyAgent,
  watch: Watch,
): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:'
  const request = isSecure ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    watch.connecting()
    const call = request(url, {
      method,
      agent,
      signal: watch.signal,
      headers: {
        'user-agent': 'ecr-airlift',
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
      // A kept connection is ready at once; one through a tunnel is connected but still has to shake hands.
      const isShaking = 'secureConnecting' in socket && socket.secureConnecting === true
      if (!socket.connecting && !isShaking) watch.progress()
      else socket.once(isSecure ? 'secureConnect' : 'connect', () => watch.progress())
    })
    call.on('response', resolve)
    call.on('error', reject)
    call.end(body)
  })
}

function refuse(message: string, kind: Problem['kind'] = 'unknown'): never {
  throw new HttpFailure({ kind, side: kind === 'invalid-input' ? 'input' : 'source', message })
}
