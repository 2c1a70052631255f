import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { type Duplex, setDefaultHighWaterMark } from 'node:stream'
import type { Authority } from './authority.ts'
import type { Edge } from './edge.ts'

export interface ProxyOptions {
  readonly authority: Authority
  readonly edge: Edge
  readonly knows: (host: string) => boolean
  /** A fixed port; any free port if omitted. */
  readonly port?: number
}

export interface Proxy {
  readonly url: string
  /** Hosts that were requested but are not served, each once, in order. */
  refused(): string[]
  resetRefused(): void
  close(): Promise<void>
}

/**
 * Bytes that streams of this process buffer. While a response of more than that is being written, Node pauses the parser
 * of its connection; a request that a fast client sends meanwhile ends the connection (`HPE_PAUSED`, seen with Node
 * 20.20 for TLS connections that were handed to a server).
 */
const buffered = 32 * 1024 * 1024

/**
 * An HTTPS forward proxy on loopback that terminates every tunnel: it accepts `CONNECT host:443`, then answers the
 * TLS handshake with a certificate for that host. Nothing leaves this process.
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { authority, edge, knows } = options
  const refusals = new Set<string>()
  const sockets = new Set<Duplex>()
  setDefaultHighWaterMark(false, buffered)

  const inside = createHttpsServer(
    {
      SNICallback: (host, answer) => {
        authority.contextFor(host).then((context) => answer(null, context), answer)
      },
    },
    edge,
  )
  // A client that reuses connections must never find one closed.
  inside.keepAliveTimeout = 0
  inside.requestTimeout = 0
  inside.on('tlsClientError', () => {})

  const outside = createHttpServer((request, response) => {
    refusals.add(hostOf(request.url ?? ''))
    response.writeHead(403).end('sandbox: only https through CONNECT is served\n')
  })
  outside.on('connection', (socket: Socket) => {
    socket.setNoDelay(true)
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  outside.on('connect', (request, socket, head) => {
    const target = (request.url ?? '').toLowerCase()
    if (!target.endsWith(':443') || !knows(hostOf(target))) {
      refusals.add(target.endsWith(':443') ? hostOf(target) : target)
      return void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    if (head.length > 0) socket.unshift(head)
    // The documented way to pass an HTTP server a connection that it did not accept.
    inside.emit('connection', socket)
  })

  await new Promise<void>((resolve, reject) => {
    outside.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = outside.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    refused: () => [...refusals],
    resetRefused: () => refusals.clear(),
    close: () =>
      new Promise((resolve) => {
        outside.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function hostOf(target: string): string {
  return target.replace(/^\w+:\/\//, '').replace(/[:/].*$/, '')
}
