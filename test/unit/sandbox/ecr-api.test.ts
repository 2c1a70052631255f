import { beforeEach, describe, expect, test } from 'vitest'
import { createCredentials } from '../../../scripts/sandbox/aws/credentials.ts'
import { placeOf } from '../../../scripts/sandbox/aws/partition.ts'
import { createSts } from '../../../scripts/sandbox/aws/sts.ts'
import { createTokenBook } from '../../../scripts/sandbox/aws/tokens.ts'
import { createImageFactory } from '../../../scripts/sandbox/content/image.ts'
import { addArtifact } from '../../../scripts/sandbox/content/repository.ts'
import { createContentStore } from '../../../scripts/sandbox/content/store.ts'
import { isImmutable } from '../../../scripts/sandbox/ecr/mutability.ts'
import { isRepositoryName } from '../../../scripts/sandbox/ecr/names.ts'
import { createEcrApi } from '../../../scripts/sandbox/ecr/service.ts'
import { type EcrState, requireRepository } from '../../../scripts/sandbox/ecr/state.ts'
import { bodyOf, createCall, type Service } from '../../../scripts/sandbox/net/call.ts'
import { askEcr } from '../support/servers/ecr-api.ts'

const place = placeOf('123456789012', 'us-east-2')
const image = { repository: 'quay.io/a/b', tag: '1' }
const now = () => 0
let state: EcrState
let api: Service
let credentials: ReturnType<typeof createCredentials>
const store = createContentStore()

beforeEach(() => {
  state = {
    place,
    repositories: new Map(),
    templates: [],
    now,
    blobMounting: false,
    restoreMilliseconds: 0,
  }
  credentials = createCredentials()
  api = createEcrApi({ state, store, credentials, tokens: createTokenBook(now), pageSize: 2 })
})

const ask = (...call: readonly [string, object?, string?]) => askEcr(api, ...call)

async function create(...names: readonly string[]) {
  for (const repositoryName of names) await ask('CreateRepository', { repositoryName })
}

describe('a repository name', () => {
  test.for([
    ['mirrored/quay.io/strimzi/kafka', true],
    ['1', false],
    ['a1', true],
    ['a__b', false],
    ['a--b', false],
    ['a.-b', false],
    ['A', false],
    ['a/', false],
    ['/ab', false],
    ['a:5000/b', false],
    ['a'.repeat(256), true],
    ['a'.repeat(257), false],
  ] as const)('%s: %s', ([name, valid]) => expect(isRepositoryName(name)).toBe(valid))
})

describe('a tag is immutable', () => {
  const filters = [{ filterType: 'WILDCARD', filter: 'dev-*' }]
  test.for([
    ['MUTABLE', '1.0', false],
    ['IMMUTABLE', '1.0', true],
    ['MUTABLE_WITH_EXCLUSION', 'dev-1', true],
    ['MUTABLE_WITH_EXCLUSION', '1.0', false],
    ['IMMUTABLE_WITH_EXCLUSION', 'dev-1', false],
    ['IMMUTABLE_WITH_EXCLUSION', '1.0', true],
  ] as const)('under %s for %s: %s', ([imageTagMutability, tag, expected]) => {
    const settings = { imageTagMutability, imageTagMutabilityExclusionFilters: filters }
    expect(isImmutable(settings, tag)).toBe(expected)
  })
})

const resourceArn = 'arn:aws:ecr:us-east-2:123456789012:repository/repo-a'
const manyTags = Array.from({ length: 51 }, (_, index) => ({ Key: `key-${index}`, Value: '' }))

describe('repositories', () => {
  test('are listed page by page', async () => {
    await create('repo-c', 'repo-a', 'repo-b')
    const first = await ask('DescribeRepositories')
    expect(first).toMatchObject({
      repositories: [{ repositoryName: 'repo-a' }, { repositoryName: 'repo-b' }],
    })
    const second = await ask('DescribeRepositories', { nextToken: first['nextToken'] })
    expect(second).toMatchObject({ repositories: [{ repositoryName: 'repo-c' }] })
    expect(second).not.toHaveProperty('nextToken')
  })
  test.for([
    ['CreateRepository', { repositoryName: 'repo-a' }, 'RepositoryAlreadyExistsException'],
    ['CreateRepository', { repositoryName: 'a__b' }, 'InvalidParameterException'],
    ['CreateRepository', {}, 'InvalidParameterException'],
    [
      'DescribeRepositories',
      { repositoryNames: ['repo-a', 'none'] },
      'RepositoryNotFoundException',
    ],
    [
      'DescribeImages',
      { repositoryName: 'repo-a', imageIds: [{ imageTag: 'x' }] },
      'ImageNotFoundException',
    ],
    ['GetLifecyclePolicy', { repositoryName: 'repo-a' }, 'LifecyclePolicyNotFoundException'],
    ['GetRepositoryPolicy', { repositoryName: 'repo-a' }, 'RepositoryPolicyNotFoundException'],
    ['GetRepositoryPolicy', { repositoryName: 'none' }, 'RepositoryNotFoundException'],
    [
      'PutLifecyclePolicy',
      { repositoryName: 'repo-a', lifecyclePolicyText: '{"rules"' },
      'InvalidParameterException',
    ],
    [
      'SetRepositoryPolicy',
      { repositoryName: 'repo-a', policyText: '{}' },
      'InvalidParameterException',
    ],
    [
      'PutImageTagMutability',
      { repositoryName: 'repo-a', imageTagMutability: 'MUTABLE_WITH_EXCLUSION' },
      'InvalidParameterException',
    ],
    ['TagResource', { resourceArn, tags: [{ Key: 'aws:x' }] }, 'InvalidTagParameterException'],
    ['TagResource', { resourceArn, tags: manyTags }, 'TooManyTagsException'],
    ['CreateRepository', { repositoryName: 'repo-b', tags: manyTags }, 'TooManyTagsException'],
    [
      'CreateRepository',
      {
        repositoryName: 'repo-b',
        encryptionConfiguration: { encryptionType: 'AES256', kmsKey: 'alias/x' },
      },
      'InvalidParameterException',
    ],
    [
      'CreateRepository',
      {
        repositoryName: 'repo-b',
        encryptionConfiguration: {
          encryptionType: 'KMS',
          kmsKey: 'arn:aws:kms:eu-west-1:123456789012:key/x',
        },
      },
      'KmsException',
    ],
    ['Dance', {}, 'UnknownOperationException'],
  ] as const)('%s of %j is refused', async ([operation, input, name]) => {
    await create('repo-a')
    expect(await ask(operation, input)).toMatchObject({ __type: name })
  })
  test('carry tags', async () => {
    await create('repo-a')
    await ask('TagResource', { resourceArn, tags: [{ Key: 'team', Value: 'x' }] })
    expect(await ask('ListTagsForResource', { resourceArn })).toEqual({
      tags: [{ Key: 'team', Value: 'x' }],
    })
  })
})

describe('images', () => {
  const artifact = createImageFactory(store, 0.001)(image)
  const repositoryName = 'repo-a'
  beforeEach(async () => {
    await create(repositoryName)
    addArtifact(requireRepository(state, repositoryName), artifact, '1')
  })

  test('are read by tag, with failures for the rest', async () => {
    const imageIds = [{ imageTag: '1' }, { imageTag: '2' }]
    expect(await ask('BatchGetImage', { repositoryName, imageIds })).toMatchObject({
      images: [{ imageId: { imageDigest: artifact.digest, imageTag: '1' } }],
      failures: [{ imageId: { imageTag: '2' }, failureCode: 'ImageNotFound' }],
    })
  })
  test('are described, tagged ones with their tags', async () => {
    const imageIds = [{ imageTag: '1' }]
    expect(await ask('DescribeImages', { repositoryName, imageIds })).toMatchObject({
      imageDetails: [{ imageDigest: artifact.digest, imageTags: ['1'], imageStatus: 'ACTIVE' }],
    })
  })
  test('that are archived are described, not given, and restored one by one', async () => {
    const imageIds = [{ imageTag: '1' }]
    const [child] = artifact.manifests
    const ids = [{ imageTag: '1' }, { imageDigest: child?.digest }]
    const change = (imageId: object, targetStorageClass: string) =>
      ask('UpdateImageStorageClass', { repositoryName, imageId, targetStorageClass })
    const given = async () => {
      const { images } = await ask('BatchGetImage', { repositoryName, imageIds: ids })
      return (images as readonly unknown[]).length
    }
    expect(await change({ imageTag: '1' }, 'ARCHIVE')).toMatchObject({ imageStatus: 'ARCHIVED' })
    expect(await ask('BatchGetImage', { repositoryName, imageIds })).toMatchObject({
      images: [],
      failures: [{ imageId: { imageTag: '1' }, failureCode: 'ImageInaccessible' }],
    })
    // Listings are of active images unless they are asked for others.
    expect(await ask('DescribeImages', { repositoryName })).toEqual({ imageDetails: [] })
    expect(await ask('ListImages', { repositoryName })).toEqual({ imageIds: [] })
    const filter = { imageStatus: 'ANY' }
    expect(await ask('DescribeImages', { repositoryName, imageIds, filter })).toMatchObject({
      imageDetails: [{ imageDigest: artifact.digest, imageStatus: 'ARCHIVED' }],
    })
    expect(
      await ask('BatchCheckLayerAvailability', {
        repositoryName,
        layerDigests: [artifact.blobs[0]],
      }),
    ).toMatchObject({ layers: [{ layerAvailability: 'ARCHIVED' }] })
    expect(await change({ imageTag: '1' }, 'STANDARD')).toMatchObject({ imageStatus: 'ACTIVE' })
    expect(await given()).toBe(1)
    await change({ imageDigest: child?.digest }, 'STANDARD')
    expect(await given()).toBe(2)
  })
  test('take their time to come out of the archive', async () => {
    let time = 0
    state = { ...state, now: () => time, restoreMilliseconds: 1000 }
    api = createEcrApi({ state, store, credentials, tokens: createTokenBook(now) })
    const imageId = { imageTag: '1' }
    const change = (targetStorageClass: string) =>
      ask('UpdateImageStorageClass', { repositoryName, imageId, targetStorageClass })
    await change('ARCHIVE')
    expect(await change('STANDARD')).toMatchObject({ imageStatus: 'ACTIVATING' })
    time = 1000
    expect(await change('STANDARD')).toMatchObject({ imageStatus: 'ACTIVE' })
  })
  test('that an index names are not deleted', async () => {
    const child = artifact.manifests[0]?.digest
    const answer = await ask('BatchDeleteImage', {
      repositoryName,
      imageIds: [{ imageDigest: child }],
    })
    expect(answer).toMatchObject({ failures: [{ failureCode: 'ImageReferencedByManifestList' }] })
  })
  test('have layers that can be asked after', async () => {
    const layerDigests = [artifact.blobs[0], `sha256:${'0'.repeat(64)}`]
    expect(
      await ask('BatchCheckLayerAvailability', { repositoryName, layerDigests }),
    ).toMatchObject({
      layers: [{ layerAvailability: 'AVAILABLE' }, { layerAvailability: 'UNAVAILABLE' }],
    })
  })
})

describe('credentials', () => {
  test.for([
    ['expired', 'ExpiredTokenException'],
    ['missing', 'UnrecognizedClientException'],
    ['denied', 'AccessDeniedException'],
  ] as const)('that are %s are answered with %s', async ([credentialState, name]) => {
    credentials.set(credentialState)
    expect(await ask('DescribeRegistry')).toMatchObject({ __type: name })
  })
  test('that are denied one action may do others', async () => {
    credentials.set('denied', ['CreateRepository'])
    expect(await ask('DescribeRegistry')).toHaveProperty('registryId')
    expect(await ask('CreateRepository', { repositoryName: 'repo-a' })).toMatchObject({
      message: expect.stringContaining(
        'arn:aws:iam::123456789012:user/sandbox is not authorized to perform: ecr:CreateRepository',
      ),
    })
  })
  test('have to be there', async () => {
    expect(await ask('DescribeRegistry', {}, '')).toMatchObject({
      __type: 'MissingAuthenticationTokenException',
    })
  })
  test('are enough for STS, denied or not', async () => {
    credentials.set('denied')
    const headers = { authorization: 'AWS4-HMAC-SHA256 x' }
    const body = bodyOf('Action=GetCallerIdentity&Version=2011-06-15')
    const call = createCall({ host: 'sts', method: 'POST', headers, body })
    const { status, body: answer } = await createSts(place, credentials).answer(call)
    expect([status, String(answer)]).toEqual([
      200,
      expect.stringContaining('<Account>123456789012<'),
    ])
  })
})
