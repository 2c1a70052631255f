import type { IncomingHttpHeaders } from 'node:http'

/** One request as a service receives it; simple enough for a test to construct. */
export interface Call {
  readonly host: string
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The body as a stream. Either this or `read` can be used, and this only once. */
  stream(): AsyncIterable<Buffer>
  /** The whole body; can be called repeatedly. */
  read(): Promise<Buffer>
}

/** The response of a service. `content-length` and the date are added later. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
  /** An endless body that replaces `body`. Returns the function that stops it. */
  readonly open?: (sink: Sink) => () => void
}

/** The destination of an endless response. */
export interface Sink {
  readonly write: (chunk: string) => void
  readonly end: () => void
}

/** The operation of a request, determined before it is served: `manifestGet`, `CreateRepository`… */
export interface Operation {
  readonly name: string
  /** True if the request is meant to change something, even if it fails. */
  readonly write: boolean
}

/** One kind of server: it names its operations, serves them, and has its own throttling response. */
export interface Service {
  accepts?(call: Call): boolean
  operation(call: Call): Operation | Promise<Operation>
  answer(call: Call): Reply | Promise<Reply>
  throttled(call: Call): Reply | Promise<Reply>
}

export interface CallParts {
  readonly host: string
  readonly method?: string
  readonly target?: string
  readonly headers?: IncomingHttpHeaders
  readonly body?: AsyncIterable<Buffer>
}

/** Makes a call from its parts; `target` is the path and query of the request line. */
export function createCall(parts: CallParts): Call {
  const url = new URL(`https://${parts.host}${parts.target ?? '/'}`)
  const stream = () => parts.body ?? emptyBody()
  let whole: Promise<Buffer> | undefined
  return {
    host: parts.host,
    method: parts.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: parts.headers ?? {},
    stream,
    read: () => (whole ??= collect(stream())),
  }
}

export async function* bodyOf(content: string | Buffer): AsyncGenerator<Buffer> {
  yield Buffer.from(content)
}

async function* emptyBody(): AsyncGenerator<Buffer> {}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
}
