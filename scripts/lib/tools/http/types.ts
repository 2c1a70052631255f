import type { IncomingHttpHeaders } from 'node:http'
import type { Result } from '../../model/problem.ts'

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
