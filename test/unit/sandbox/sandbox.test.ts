import { existsSync, readFileSync } from 'node:fs'
import { get } from 'node:https'
import { ProxyAgent } from 'proxy-agent'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../scripts/sandbox/sandbox.ts'

const image = 'quay.io/a/b:1'
let sandbox: Sandbox
let agent: ProxyAgent

beforeEach(async () => {
  sandbox = await startSandbox({
    images: [image, 'docker.io/library/busybox:1'],
    charts: [
      { name: 'grafana', version: '8.15.0', repository: 'https://grafana.github.io/helm-charts' },
    ],
    scale: 0.001,
  })
  agent = new ProxyAgent({
    getProxyForUrl: () => sandbox.proxyUrl,
    ca: readFileSync(sandbox.caFile),
    keepAlive: true,
  })
})
afterEach(async () => {
  agent.destroy()
  await sandbox.close()
})

/** Long enough for a busy machine; the test that waits for it in vain shortens it. */
let patience = 5000

async function ask(url: string, headers = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers, timeout: patience }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      )
    })
    request.on('error', reject).on('timeout', () => request.destroy(new Error('timeout')))
  })
}

const manifestUrl = 'https://quay.io/v2/a/b/manifests/1'

test('answers for the hosts of its images and counts what they were asked', async () => {
  const { status, body } = await ask(manifestUrl)
  expect(status).toBe(200)
  expect(sandbox.counters()['quay.io']).toMatchObject({
    requests: 1,
    writes: 0,
    bytesOut: Buffer.byteLength(body),
    operations: { manifestGet: 1 },
    statuses: { 200: 1 },
  })
  sandbox.resetCounters()
  expect(sandbox.counters()).toEqual({})
})

test('refuses every other host and remembers it', async () => {
  // The agent hands the proxy's own answer through.
  expect((await ask('https://example.com/')).status).toBe(403)
  expect(sandbox.refused()).toEqual(['example.com'])
})

test('sends clients of Docker Hub for a token', async () => {
  const url = 'https://registry-1.docker.io/v2/library/busybox/manifests/1'
  expect((await ask(url)).status).toBe(401)
  const answer = await ask('https://auth.docker.io/token?scope=repository:library/busybox:pull')
  const { token }: { token: string } = JSON.parse(answer.body)
  expect((await ask(url, { authorization: `Bearer ${token}` })).status).toBe(200)

  sandbox.setLimits({ dockerHubPulls: 1 })
  const statuses = [
    await ask(url, { authorization: `Bearer ${token}` }),
    await ask(url, { authorization: `Bearer ${token}` }),
  ]
  expect(statuses.map(({ status }) => status)).toEqual([200, 429])
  // Whoever has no limit is told of none, and never refused.
  sandbox.setLimits({ dockerHubPulls: 'unlimited' })
  expect((await ask(url, { authorization: `Bearer ${token}` })).status).toBe(200)
})

test('serves charts and follows their publishers to other hosts', async () => {
  const index = await ask('https://grafana.github.io/helm-charts/index.yaml')
  const url = /https:\/\/github\.com\/\S+8\.15\.0\.tgz/.exec(index.body)?.[0] ?? ''
  expect((await ask(url)).status).toBe(302)
})

describe('a fault', () => {
  test('answers in place of the service', async () => {
    const remove = sandbox.addFault({ host: 'quay.io', effect: { status: 503, body: 'down' } })
    expect(await ask(manifestUrl)).toEqual({ status: 503, body: 'down' })
    remove()
    expect((await ask(manifestUrl)).status).toBe(200)
  })
  test.for([
    ['reset', { reset: true }],
    ['truncate', { truncate: 10 }],
    ['stall', { stall: true }],
  ] as const)('can %s the connection', async ([, effect]) => {
    sandbox.addFault({ host: 'quay.io', times: 1, effect })
    patience = 200
    await expect(ask(manifestUrl)).rejects.toThrow()
    patience = 5000
    expect((await ask(manifestUrl)).status).toBe(200)
  })
  test('can slow an answer down', async () => {
    sandbox.addFault({ effect: { slow: 10_000 } })
    expect((await ask(manifestUrl)).status).toBe(200)
  })
})

test('lets tests move, remove and copy images', () => {
  const before = sandbox.upstreamDigest(image)
  const digest = sandbox.putEcrImage('mirrored/a/b', '1', image)
  expect(digest).toBe(before)
  expect(sandbox.ecrImages('mirrored/a/b')?.tags).toEqual({ 1: before })

  const after = sandbox.replaceUpstream(image)
  expect(after).not.toBe(before)
  expect(sandbox.upstreamDigest(image)).toBe(after)
  sandbox.removeUpstream(image)
  expect(sandbox.upstreamDigest(image)).toBeUndefined()
})

test('leaves nothing behind', async () => {
  await sandbox.close()
  expect(existsSync(sandbox.caFile)).toBe(false)
  await expect(ask(manifestUrl)).rejects.toThrow()
})

test('gives a new ECR under the same name, with other settings', async () => {
  sandbox.putEcrImage('a/b', '1', image)
  sandbox.resetEcr({ blobMounting: true })
  expect(sandbox.ecrRepositories()).toEqual([])
  sandbox.putEcrImage('a/b', '1', image)
  expect(sandbox.ecrRepositories()).toEqual(['a/b'])
})

test('sends and counts the same through a line of limited width', async () => {
  const wide = await ask(manifestUrl)
  const counted = sandbox.counters()['quay.io']
  agent.destroy()
  await sandbox.close()
  sandbox = await startSandbox({ images: [image], scale: 0.001, bandwidth: 1024 * 1024 })
  agent = new ProxyAgent({
    getProxyForUrl: () => sandbox.proxyUrl,
    ca: readFileSync(sandbox.caFile),
  })
  expect(await ask(manifestUrl)).toEqual(wide)
  expect(sandbox.counters()['quay.io']).toEqual(counted)
})
