import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { relocate, writeChart } from '../support/charts/relocating.ts'
import { test, type World, type WorldOptions } from '../support/world.ts'

interface Server {
  readonly url: string
  readonly requests: readonly IncomingMessage[]
}

/** A server of this machine that remembers what it was asked for. */
async function serve(answer: RequestListener, onEnd: (close: () => void) => void): Promise<Server> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, requests }
}

const evil = 'evil.example'
const image = `${evil}/o/app:1`

/** A manifest with one image of the hostile registry. */
function manifestWith(world: World): Promise<string> {
  const entry = { reference: image, charts: [], direct: true, reason: 'a test', found: [] }
  const manifest = { ...world.manifest, charts: [], images: [entry], relocation: {} }
  return world.write('hostile.json', JSON.stringify(manifest))
}

interface Doors {
  readonly world: (options?: WorldOptions) => Promise<World>
  readonly onTestFinished: (close: () => void) => void
}

async function mirrorFrom({ world: make, onTestFinished }: Doors, answer: RequestListener) {
  const server = await serve(answer, onTestFinished)
  const world = await make({ images: [], sandbox: { forward: { [evil]: server.url } } })
  const manifest = await manifestWith(world)
  const args = [world.registry, '--manifest', manifest, '--state-dir', await world.folderOf('s')]
  const result = await world.script('mirror-to-ecr.ts', args)
  return { server, world, ...result }
}

describe.concurrent('a registry', () => {
  test.for([
    [
      'http://auth.example/token',
      /points to "http:\/\/auth\.example\/token[^"]*", which is less secure/,
    ],
    ['http://169.254.169.254/latest/api/token', /points to ".*", which is less secure/],
    ['https://169.254.169.254/token', /on a link-local address/],
    ['https://10.1.2.3/token', /on a private network/],
    ['https://localhost/token', /on this machine/],
    ['https://me:hunter2@auth.example/token', /contains a user name or password/],
  ] as const)(
    'cannot send the kit to the realm %s',
    async ([realm, words], { world: make, onTestFinished }) => {
      const doors = { world: make, onTestFinished }
      const { code, stderr, world } = await mirrorFrom(doors, (_, to) =>
        to.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="x"` }).end(),
      )
      expect(code, stderr).toBe(3)
      expect(stderr).toMatch(words)
      expect(stderr).not.toContain('hunter')
      expect(world.sandbox.refused()).toEqual([])
    },
  )

  test('cannot redirect its manifest to the metadata service', async ({
    world,
    onTestFinished,
  }) => {
    const doors = { world, onTestFinished }
    const { code, stderr, ...made } = await mirrorFrom(doors, (from, to) =>
      from.url === '/v2/'
        ? to.writeHead(200).end()
        : to.writeHead(302, { location: 'https://169.254.169.254/latest/meta-data/' }).end(),
    )
    expect(code, stderr).toBe(3)
    expect(stderr).toMatch(
      /points to "https:\/\/169\.254\.169\.254\/latest\/meta-data\/" on a link/,
    )
    expect(made.world.sandbox.refused()).toEqual([])
  })

  test('cannot redirect the layers that crane copies to plain HTTP', async ({
    world,
    onTestFinished,
  }) => {
    const doors = { world, onTestFinished }
    const layer = Buffer.from('layer')
    const config = Buffer.from('{"architecture":"amd64","os":"linux"}')
    const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    const describeBlob = (mediaType: string, bytes: Buffer) => ({
      mediaType: `application/vnd.oci.image.${mediaType}`,
      digest: digestOf(bytes),
      size: bytes.length,
    })
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: describeBlob('config.v1+json', config),
        layers: [describeBlob('layer.v1.tar', layer)],
      }),
    )
    const { code, stderr, server, ...made } = await mirrorFrom(doors, (from, to) => {
      if (from.url === '/v2/') return to.writeHead(200).end()
      if (from.url?.includes('/blobs/')) {
        return to.writeHead(307, { location: `http://cdn.example${from.url}` }).end()
      }
      return to
        .writeHead(200, {
          'content-type': 'application/vnd.oci.image.manifest.v1+json',
          'docker-content-digest': digestOf(manifest),
          'content-length': manifest.length,
        })
        .end(from.method === 'HEAD' ? undefined : manifest)
    })
    expect(code, stderr).toBe(1)
    expect(stderr).toContain('redirects from https to plain HTTP, which is not followed')
    expect(server.requests.some(({ url }) => url?.includes('/blobs/'))).toBe(true)
    expect(made.world.sandbox.refused()).toEqual([])
  })
})

const site = 'https://fluent.github.io/helm-charts'

function offer(world: World, url: string): void {
  const body = `entries: { fluent-bit: [{ version: 0.49.0, urls: [${JSON.stringify(url)}] }] }`
  world.sandbox.addFault({ operation: 'chartIndex', effect: { status: 200, body } })
}

describe.concurrent('an index of charts', () => {
  test.for([
    ['http://fluent.github.io/helm-charts/fluent-bit-0.49.0.tgz', /which is less secure/],
    ['https://169.254.169.254/fluent-bit.tgz', /on a link-local address/],
    ['https://[::ffff:10.0.0.1]/fluent-bit.tgz', /on a private network/],
    ['https://me:hunter2@fluent.github.io/fluent-bit.tgz', /contains a user name or password/],
  ] as const)('cannot name the archive %s', async ([url, words], { world: make }) => {
    const world = await make({ charts: ['fluent-bit'] })
    offer(world, url)
    const mirrored = await world.mirror(['--charts-only'])
    expect([1, 3], mirrored.stderr).toContain(mirrored.code)
    const repo = ['--repo', site, '--version', '0.49.0']
    const relocated = await relocate(world, 'fluent-bit', ...repo)
    expect(relocated.code).toBe(1)
    for (const { stdout, stderr } of [mirrored, relocated]) {
      expect(stderr).toMatch(words)
      expect(stdout + stderr).not.toContain('hunter')
    }
    expect(world.sandbox.refused()).toEqual([])
  })

  test('cannot have an archive redirected to plain HTTP', async ({ world: make }) => {
    const world = await make({ charts: ['fluent-bit'] })
    world.sandbox.addFault({
      path: /\.tgz$/,
      effect: { status: 302, headers: { location: 'http://cdn.example/fluent-bit.tgz' } },
    })
    const { code, stderr } = await world.mirror(['--charts-only'])
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(
      /points to "http:\/\/cdn\.example\/fluent-bit\.tgz", which is less secure/,
    )
    expect(world.sandbox.refused()).toEqual([])
  })
})

describe.concurrent('a repository with credentials in its address', () => {
  const secret = 'https://me:hunter2@fluent.github.io/helm-charts'

  test('is rejected, and the password appears nowhere', async ({ world: make }) => {
    const world = await make({ charts: ['fluent-bit'] })
    const list = await world.write(
      'list.yaml',
      `charts: [{ name: fluent-bit, version: 0.49.0, repository: "${secret}" }]\n`,
    )
    const addons = await world.write(
      'addons.yaml',
      `a: { chart: fluent-bit, repoUrl: "${secret}", targetRevision: 0.49.0 }\n`,
    )
    const out = await world.folderOf('out')
    const state = await world.folderOf('state')
    const results = [
      await relocate(world, 'fluent-bit', '--repo', secret, '--verbose'),
      await relocate(world, `${secret.replace('https', 'oci')}/fluent-bit`, '--verbose'),
      await world.script('regenerate-manifest.ts', [
        '--list',
        list,
        '--manifest',
        join(out, 'manifest.ts'),
        '--verbose',
      ]),
      await world.script('sync-addons.ts', [
        '--values',
        addons,
        '--target-registry',
        world.registry,
        '--out',
        out,
        '--verbose',
      ]),
      await world.mirror(['--source-mirror', `docker.io=${secret}`, '--verbose']),
    ]
    for (const { code, stdout, stderr } of results) {
      expect(code, stderr).toBe(2)
      expect(stderr).toContain('contains a user name or password')
      expect(stdout + stderr).not.toContain('hunter')
    }
    for (const folder of [out, state, world.home]) {
      for (const name of await readdir(folder, { recursive: true })) {
        const text = await readFile(join(folder, name), 'utf8').catch(() => '')
        expect(name + text).not.toContain('hunter')
      }
    }
    expect(Object.keys(world.sandbox.counters())).toEqual([])
  })

  test('may have a proxy with credentials, which also appear nowhere', async ({ world: make }) => {
    const world = await make({ charts: ['fluent-bit'] })
    const proxy = world.sandbox.proxyUrl.replace('//', '//me:hunter2@')
    const env = { HTTPS_PROXY: proxy, https_proxy: proxy, HTTP_PROXY: proxy, http_proxy: proxy }
    const good = await world.mirror(['--charts-only', '--verbose'], { env })
    expect(good.code, good.stderr).toBe(0)
    const broken = { ...env, HTTPS_PROXY: proxy.replace(/:\d+$/, ':1'), https_proxy: '' }
    const bad = await world.mirror(['--charts-only', '--verbose', '--prefix', 'a'], { env: broken })
    expect(bad.code).not.toBe(0)
    for (const { stdout, stderr } of [good, bad]) expect(stdout + stderr).not.toContain('hunter')
  })
})

describe.concurrent('a schema that refers outside itself', () => {
  test('is not loaded from anywhere, and is named', async ({ world: make, onTestFinished }) => {
    const server = await serve((_, to) => to.end('{}'), onTestFinished)
    const world = await make({ images: [] })
    const schema = (name: string) =>
      JSON.stringify({ properties: { a: { $ref: `${server.url}/${name}` } } })
    const pod = `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: "{{ .Values.image }}" }] }\n`
    const chart = await writeChart(world, 'referring', {
      'values.yaml': 'image: quay.io/o/app:1\nsub: { a: 1 }\n',
      'values.schema.json': '{}',
      'templates/pod.yaml': pod,
      'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 0.1.0\n',
      'charts/sub/values.yaml': 'a: 1\n',
      'charts/sub/values.schema.json': schema('sub.json'),
    })
    const { code, stdout, stderr } = await relocate(world, chart)
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('image:')
    expect(stderr).toContain(
      `! its values were not checked against its schema: charts/sub/values.schema.json refers to "${server.url}/sub.json" with $ref`,
    )
    expect(server.requests).toEqual([])
  })
})
