import type { IncomingMessage } from 'node:http'
import type { Problem } from '../../model/problem.ts'
import { redactUrl } from '../../model/internet/url.ts'
import { redactSecrets } from '../../model/text/redact.ts'
import type { HttpAnswer } from './types.ts'

/** Returns the problem of an answer's status; nothing for success (2xx, or 304 for a conditional request). */
export function problemOfStatus(
  response: Pick<IncomingMessage, 'statusCode' | 'statusMessage' | 'headers'>,
  url: string | URL,
): Problem | undefined {
  const status = response.statusCode ?? 0
  if ((status >= 200 && status < 300) || status === 304) return undefined
  const side = 'source'
  const answered = `"${redactUrl(url)}" answered ${[status, response.statusMessage?.slice(0, longestReason)].join(' ').trim()}`
  if (status === 404 || status === 410) return { kind: 'not-found', side, message: answered }
  if (status === 401) return { kind: 'unauthorized', side, message: answered }
  if (status === 403) return { kind: 'access-denied', side, message: answered }
  const retryAfter = readRetryAfter(response.headers['retry-after'])
  if (status === 429) {
    const next =
      retryAfter === undefined
        ? 'wait a while, then rerun'
        : retryAfter === longestWait
          ? 'wait at least a day, as the server requests, then rerun'
          : `rerun in ${Math.ceil(retryAfter / 1000)} s`
    const wait = retryAfter !== undefined && { retryAfter }
    return { kind: 'rate-limited', side, message: answered, next, ...wait }
  }
  if (status >= 500) return { kind: 'server-error', side, message: answered }
  return { kind: 'unknown', side, message: answered }
}

/** Does the same for an answer that was already read. */
export function problemOfAnswer({
  status,
  headers,
  url,
}: Pick<HttpAnswer, 'status' | 'headers' | 'url'>) {
  return problemOfStatus({ statusCode: status, statusMessage: '', headers }, url)
}

/** A day: longer delays are treated the same. */
const longestWait = 86_400_000
/** Maximum length of a reason phrase, which can be as long as all headers together. */
const longestReason = 100

/** Returns the milliseconds of a Retry-After header, given as seconds or as a date; at most a day. */
function readRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(0, wait), longestWait)
}

/** Returns the problem of a failed exchange, according to its error code. */
export function problemOfError(error: unknown, url: string | URL): Problem {
  // When every address of a host fails, Node wraps the failures, and only the parts have messages.
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const message = cause instanceof Error ? cause.message : String(cause)
  const where = `"${redactUrl(url)}"`
  const words = redactSecrets(message)
  if (code === 'ERR_INVALID_URL' || words.startsWith('Unsupported protocol for proxy')) {
    return {
      kind: 'invalid-input',
      side: 'local',
      message: `the proxy configured for ${where} is not usable: ${words}`,
      next: 'correct HTTPS_PROXY or HTTP_PROXY; the form is http://host:port',
    }
  }
  if (/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO)/.test(code)) {
    return {
      kind: 'tls',
      side: 'local',
      message: `cannot establish a trusted connection to ${where}: ${words}`,
      next: 'if a proxy or mirror uses a private certificate authority, set SSL_CERT_FILE to its CA file',
      detail: code,
    }
  }
  if (code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE') {
    return {
      kind: 'network',
      side: 'unknown',
      message: `the connection to ${where} was lost`,
      detail: words,
    }
  }
  // File system codes can only come from the file that a download is written to.
  const isLocal = ['ENOSPC', 'EACCES', 'EROFS', 'EDQUOT', 'EEXIST', 'ENOENT', 'EISDIR'].includes(
    code,
  )
  if (isLocal) return { kind: 'unknown', side: 'local', message: `cannot store ${where}: ${words}` }
  return { kind: 'network', side: 'unknown', message: `cannot reach ${where}: ${words}` }
}
