import { beforeEach, describe, expect, test } from 'vitest'
import { placeOf } from '../../../scripts/sandbox/aws/partition.ts'
import { createTokenBook } from '../../../scripts/sandbox/aws/tokens.ts'
import { toManifest } from '../../../scripts/sandbox/content/image.ts'
import { ociDialect } from '../../../scripts/sandbox/content/media-types.ts'
import { digestOf } from '../../../scripts/sandbox/content/seed.ts'
import { createContentStore } from '../../../scripts/sandbox/content/store.ts'
import { createEcrPolicy } from '../../../scripts/sandbox/ecr/policy.ts'
import { addRepository, type EcrState } from '../../../scripts/sandbox/ecr/state.ts'
import { archiveImage } from '../../../scripts/sandbox/ecr/storage.ts'
import type { CreationTemplate } from '../../../scripts/sandbox/ecr/settings.ts'
import { createBucket } from '../../../scripts/sandbox/net/bucket.ts'
import { bodyOf, createCall, type Reply, type Service } from '../../../scripts/sandbox/net/call.ts'
import { createRegistryService } from '../../../scripts/sandbox/registry/service.ts'

let time = 0
let state: EcrState
let service: Service
let authorization: string
let tokens: ReturnType<typeof createTokenBook>

function start(putImageRate?: number, templates: readonly CreationTemplate[] = []): void {
  time = 0
  const now = () => time
  state = {
    place: placeOf('123456789012', 'us-east-2'),
    repositories: new Map(),
    templates,
    now,
    blobMounting: false,
    restoreMilliseconds: 0,
    ...(putImageRate !== undefined && { putImages: createBucket(putImageRate, 1, now) }),
  }
  tokens = createTokenBook(now)
  authorization = basic(tokens.issue().password)
  service = createRegistryService(createContentStore(), createEcrPolicy({ state, tokens }))
}

function basic(password: string): string {
  return `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`
}

async function ask(method: string, path: string, body = '', headers = {}): Promise<Reply> {
  const call = {
    host: 'ecr',
    method,
    target: `/v2/${path}`,
    headers: { authorization, ...headers },
  }
  return service.answer(createCall({ ...call, body: bodyOf(body) }))
}

function code(reply: Reply): string {
  const body = String(reply.body)
  return `${reply.status} ${/"code":"(\w+)"/.exec(body)?.[1] ?? body}`
}

async function pushBlob(repository: string, content: string): Promise<string> {
  const digest = digestOf(content)
  await ask('POST', `${repository}/blobs/uploads/?digest=${digest}`, content)
  return digest
}

/** An image of one blob, which is its configuration too. */
function imageOf(digest: string, note = '') {
  const blob = { mediaType: 'application/json', digest, size: 1 }
  return toManifest(ociDialect.manifest, { config: blob, layers: [blob], annotations: { note } })
}

beforeEach(() => {
  start()
  addRepository(state, 'team/app')
})

describe('logging in to ECR', () => {
  test.for([
    ['without credentials', undefined, '401 Not Authorized\n'],
    ['with a made-up password', basic('nonsense'), '400 DENIED'],
    ['with a token', 'valid', '200 {}'],
  ] as const)('%s', async ([, header, expected]) => {
    const reply = await ask('GET', '', '', {
      authorization: header === 'valid' ? authorization : header,
    })
    expect(code(reply)).toBe(expected)
  })
  test('ends after twelve hours', async () => {
    time = 12 * 60 * 60 * 1000
    expect(code(await ask('GET', ''))).toBe('403 DENIED')
  })
  test('ends when tokens are made to expire', async () => {
    tokens.expireAll()
    expect(code(await ask('GET', ''))).toBe('403 DENIED')
  })
})

describe('pushing to ECR', () => {
  test('needs a repository', async () => {
    const reply = await ask('POST', 'team/other/blobs/uploads/')
    expect(code(reply)).toBe('404 NAME_UNKNOWN')
    expect(reply.body).toContain(
      "The repository with name 'team/other' does not exist in the registry with id '123456789012'",
    )
  })
  test('makes one where a template says so, for a push alone', async () => {
    const template = { prefix: 'team', appliedFor: ['CREATE_ON_PUSH'] as const }
    start(undefined, [{ ...template, imageTagMutability: 'IMMUTABLE' }])
    expect(code(await ask('HEAD', 'team/other/manifests/1'))).toBe('404 NAME_UNKNOWN')
    expect(state.repositories.has('team/other')).toBe(false)
    expect((await ask('POST', 'team/other/blobs/uploads/')).status).toBe(202)
    expect(state.repositories.get('team/other')?.settings).toMatchObject({
      imageTagMutability: 'IMMUTABLE',
    })
    expect(code(await ask('POST', 'elsewhere/blobs/uploads/'))).toBe('404 NAME_UNKNOWN')
  })
  test('takes blobs in pieces', async () => {
    const opened = await ask('POST', 'team/app/blobs/uploads/')
    const place = (opened.headers?.['location'] ?? '').replace('/v2/', '')
    expect((await ask('PATCH', place, 'ab', { 'content-range': '0-1' })).status).toBe(202)
    expect(code(await ask('PATCH', place, 'zz', { 'content-range': '9-10' }))).toBe(
      '416 BLOB_UPLOAD_INVALID',
    )
    const done = await ask('PUT', `${place}?digest=${digestOf('abcd')}`, 'cd')
    expect(done.status).toBe(201)
    const blob = `team/app/blobs/${digestOf('abcd')}`
    expect((await ask('GET', blob)).body?.toString()).toBe('abcd')
    expect((await ask('GET', blob, '', { range: 'bytes=1-2' })).body?.toString()).toBe('bc')
  })
  test('refuses a blob that is not what it says', async () => {
    const reply = await ask('POST', `team/app/blobs/uploads/?digest=${digestOf('x')}`, 'y')
    expect(code(reply)).toBe('400 DIGEST_INVALID')
  })
  test('wants blobs before manifests', async () => {
    const manifest = imageOf(digestOf('missing'))
    expect(code(await ask('PUT', 'team/app/manifests/1', String(manifest.bytes)))).toBe(
      '400 MANIFEST_BLOB_UNKNOWN',
    )
  })
  test('wants children before indexes', async () => {
    const child = imageOf(await pushBlob('team/app', 'blob'))
    const entry = { mediaType: child.mediaType, digest: child.digest, size: child.bytes.length }
    const index = toManifest(ociDialect.index, { manifests: [entry] })
    const push = () => ask('PUT', 'team/app/manifests/1', String(index.bytes))
    expect(code(await push())).toBe('404 MANIFEST_UNKNOWN')
    await ask('PUT', `team/app/manifests/${child.digest}`, String(child.bytes))
    expect((await push()).status).toBe(201)
  })
  test('keeps immutable tags where they are', async () => {
    addRepository(state, 'fixed', { settings: { imageTagMutability: 'IMMUTABLE' } })
    const blob = await pushBlob('fixed', 'blob')
    const push = (note: string) =>
      ask('PUT', 'fixed/manifests/1', String(imageOf(blob, note).bytes))
    expect((await push('a')).status).toBe(201)
    expect((await push('a')).status).toBe(201)
    expect(code(await push('b'))).toBe('400 TAG_INVALID')
  })
  test('slows down above its rate', async () => {
    start(1)
    addRepository(state, 'team/app')
    const image = imageOf(await pushBlob('team/app', 'blob'))
    const push = () => ask('PUT', 'team/app/manifests/1', String(image.bytes))
    expect((await push()).status).toBe(201)
    expect(code(await push())).toBe('429 TOOMANYREQUESTS')
    time = 1000
    expect((await push()).status).toBe(201)
  })
  test.for(['null', 'nonsense', '{"layers":1}'])('refuses %s as a manifest', async (text) => {
    expect(code(await ask('PUT', 'team/app/manifests/1', text))).toBe('400 MANIFEST_INVALID')
  })
})

describe('mounting a blob in ECR', () => {
  let blob: string
  const mount = () => ask('POST', `other/blobs/uploads/?mount=${blob}&from=team/app`)

  beforeEach(async () => {
    addRepository(state, 'other')
    blob = await pushBlob('team/app', 'blob')
  })
  test('is an upload while it is off', async () => {
    expect((await mount()).status).toBe(202)
  })
  test('needs an image that uses the blob', async () => {
    state.blobMounting = true
    expect((await mount()).status).toBe(202)
    await ask('PUT', 'team/app/manifests/1', String(imageOf(blob).bytes))
    expect((await mount()).status).toBe(201)
    expect((await ask('GET', `other/blobs/${blob}`)).status).toBe(200)
  })
  test('needs the same encryption', async () => {
    state.blobMounting = true
    const encryptionConfiguration = { encryptionType: 'KMS' }
    addRepository(state, 'sealed', { settings: { encryptionConfiguration } })
    await ask('PUT', 'team/app/manifests/1', String(imageOf(blob).bytes))
    const reply = await ask('POST', `sealed/blobs/uploads/?mount=${blob}&from=team/app`)
    expect(reply.status).toBe(202)
  })
})

test('an archived image is not there for those who pull, and comes back by a push', async () => {
  const blob = await pushBlob('team/app', 'blob')
  const push = () => ask('PUT', 'team/app/manifests/1', String(imageOf(blob).bytes))
  await push()
  const repository = state.repositories.get('team/app')
  if (repository === undefined) throw new Error('no repository')
  archiveImage(repository, imageOf(blob).digest)
  expect(code(await ask('GET', 'team/app/manifests/1'))).toBe('404 MANIFEST_UNKNOWN')
  expect(code(await ask('HEAD', `team/app/blobs/${blob}`))).toBe('404 BLOB_UNKNOWN')
  addRepository(state, 'other')
  state.blobMounting = true
  const mounted = await ask('POST', `other/blobs/uploads/?mount=${blob}&from=team/app`)
  expect(mounted.status).toBe(202)
  expect((await push()).status).toBe(201)
  expect((await ask('GET', 'team/app/manifests/1')).status).toBe(200)
})

test('blobs belong to one repository', async () => {
  addRepository(state, 'other')
  const blob = await pushBlob('team/app', 'blob')
  expect(code(await ask('HEAD', `other/blobs/${blob}`))).toBe('404 BLOB_UNKNOWN')
})

test('referrers are found by their subject', async () => {
  const blob = await pushBlob('team/app', 'blob')
  const image = imageOf(blob)
  const { bytes, mediaType, digest } = image
  await ask('PUT', 'team/app/manifests/1', String(bytes))
  const subject = { mediaType, digest, size: bytes.length }
  const config = { mediaType: 'application/example', digest: blob, size: 4 }
  const signature = toManifest(ociDialect.manifest, { config, layers: [], subject })
  const pushed = await ask('PUT', `team/app/manifests/${signature.digest}`, String(signature.bytes))
  expect(pushed.headers).toMatchObject({ 'oci-subject': digest })
  const listed = await ask('GET', `team/app/referrers/${digest}`)
  expect(JSON.parse(String(listed.body))).toMatchObject({
    manifests: [{ digest: signature.digest, artifactType: 'application/example' }],
  })
})
