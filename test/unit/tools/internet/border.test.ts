import type { lookup } from 'node:dns'
import { existsSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createBorder } from '../../../../scripts/lib/tools/internet/border.ts'
import { createHttp } from '../../../../scripts/lib/tools/http/http.ts'
import type { Http } from '../../../../scripts/lib/tools/http/types.ts'
import { makeCertificate } from '../../support/servers/certificates.ts'
import { startServer } from '../../support/servers/local-server.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const fast = { connectDeadline: 1000, idleDeadline: 1000 }

/** DNS that knows these names alone; every other one is a failure of the test. */
function names(known: Readonly<Record<string, readonly string[]>>): typeof lookup {
  const resolve = (
    name: string,
    _: unknown,
    callback: (error: Error | null, addresses: { address: string; family: number }[]) => void,
  ) => {
    const addresses = known[name]
    if (addresses === undefined) return callback(new Error(`unexpected look-up of ${name}`), [])
    return callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
  return resolve as unknown as typeof lookup
}

function redirectTo(location: string): RequestListener {
  return (_, to) => to.writeHead(302, { location }).end()
}

async function get(http: Http, url: string, namedBy?: string) {
  return http.get(url, { ...(namedBy !== undefined && { namedBy }) })
}

const refused = { ok: false, problem: { kind: 'unsafe-address', side: 'source' } }

describe('a redirect of a server on this machine', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[fe80::1]/',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
    'http://0.0.0.0:1/',
    'http://[::]/',
    'http://224.0.0.1/',
    'http://metadata.google.internal/computeMetadata/v1/',
    '//169.254.169.254/',
  ])('to %s is not followed', async (location) => {
    const { url } = await startServer(redirectTo(location))
    expect(await get(createHttp({ env: {}, ...fast }), url)).toMatchObject(refused)
  })

  it.each([
    ['http://user:hunter2@127.0.0.1:1/', /contains a user name or password/],
    ['//hunter2@127.0.0.1:1/', /contains a user name or password/],
    ['file:///etc/passwd', /which is less secure/],
    ['http://127.0.0.1:99999999/', /redirects to an invalid URL/],
  ])('to %s is not followed', async (location, words) => {
    const { url } = await startServer(redirectTo(location))
    const result = await get(createHttp({ env: {}, ...fast }), url)
    expect(!result.ok && result.problem.message).toMatch(words)
    expect(JSON.stringify(result)).not.toContain('hunter')
  })

  it('to another port of it, or another address of it, is followed', async () => {
    const target = await startServer((_, to) => to.end('here'))
    for (const host of ['127.0.0.1', '127.1', 'localhost']) {
      const { url } = await startServer(redirectTo(`http://${host}:${target.port}/`))
      const http = createHttp({ env: {}, ...fast, resolve: names({ localhost: ['127.0.0.1'] }) })
      expect(await get(http, url)).toMatchObject({ ok: true })
    }
  })
})

describe('an address that a server of the internet names', () => {
  const resolve = names({
    'inside.example': ['127.0.0.1'],
    'metadata.example': ['169.254.169.254', '::ffff:169.254.169.254'],
    'intranet.example': ['10.1.2.3', 'fd00::1'],
    'both.example': ['169.254.169.254', '127.0.0.1'],
    'registry.example': ['127.0.0.1'],
  })
  const namedBy = 'http://public.example/index.yaml'

  it.each([
    ['http://localhost:1/', 'this machine'],
    ['http://a.localhost:1/', 'this machine'],
    ['http://127.0.0.1:1/', 'this machine'],
    ['http://0x7f.1:1/', 'this machine'],
    ['http://[::1]:1/', 'this machine'],
    ['http://[::ffff:7f00:1]:1/', 'this machine'],
    ['http://10.0.0.1/', 'a private network'],
    ['http://100.64.0.1/', 'a private network'],
    ['http://[fd00:ec2::254]/', 'a link-local address'],
    ['http://169.254.169.254./', 'a link-local address'],
    ['http://inside.example:1/', 'this machine'],
    ['http://intranet.example/', 'a private network'],
    ['http://metadata.example/', 'a link-local address'],
    ['http://both.example/', 'a link-local address'],
  ])('%s is refused: %s', async (url, words) => {
    const result = await get(createHttp({ env: {}, ...fast, resolve }), url, namedBy)
    expect(result).toMatchObject(refused)
    expect(!result.ok && result.problem.message).toContain(words)
  })

  it('is refused also where a connection stands already', async () => {
    const server = await startServer((_, to) => to.end('here'))
    const http = createHttp({ env: {}, ...fast, resolve })
    const url = `http://inside.example:${server.port}/`
    // By another address of the same host and port, so that the pool has a connection for it.
    const first = await get(http, url, `http://127.0.0.1:${server.port}/`)
    expect(first).toMatchObject({ ok: true })
    expect(await get(http, url, namedBy)).toMatchObject(refused)
    expect(server.requests).toHaveLength(1)
  })

  it('is followed where a user has named its host', async () => {
    const server = await startServer((_, to) => to.end('here'))
    const http = createHttp({ env: {}, ...fast, resolve })
    const url = `http://inside.example:${server.port}/`
    expect(await get(http, url)).toMatchObject({ ok: true })
    expect(await get(http, `${url}again`, namedBy)).toMatchObject({ ok: true })
  })

  it('is followed where it is on the host of that server', async () => {
    const server = await startServer((_, to) => to.end('here'))
    const http = createHttp({ env: {}, ...fast, resolve })
    const url = `http://inside.example:${server.port}/`
    expect(await get(http, url, 'http://inside.example/index.yaml')).toMatchObject({ ok: true })
  })

  it('is refused where only a chart has named its host, as a registry', async () => {
    const server = await startServer((_, to) => to.end('here'))
    const http = createHttp({ env: {}, ...fast, resolve })
    const url = `http://inside.example:${server.port}/`
    expect(await http.call('GET', url)).toMatchObject({ ok: true })
    expect(await get(http, `${url}again`, namedBy)).toMatchObject(refused)
    expect(server.requests).toHaveLength(1)
  })

  it('is followed where that server itself turned out to be in the same place', async () => {
    const server = await startServer((_, to) => to.end('here'))
    const http = createHttp({ env: {}, ...fast, resolve })
    const registry = `http://registry.example:${server.port}/`
    expect(await get(http, registry)).toMatchObject({ ok: true })
    const token = `http://inside.example:${server.port}/token`
    expect(await get(http, token, registry)).toMatchObject({ ok: true })
  })

  it('is never plain HTTP when that server is not, and leaves no file of it', async () => {
    const server = await startServer((_, to) => to.end('here'))
    const file = join(makeTempFolder(), 'file')
    const http = createHttp({ env: {}, ...fast, resolve })
    const result = await http.download(server.url, file, { namedBy: 'https://public.example/' })
    expect(result).toMatchObject(refused)
    expect(!result.ok && result.problem.message).toContain('which is less secure')
    expect(server.requests).toEqual([])
    expect(existsSync(file)).toBe(false)
  })
})

describe('through a proxy', () => {
  const host = 'charts.example.test'

  it.each([
    ['http://charts.example.test/x', false],
    ['https://169.254.169.254/', false],
    ['https://10.0.0.1/', false],
    ['https://localhost/', false],
    ['https://other.example.test/', true],
  ])('the text of a redirect is judged: %s', async (location, isFollowed) => {
    const { caFile, ...tls } = makeCertificate(makeTempFolder(), host)
    const target = await startServer(redirectTo(location), tls)
    const proxy = await startServer((_, to) => to.writeHead(500).end())
    const tunnels: string[] = []
    proxy.server.on('connect', (request, socket) => {
      tunnels.push(request.url ?? '')
      if (request.url !== `${host}:443`) return void socket.end('HTTP/1.1 403 No\r\n\r\n')
      const onward = connect(target.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
      onward.on('error', () => socket.destroy())
      return undefined
    })
    const env = { HTTPS_PROXY: proxy.url.replace('//', '//me:hunter2@'), SSL_CERT_FILE: caFile }
    const result = await get(createHttp({ env, ...fast, resolve: names({}) }), `https://${host}/`)
    expect(result.ok).toBe(false)
    expect(!result.ok && result.problem.kind).toBe(isFollowed ? 'network' : 'unsafe-address')
    expect(tunnels).toHaveLength(isFollowed ? 2 : 1)
    expect(JSON.stringify(result)).not.toContain('hunter')
  })
})

describe('an address with credentials', () => {
  it.each(['http://user:hunter2@127.0.0.1:1/', 'http://hunter2@127.0.0.1:1/x?hunter3'])(
    '%s is asked nothing',
    async (url) => {
      const result = await get(createHttp({ env: {}, ...fast }), url)
      expect(result).toMatchObject({ problem: { kind: 'unsafe-address' } })
      expect(JSON.stringify(result)).not.toContain('hunter')
    },
  )
})

describe('an answer without end', () => {
  it('is cut off where a download may end', async () => {
    const { url } = await startServer((_, to) => {
      const timer = setInterval(() => to.write(Buffer.alloc(100_000)), 1)
      to.on('close', () => clearInterval(timer))
    })
    const file = join(makeTempFolder(), 'file')
    const result = await createHttp({ env: {} }).download(url, file, { maximumBytes: 1_000_000 })
    expect(!result.ok && result.problem.message).toContain('larger than 1000000 bytes')
    expect(existsSync(file)).toBe(false)
  })

  it('in headers is a problem', async () => {
    const { url } = await startServer((_, to) => {
      for (let index = 0; index < 1000; index += 1) to.setHeader(`x-${index}`, 'y'.repeat(100))
      to.end()
    })
    expect(await get(createHttp({ env: {}, ...fast }), url)).toMatchObject({
      problem: { kind: 'network' },
    })
  })

  it('in another encoding than was asked for is not decoded', async () => {
    const server = await startServer((_, to) => {
      to.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.alloc(100))
    })
    const http = createHttp({ env: {}, ...fast })
    expect(await get(http, server.url)).toMatchObject({
      problem: { kind: 'invalid-input', side: 'source' },
    })
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity')
    expect(await http.call('HEAD', server.url)).toMatchObject({ ok: true })
    // Some servers call every .tgz encoded; what is downloaded is kept as it comes.
    const file = join(makeTempFolder(), 'file')
    expect(await http.download(server.url, file)).toMatchObject({ value: { bytes: 100 } })
  })

  it.each([
    ['Fri, 31 Dec 9999 23:59:59 GMT', 86_400_000],
    ['9'.repeat(400), 86_400_000],
    ['31536000', 86_400_000],
    ['30', 30_000],
    ['-1', 0],
    ['soon', undefined],
  ])('to a pause: Retry-After %s', async (header, retryAfter) => {
    const { url } = await startServer((_, to) => to.writeHead(429, { 'retry-after': header }).end())
    const result = await get(createHttp({ env: {}, ...fast }), url)
    expect(!result.ok && result.problem.retryAfter).toBe(retryAfter)
  })
})

it('a name without an address is refused with quotes around the address alone', async () => {
  const look = createBorder(names({ 'x.io': [] })).lookupFor(new URL('https://x.io/a'), undefined)
  const error = await new Promise((resolve) => look('x.io', { all: true }, resolve))
  expect(String(error)).toMatch(/: the source points to "https:\/\/x\.io\/a" on /)
})
