import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Problem } from '../../../../scripts/lib/model/problem.ts'
import { createHttp } from '../../../../scripts/lib/tools/http/http.ts'
import type { Http, HttpAnswer } from '../../../../scripts/lib/tools/http/types.ts'
import { createRegistryClient } from '../../../../scripts/lib/tools/registry/client.ts'

const digest = `sha256:${'a'.repeat(64)}`
const repository = { registry: 'x.io', path: 'o/app' }
const base = 'https://x.io/v2'
const challenge = { 'www-authenticate': 'Bearer realm="https://auth.x.io/token",service="x.io"' }
const token = (name: string) => answer(200, {}, JSON.stringify({ token: name }))

function answer(
  status: number,
  headers: HttpAnswer['headers'] = {},
  body = '',
): Partial<HttpAnswer> {
  return { status, headers, body: Buffer.from(body) }
}

/** Answers what was foreseen, in that order, and throws on anything else. */
function serve(script: readonly (readonly [string, Partial<HttpAnswer>])[]) {
  const left = [...script]
  const sent: (string | undefined)[] = []
  const named: (string | undefined)[] = []
  const refuse = (): never => {
    throw new Error('unexpected call')
  }
  const http: Http = {
    get: refuse,
    download: refuse,
    call: async (method, url, options) => {
      const [expected, reply] = left.shift() ?? []
      if (expected !== `${method} ${url}`)
        throw new Error(`unexpected ${method} ${url}, not ${expected}`)
      sent.push(options?.headers?.['authorization'])
      named.push(options?.namedBy)
      const whole = { status: 200, headers: {}, body: Buffer.alloc(0), url, ...reply }
      return { ok: true, value: whole }
    },
  }
  const client = createRegistryClient(http, () => undefined, new AbortController().signal)
  return { client, sent, named, left }
}

describe('a registry', () => {
  const found = answer(200, {
    'docker-content-digest': digest,
    'ratelimit-remaining': '76;w=21600',
  })

  it('is asked once for its login and once for a token of each repository', async () => {
    const { client, sent, left } = serve([
      [`GET ${base}/`, answer(401, challenge)],
      ['GET https://auth.x.io/token?service=x.io&scope=repository%3Ao%2Fapp%3Apull', token('one')],
      [`HEAD ${base}/o/app/manifests/1.0`, found],
      [`HEAD ${base}/o/app/manifests/2.0`, found],
    ])
    expect(await client.head(repository, '1.0')).toEqual({
      ok: true,
      value: { digest, pullsLeft: 76 },
    })
    await client.head(repository, '2.0')
    expect(left).toEqual([])
    expect(sent).toEqual([undefined, undefined, 'Bearer one', 'Bearer one'])
  })

  const manifest = JSON.stringify({ schemaVersion: 2, layers: [{ digest, size: 1 }] })
  const computed = `sha256:${createHash('sha256').update(manifest).digest('hex')}`
  it.each([
    ['serves no HEAD', answer(405)],
    ['does not find it with HEAD', answer(404)],
    ['tells no digest', answer(200)],
  ])('that %s is asked with GET, and the digest is computed', async (_, first) => {
    const { client, left } = serve([
      [`GET ${base}/`, answer(200)],
      [`HEAD ${base}/o/app/manifests/1.0`, first],
      [`GET ${base}/o/app/manifests/1.0`, answer(200, {}, manifest)],
    ])
    expect(await client.head(repository, '1.0')).toEqual({ ok: true, value: { digest: computed } })
    expect(left).toEqual([])
  })

  it.each([
    ['not found by GET either', answer(404), answer(404), 'not-found'],
    ['a page of a proxy', answer(200), answer(200, {}, '<html></html>'), 'unknown'],
    ['JSON that is no manifest', answer(404), answer(200, {}, '{}'), 'unknown'],
  ])('has no image: %s', async (_, first, second, kind) => {
    const { client } = serve([
      [`GET ${base}/`, answer(200)],
      [`HEAD ${base}/o/app/manifests/1.0`, first],
      [`GET ${base}/o/app/manifests/1.0`, second],
    ])
    expect(await client.head(repository, '1.0')).toMatchObject({ ok: false, problem: { kind } })
  })

  it('that refuses a fresh token has answered', async () => {
    const { client, left } = serve([
      [`GET ${base}/`, answer(401, challenge)],
      ['GET https://auth.x.io/token?service=x.io&scope=repository%3Ao%2Fapp%3Apull', token('one')],
      [`HEAD ${base}/o/app/manifests/1.0`, answer(401, challenge)],
    ])
    expect(await client.head(repository, '1.0')).toMatchObject({
      ok: false,
      problem: { kind: 'unauthorized' },
    })
    expect(left).toEqual([])
  })

  it('is not believed when it answers one digest with another', async () => {
    const asked = `sha256:${'e'.repeat(64)}`
    const { client } = serve([
      [`GET ${base}/`, answer(200)],
      [`HEAD ${base}/o/app/manifests/${asked}`, found],
    ])
    expect(await client.head(repository, asked)).toMatchObject({
      ok: false,
      problem: { kind: 'digest-mismatch', side: 'source' },
    })
  })

  it.each(['', 'latest', 'sha256:1', `sha512:${'a'.repeat(128)}`, `${digest}/../x`])(
    'is not believed when it says that a digest is "%s"',
    async (other) => {
      const { client } = serve([
        [`GET ${base}/`, answer(200)],
        [`HEAD ${base}/o/app/manifests/1.0`, answer(200, { 'docker-content-digest': other })],
      ])
      expect(await client.head(repository, '1.0')).toMatchObject({
        ok: false,
        problem: { message: expect.stringContaining(`answered "${other}" for a digest`) },
      })
    },
  )

  it('names the realm of its tokens, which is judged by where it is itself', async () => {
    const { client, named } = serve([
      [`GET ${base}/`, answer(401, challenge)],
      ['GET https://auth.x.io/token?service=x.io&scope=repository%3Ao%2Fapp%3Apull', token('one')],
      [`HEAD ${base}/o/app/manifests/1.0`, found],
    ])
    await client.head(repository, '1.0')
    expect(named).toEqual([undefined, 'https://x.io', undefined])
  })

  it.each([
    ['http://169.254.169.254/token', /which is less secure/],
    ['http://auth.example/token', /which is less secure/],
    ['https://127.0.0.1:1/token', /this machine/],
    ['https://[fe80::1]/token', /link-local/],
    ['https://10.0.0.1/token', /private network/],
    ['https://user:hunter2@auth.example/token', /contains a user name or password/],
    ['https://auth.example:99999/token', /from an invalid URL/],
  ])('of the internet cannot have its tokens from %s', async (realm, says) => {
    const door = createHttp({ env: {}, connectDeadline: 500 })
    const http: Http = {
      get: () => Promise.reject(new Error('unexpected get')),
      download: () => Promise.reject(new Error('unexpected download')),
      call: async (method, url, options) => {
        if (url !== `${base}/`) return door.call(method, url, options)
        const headers = { 'www-authenticate': `Bearer realm="${realm}",service="x.io"` }
        return { ok: true, value: { status: 401, headers, body: Buffer.alloc(0), url } }
      },
    }
    const login = { username: 'me', password: 'hunter3' }
    const client = createRegistryClient(http, () => login, new AbortController().signal)
    const answered = await client.head(repository, '1.0')
    expect(answered).toMatchObject({ ok: false, problem: { kind: 'unsafe-address' } })
    expect(!answered.ok && answered.problem.message).toMatch(says)
    expect(JSON.stringify(answered)).not.toContain('hunter')
  })

  const words = (code: string, message: string) => JSON.stringify({ errors: [{ code, message }] })
  it.each<[number, string, Problem['kind']]>([
    [
      429,
      words('TOOMANYREQUESTS', 'You have reached your unauthenticated pull rate limit.'),
      'quota',
    ],
    [429, words('TOOMANYREQUESTS', 'slow down'), 'rate-limited'],
    [
      403,
      words('DENIED', 'Your authorization token has expired. Reauthenticate and try again.'),
      'credentials-expired',
    ],
    [
      400,
      words(
        'TAG_INVALID',
        "The image tag '1' already exists and cannot be overwritten because the tag is immutable.",
      ),
      'tag-immutable',
    ],
    [404, words('MANIFEST_UNKNOWN', 'manifest unknown'), 'not-found'],
    [503, 'Service Unavailable', 'server-error'],
  ])('that answers %i %s means %s', async (status, body, kind) => {
    const { client } = serve([
      [`GET ${base}/`, answer(200)],
      [`PUT ${base}/o/app/manifests/1`, answer(status, {}, body)],
    ])
    const put = await client.putManifest(repository, '1', { mediaType: 'm', text: '{}' })
    expect(put).toMatchObject({ ok: false, problem: { kind } })
  })

  it('that repeats what it was sent is quoted without it', async () => {
    const echo = words(
      'DENIED',
      'you sent Authorization: Bearer hunter2hunter2 to https://me:hunter3@x.io',
    )
    const { client } = serve([
      [`GET ${base}/`, answer(200)],
      [`PUT ${base}/o/app/manifests/1`, answer(403, {}, echo)],
    ])
    const put = await client.putManifest(repository, '1', { mediaType: 'm', text: '{}' })
    expect(!put.ok && put.problem.message).toContain('you sent Authorization: Bearer ***')
    expect(JSON.stringify(put)).not.toContain('hunter')
  })

  it.each([
    ['mounts a layer', 201, [], true],
    [
      'wants the bytes, and gets its upload closed',
      202,
      [[`DELETE ${base}/o/app/blobs/uploads/u1?s=1`, answer(204)]],
      false,
    ],
  ] as const)('%s', async (_, status, then, mounted) => {
    const { client, left } = serve([
      [`GET ${base}/`, answer(200)],
      [
        `POST ${base}/o/app/blobs/uploads/?mount=${encodeURIComponent(digest)}&from=o%2Fbase`,
        answer(status, { location: '/v2/o/app/blobs/uploads/u1?s=1' }),
      ],
      ...then,
    ])
    expect(await client.mount(repository, digest, 'o/base')).toEqual({ ok: true, value: mounted })
    expect(left).toEqual([])
  })

  it.each(['https://x.io/v2/o/app/blobs/uploads/../../../../evil', 'https://[', '/other/u1', ''])(
    'that names its upload %j is asked nothing there',
    async (location) => {
      const query = `mount=${encodeURIComponent(digest)}&from=o%2Fbase`
      const { client, left } = serve([
        [`GET ${base}/`, answer(200)],
        [`POST ${base}/o/app/blobs/uploads/?${query}`, answer(202, { location })],
      ])
      const mounted = await client.mount(repository, digest, 'o/base')
      expect([mounted, left]).toEqual([{ ok: true, value: false }, []])
    },
  )

  it('whose manifest is not what its digest says is not believed', async () => {
    const { client } = serve([
      [`GET ${base}/`, answer(200)],
      [`GET ${base}/o/app/manifests/${digest}`, answer(200, {}, '{}')],
    ])
    expect(await client.manifest(repository, digest)).toMatchObject({
      ok: false,
      problem: { kind: 'digest-mismatch' },
    })
  })
})
