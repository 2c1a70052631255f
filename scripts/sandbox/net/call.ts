import type { IncomingHttpHeaders } from 'node:http'

/** One request as a service sees it; plain enough to be made by hand in a test. */
export interface Call {
  readonly host: string
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The body as it arrives. Either this or `read` may be used, once. */
  stream(): AsyncIterable<Buffer>
  /** The whole body; may be asked for repeatedly. */
  read(): Promise<Buffer>
}

/** What a service answers. `content-length` and the date are added on the way out. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
  /** Instead of a body: one that goes on for as long as the client listens. Returns the way to stop it. */
  readonly open?: (sink: Sink) => () => void
}

/** Where an answer without an end is written to. */
export interface Sink {
  readonly write: (chunk: string) => void
  readonly end: () => void
}

/** What a request is for, told before it is served: `manifestGet`, `CreateRepository`… */
export interface Operation {
  readonly name: string
  /** Whether it is meant to change something, whatever becomes of it. */
  readonly write: boolean
}

/** One kind of server: it names its operations, answers them and knows its own way to say "slow down". */
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

/** Makes a call from its parts; `target` is path and query as in the request line. */
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
