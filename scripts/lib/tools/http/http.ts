import { createHash } from 'node:crypto'
import type { lookup } from 'node:dns'
import { open, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { ProxyAgent } from 'proxy-agent'
import { firstProblemOf, type Result, toResult } from '../../model/problem.ts'
import { redactUrl } from '../../model/internet/url.ts'
import { createAgent } from './agent.ts'
import { problemOfError } from './problem.ts'
import { proxyForUrl } from './proxy.ts'
import { type Deadlines, type Watch, watchOver } from './watch.ts'
import { createBorder } from '../internet/border.ts'
import { follow, type Outgoing, refuseAddress } from '../internet/follow.ts'
import type { Http, HttpAnswer, HttpOptions } from './types.ts'

export { createAgent } from './agent.ts'

const largestBody = 64 * 1024 * 1024
/** Download limit: the largest downloads, archives of tools, have about 20 MiB. */
const largestDownload = 512 * 1024 * 1024
const minute = 60_000

export interface HttpSettings {
  /** The environment, with proxies and certificate authorities. */
  readonly env: NodeJS.ProcessEnv
  /** A pool to share. Default: a separate one, made at the first request. */
  readonly agent?: ProxyAgent
  /** Resolves names for direct connections. Default: the system resolver. */
  readonly resolve?: typeof lookup
  readonly connectDeadline?: number
  readonly idleDeadline?: number
}

export function createHttp(settings: HttpSettings): Http {
  let { agent } = settings
  const border = createBorder(settings.resolve)
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
    const answer = async (): Promise<T> => {
      agent ??= createAgent(settings.env)
      const { headers = {}, namedBy } = options
      const outgoing = { ...request, headers, ...(namedBy !== undefined && { namedBy }) }
      const [response, finalUrl] = await follow(outgoing, { agent, border, isDirect }, watch)
      return consume(response, finalUrl, watch)
    }
    const explain = (error: unknown) =>
      // The watch has already reported why it ended the exchange; the resulting low-level error adds nothing.
      watch.signal.aborted ? firstProblemOf(watch.signal.reason) : problemOfError(error, url)
    return toResult(answer(), explain).finally(() => watch.stop())
  }
  return {
    get: (url, { maximumBytes = largestBody, ...options } = {}) =>
      exchange(
        { method: 'GET', url, isGiven: true },
        options,
        options.deadline ?? minute,
        readAll(maximumBytes),
      ),
    call: (method, url, { maximumBytes = largestBody, body, ...options } = {}) =>
      exchange(
        { method, url, anyStatus: true, ...(body !== undefined && { body }) },
        options,
        options.deadline ?? minute,
        readAll(maximumBytes),
      ),
    download: (url, file, options = {}) =>
      exchange(
        { method: 'GET', url, isGiven: true },
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
            // Opened first: an existing file is not ours, and is neither written nor removed.
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

/** Reads a body, up to a maximum of bytes. */
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
 * Refuses encoded answers: no encoding is requested and nothing is decoded, so a small answer stays small. Downloads
 * are stored as received, because some servers label every .tgz as encoded.
 */
function refuseEncoding({ statusCode = 0, headers }: IncomingMessage, url: URL): void {
  const encoding = headers['content-encoding'] ?? ''
  if (statusCode >= 300 || ['', 'identity'].includes(encoding.trim().toLowerCase())) return
  refuseAddress(
    `"${redactUrl(url)}" answered with the encoding "${encoding}", which was not requested`,
    'invalid-input',
    'source',
  )
}

function refuseSize(url: URL, maximumBytes: number): never {
  refuseAddress(
    `"${redactUrl(url)}" is larger than ${maximumBytes} bytes`,
    'invalid-input',
    'source',
  )
}
