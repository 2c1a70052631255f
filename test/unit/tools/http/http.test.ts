import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { describe, expect, it } from 'vitest'
import type { ProblemKind } from '../../../../scripts/lib/model/problem.ts'
import { createAgent, createHttp } from '../../../../scripts/lib/tools/http/http.ts'
import { makeCertificate } from '../../support/servers/certificates.ts'
import { startServer } from '../../support/servers/local-server.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const impatient = { env: {}, connectDeadline: 300, idleDeadline: 300 }

describe('what a server does, and what becomes of it', () => {
  const table: [string, RequestListener, ProblemKind, RegExp][] = [
    ['a missing page', (_, to) => to.writeHead(404).end(), 'not-found', /answered 404 Not Found/],
    ['a plea for login', (_, to) => to.writeHead(401).end(), 'unauthorized', /401/],
    ['a refusal', (_, to) => to.writeHead(403).end(), 'access-denied', /403/],
    ['too many requests', (_, to) => to.writeHead(429).end(), 'rate-limited', /429/],
    ['a broken server', (_, to) => to.writeHead(503).end(), 'server-error', /503/],
    ['silence', () => undefined, 'timeout', /no data from .* within 0\.3 s/],
    ['a stalled body', (_, to) => to.writeHead(200).write('x'), 'timeout', /no data/],
    [
      'a truncated body',
      (_, to) => {
        to.writeHead(200, { 'content-length': 100 })
        to.write('half', () => to.destroy())
      },
      'network',
      /was lost/,
    ],
    [
      'a circle of redirects',
      (from, to) => to.writeHead(302, { location: from.url }).end(),
      'unknown',
      /redirects more than 5 times/,
    ],
  ]
  it.each(table)('%s is a problem of its own kind', async (_, listener, kind, words) => {
    const { url } = await startServer(listener)
    const http = createHttp(impatient)
    const file = join(makeTempFolder(), 'file')
    for (const result of [await http.get(`${url}/x`), await http.download(`${url}/x`, file)]) {
      expect(result).toMatchObject({ ok: false, problem: { kind } })
      expect(!result.ok && result.problem.message).toMatch(words)
    }
    expect(existsSync(file)).toBe(false)
  })

  it('says how long a rate limit asks to wait', async () => {
    const { url } = await startServer((_, to) => to.writeHead(429, { 'retry-after': '17' }).end())
    expect(await createHttp(impatient).get(url)).toMatchObject({
      problem: { next: 'rerun in 17 s' },
    })
  })

  it('ends a slow but steady answer at the deadline for the whole', async () => {
    const { url } = await startServer((_, to) => {
      const timer = setInterval(() => to.write('x'), 20)
      to.on('close', () => clearInterval(timer))
    })
    const result = await createHttp(impatient).get(url, { deadline: 150 })
    expect(result).toMatchObject({ problem: { kind: 'timeout' } })
  })

  it('refuses a body that is larger than asked for', async () => {
    const { url } = await startServer((_, to) => to.end('x'.repeat(2000)))
    const result = await createHttp(impatient).get(url, { maximumBytes: 1000 })
    expect(!result.ok && result.problem.message).toMatch(/larger than 1000 bytes/)
  })

  it('counts an abort by the caller as interrupted, before and during the exchange', async () => {
    const { url } = await startServer(() => undefined)
    for (const signal of [AbortSignal.abort(), AbortSignal.timeout(50)]) {
      expect(await createHttp(impatient).get(url, { signal })).toMatchObject({
        problem: { kind: 'interrupted' },
      })
    }
  })

  it('names a port where nobody listens', async () => {
    const result = await createHttp(impatient).get('http://127.0.0.1:1/x')
    expect(result).toMatchObject({ problem: { kind: 'network' } })
    expect(!result.ok && result.problem.message).toMatch(/cannot reach .*ECONNREFUSED/)
  })

  it('keeps secrets of a URL out of messages', async () => {
    const { url } = await startServer((_, to) => to.writeHead(404).end())
    const result = await createHttp(impatient).get(`${url}/path?token=hunter3`)
    expect(JSON.stringify(result)).not.toMatch(/hunter/)
    expect(JSON.stringify(result)).toContain('/path?…')
  })
})

describe('redirects', () => {
  it('are followed, without taking credentials to another host', async () => {
    const target = await startServer((_, to) => to.end('here'))
    const start = await startServer((_, to) => to.writeHead(307, { location: target.url }).end())
    const result = await createHttp(impatient).get(start.url, { headers: { authorization: 'x' } })
    expect(result).toMatchObject({ ok: true, value: { status: 200, url: `${target.url}/` } })
    expect(result.ok && result.value.body.toString()).toBe('here')
    expect(start.requests[0]?.headers.authorization).toBe('x')
    expect(target.requests[0]?.headers.authorization).toBeUndefined()
  })
})

describe('a download', () => {
  it('is hashed while it is written', async () => {
    const body = Buffer.alloc(300_000, 'airlift')
    const { url } = await startServer((_, to) => to.end(body))
    const file = join(makeTempFolder(), 'file')
    const sha256 = createHash('sha256').update(body).digest('hex')
    const result = await createHttp(impatient).download(url, file)
    expect(result).toEqual({ ok: true, value: { sha256, bytes: body.length } })
    expect(readFileSync(file).equals(body)).toBe(true)
  })

  it('never touches a file that is there already', async () => {
    const { url } = await startServer((_, to) => to.end('new'))
    const file = join(makeTempFolder(), 'file')
    writeFileSync(file, 'mine')
    expect(await createHttp(impatient).download(url, file)).toMatchObject({
      problem: { side: 'local' },
    })
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })
})

function neverCalled(): never {
  throw new Error('not called by the handler')
}

describe('a proxy and a private certificate authority', () => {
  const host = 'tools.example.test'

  async function startWorld(answer: RequestListener) {
    const { caFile, ...tls } = makeCertificate(makeTempFolder(), host)
    const target = await startServer(answer, tls)
    const proxy = await startServer((_, to) => to.writeHead(500).end())
    const tunnels: string[] = []
    proxy.server.on('connect', (request, socket) => {
      tunnels.push(request.url ?? '')
      if (!request.url?.startsWith(host)) {
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
        return
      }
      const onward = connect(target.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
      for (const end of [socket, onward]) end.on('error', () => undefined)
      socket.on('close', () => onward.destroy())
    })
    return { caFile, tunnels, target, proxyUrl: proxy.url }
  }

  it.each(['AWS_CA_BUNDLE', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])(
    'both work together, the authority named by %s',
    async (variable) => {
      const { caFile, tunnels, proxyUrl } = await startWorld((_, to) => to.end('through'))
      const http = createHttp({ env: { https_proxy: proxyUrl, [variable]: caFile } })
      for (const path of ['/a', '/b']) {
        const result = await http.get(`https://${host}${path}`)
        expect(result.ok && result.value.body.toString()).toBe('through')
      }
      // One tunnel for two requests: the connection is kept.
      expect(tunnels).toEqual([`${host}:443`])
    },
  )

  it('serve the AWS SDK too, through the same agent', async () => {
    const { caFile, tunnels, proxyUrl } = await startWorld((_, to) => to.end('through'))
    const httpsAgent = createAgent({ HTTPS_PROXY: proxyUrl, AWS_CA_BUNDLE: caFile })
    const handler = new NodeHttpHandler({ httpsAgent })
    const request = { method: 'GET', protocol: 'https:', hostname: host, path: '/', headers: {} }
    const { response } = await handler.handle({ ...request, query: {}, clone: neverCalled })
    expect(response.statusCode).toBe(200)
    expect(tunnels).toHaveLength(1)
    handler.destroy()
  })

  it('an unknown authority is a problem of trust with advice', async () => {
    const { proxyUrl } = await startWorld((_, to) => to.end())
    const result = await createHttp({ env: { HTTPS_PROXY: proxyUrl } }).get(`https://${host}/`)
    expect(result).toMatchObject({ problem: { kind: 'tls' } })
    expect(!result.ok && result.problem.next).toMatch(/SSL_CERT_FILE/)
  })

  it('a proxy that refuses is named as the one who refuses', async () => {
    const { proxyUrl } = await startWorld((_, to) => to.end())
    const result = await createHttp({ env: { HTTPS_PROXY: proxyUrl } }).get('https://no.test/')
    expect(result).toMatchObject({ problem: { kind: 'network', side: 'local' } })
    expect(!result.ok && result.problem.message).toMatch(/proxy refused .*no\.test.*403/)
  })

  it.each([
    'ftp://user:hun@ter2@proxy',
    'http://user:hunter2@proxy:port',
    'http://us%zzer:hunter2@127.0.0.1:9',
    'http://user:hunter2%@127.0.0.1:9',
  ])('a malformed one is a problem that gives away no password (%s)', async (HTTPS_PROXY) => {
    const result = await createHttp({ env: { HTTPS_PROXY } }).get('https://no.test/')
    expect(result).toMatchObject({ problem: { kind: 'invalid-input', side: 'local' } })
    expect(JSON.stringify(result)).toContain('correct HTTPS_PROXY')
    expect(JSON.stringify(result)).not.toMatch(/ter2/)
  })

  it('a redirect from https to http is not followed', async () => {
    const open = await startServer((_, to) => to.end('unsafe'))
    const { caFile, proxyUrl } = await startWorld((_, to) =>
      to.writeHead(302, { location: open.url }).end(),
    )
    const env = { HTTPS_PROXY: proxyUrl, SSL_CERT_FILE: caFile }
    const result = await createHttp({ env }).get(`https://${host}/`)
    expect(!result.ok && result.problem.message).toMatch(/which is less secure/)
    expect(open.requests).toHaveLength(0)
  })

  it.each([
    ['is missing', '/nowhere/ca.pem', undefined],
    ['holds no certificate', undefined, 'nothing'],
  ])('a named file that %s is named together with its variable', async (_, path, content) => {
    const file = path ?? join(makeTempFolder(), 'ca.pem')
    if (content !== undefined) {
      writeFileSync(file, '-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n')
    }
    const result = await createHttp({ env: { AWS_CA_BUNDLE: file } }).get('https://no.test/')
    expect(!result.ok && result.problem.message).toContain(`AWS_CA_BUNDLE`)
    expect(!result.ok && result.problem.message).toContain(file)
  })
})
