import type { IncomingHttpHeaders } from 'node:http'
import type { Result } from '../../model/problem.ts'

export interface HttpOptions {
  readonly signal?: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds for the whole exchange, redirects included. Default: one minute; ten for a download. */
  readonly deadline?: number
  /**
   * The URL whose answer named this one, such as an index, or a registry with its realm. The same rules as for a
   * redirect apply. Default: the URL comes from the user and may point anywhere.
   */
  readonly namedBy?: string
  /** Maximum body size in bytes. Default: 64 MiB; 512 MiB for a download. */
  readonly maximumBytes?: number
}

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The URL of the answer, after redirects. */
  readonly url: string
}

/** The only HTTP client of ecr-airlift. For `get` and `download`, any answer but 2xx or 304 is a problem. */
export interface Http {
  get(url: string, options?: HttpOptions): Promise<Result<HttpAnswer>>
  /**
   * Makes one exchange and leaves the status to the caller: every answer is a success. Follows redirects for GET and
   * HEAD.
   */
  call(
    method: HttpMethod,
    url: string,
    options?: HttpOptions & { readonly body?: string },
  ): Promise<Result<HttpAnswer>>
  /** Streams a body to a new file, which is removed if the download fails. */
  download(
    url: string,
    file: string,
    options?: HttpOptions,
  ): Promise<Result<{ readonly sha256: string; readonly bytes: number }>>
}
