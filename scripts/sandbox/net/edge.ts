import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Call, createCall, type Reply, type Service, text } from './call.ts'
import { type Counters, type HostCounters, increment } from './counters.ts'
import type { ActiveEffect, Faults } from './faults.ts'
import { chunksOf, type Line, type Pipe } from './pipe.ts'

export interface EdgeOptions {
  /** The services of a host, in the order in which they are tried; `undefined` for an unknown host. */
  readonly servicesOf: (host: string) => readonly Service[] | undefined
  readonly counters: Counters
  readonly faults: Faults
  /** The minimum time to respond to a request, in milliseconds. */
  readonly latency?: number
  /** The bandwidth-limited line of a host; `undefined` without a limit. */
  readonly lineOf?: (host: string) => Line | undefined
}

export type Edge = (request: IncomingMessage, response: ServerResponse) => void

/** Everything between a TLS connection and a service: counters, faults, and the transfer of bodies. */
export function createEdge(options: EdgeOptions): Edge {
  return (request, response) => {
    serve(options, request, response).catch((error: unknown) => {
      // A bug in the sandbox must fail the test that triggers it, not leave a client hanging.
      if (response.headersSent) response.destroy()
      else response.writeHead(500).end(`sandbox: ${String(error)}`)
    })
  }
}

async function serve(options: EdgeOptions, request: IncomingMessage, response: ServerResponse) {
  const host = (request.headers.host ?? '').replace(/:443$/, '').toLowerCase()
  const services = options.servicesOf(host)
  if (!services) return void response.writeHead(421).end()

  const counters = options.counters.of(host)
  const line = options.lineOf?.(host)
  const call = createCall({
    host,
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers: request.headers,
    body: countedBody(request, counters, line?.up),
  })
  const service = services.find((one) => one.accepts?.(call) ?? true)
  const operation = (await service?.operation(call)) ?? { name: 'unknown', write: false }
  counters.requests += 1
  if (operation.write) counters.writes += 1
  increment(counters.operations, operation.name)

  const { method, path } = call
  const effects = options.faults.effectsOn({ host, method, path, operation: operation.name })
  for (const effect of [{ latency: options.latency ?? 0 }, ...effects]) {
    if ('latency' in effect && effect.latency > 0) await sleep(effect.latency)
    if ('reset' in effect) return void request.socket.destroy()
    if ('stall' in effect) return
  }
  const reply =
    (await faultyReply(effects, call, service)) ?? (await service?.answer(call)) ?? notFound(call)
  increment(counters.statuses, reply.status)
  await send(reply, effects, {
    request,
    response,
    counters,
    ...(line && { down: line.down }),
  })
}

async function* countedBody(request: IncomingMessage, counters: HostCounters, up?: Pipe) {
  for await (const chunk of request as AsyncIterable<Buffer>) {
    await up?.pass(chunk.length)
    counters.bytesIn += chunk.length
    yield chunk
  }
}

async function faultyReply(
  effects: readonly ActiveEffect[],
  call: Call,
  service?: Service,
): Promise<Reply | undefined> {
  for (const effect of effects) {
    if ('throttle' in effect)
      return (await service?.throttled(call)) ?? text(429, 'Too many requests')
    if ('status' in effect) return text(effect.status, effect.body ?? '', effect.headers)
  }
  return undefined
}

function notFound(call: Call): Reply {
  return text(404, `404 page not found: ${call.path}\n`)
}

interface Way {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly counters: HostCounters
  readonly down?: Pipe
}

async function send(reply: Reply, effects: readonly ActiveEffect[], way: Way): Promise<void> {
  const { request, response, counters } = way
  if (reply.open) return stream(reply, reply.open, way)
  const body = Buffer.isBuffer(reply.body) ? reply.body : Buffer.from(reply.body ?? '')
  const headers = { 'content-length': String(body.length), ...reply.headers }
  // Unread bytes must be drained, or the connection could not be reused.
  request.resume()
  response.writeHead(reply.status, headers)
  if (request.method === 'HEAD' || reply.status === 304) return void response.end()

  for (const effect of effects) {
    if ('truncate' in effect) {
      const part = body.subarray(0, effect.truncate)
      counters.bytesOut += part.length
      return void response.write(part, () => request.socket.destroy())
    }
    if ('slow' in effect) return trickle(body, effect.slow, way)
  }
  if (way.down) return flow(body, way.down, way)
  counters.bytesOut += body.length
  response.end(body)
}

/** Writes chunks as they arrive, until either side closes. */
function stream(reply: Reply, open: NonNullable<Reply['open']>, way: Way): void {
  const { request, response, counters } = way
  request.resume()
  response.writeHead(reply.status, reply.headers)
  response.flushHeaders()
  const close = open({
    write(chunk) {
      counters.bytesOut += Buffer.byteLength(chunk)
      response.write(chunk)
    },
    end: () => response.end(),
  })
  response.on('close', close)
}

/** Writes as fast as the line and the client allow. */
async function flow(body: Buffer, down: Pipe, { response, counters }: Way): Promise<void> {
  for (const chunk of chunksOf(body)) {
    await down.pass(chunk.length)
    if (response.destroyed) return
    counters.bytesOut += chunk.length
    // Called when the chunk has been sent, and also when it never will be.
    await new Promise<unknown>((settle) => response.write(chunk, settle))
  }
  response.end()
}

/** Writes ten times per second. */
async function trickle(body: Buffer, perSecond: number, way: Way): Promise<void> {
  const { response, counters } = way
  const step = Math.max(1, Math.floor(perSecond / 10))
  for (let start = 0; start < body.length && !response.destroyed; start += step) {
    const part = body.subarray(start, start + step)
    counters.bytesOut += part.length
    response.write(part)
    await sleep(100)
  }
  response.end()
}
