import { describe, expect } from 'vitest'
import type { FaultRule } from '../../../scripts/sandbox/net/faults.ts'
import { images, kubectl, operator } from '../support/images.ts'
import {
  digestAt,
  faultOfCopy,
  faultsOfCopies,
  imagePlace,
  operations,
  writes,
} from '../support/stores.ts'
import { test, type World } from '../support/world.ts'

// ECR with failures, and tags that already exist.

const ecr = '*.dkr.ecr.*'
const tooMany = {
  status: 429,
  headers: { 'content-type': 'application/json' },
  body: '{"errors":[{"code":"TOOMANYREQUESTS","message":"Rate exceeded"}]}',
} as const

const troubles: readonly (readonly [string, FaultRule])[] = [
  ['answers 429 to uploads', { host: ecr, operation: 'uploadPut', times: 6, effect: tooMany }],
  ['answers 429 to manifests', { host: ecr, operation: 'manifestPut', times: 6, effect: tooMany }],
  [
    'answers 500 to uploads',
    { host: ecr, operation: 'uploadPatch', times: 6, effect: { status: 500 } },
  ],
  [
    'answers 503 to manifests',
    { host: ecr, operation: 'manifestPut', times: 4, effect: { status: 503 } },
  ],
  ['resets uploads', { host: ecr, operation: 'uploadPatch', times: 4, effect: { reset: true } }],
  ['throttles its API', { host: 'api.ecr.*', times: 2, effect: throttling() }],
]

describe.concurrent('ECR is waited for when it', () => {
  test.for(troubles)('%s', async ([, rule], { world: make }) => {
    const world = await make({ images })
    world.sandbox.addFault(rule)
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
  })

  test('admits few manifests a second', async ({ world: make }) => {
    const world = await make({ charts: ['kyverno'], sandbox: { ecr: { putImageRate: 5 } } })
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    const references = world.manifest.images.map(({ reference }) => reference)
    expect(faultsOfCopies(world.sandbox, references)).toEqual([])
  })

  test('lists its repositories in many pages', async ({ world: make }) => {
    const world = await make({ images, sandbox: { ecr: { pageSize: 2 } } })
    for (const name of ['aa', 'bb', 'cc', 'dd', 'ee']) world.sandbox.createEcrRepository(name)
    world.sandbox.putEcrImage(imagePlace(kubectl).repository, imagePlace(kubectl).tag, kubectl)
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    expect(operations(world.sandbox, 'aws')['CreateRepository']).toBe(1)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
  })
})

test.concurrent('an image that ECR never accepts fails alone', async ({ world: make }) => {
  const world = await make({ images })
  world.sandbox.addFault({ host: ecr, path: /strimzi/, operation: 'uploadPatch', effect: tooMany })
  const { code, stderr } = await world.mirror()
  expect(code, stderr).toBe(1)
  expect(stderr).toMatch(/error: quay\.io\/strimzi\/operator:0\.47\.0: .*(429|TOOMANYREQUESTS)/)
  expect(stderr).toMatch(/→ lower --concurrency, or wait until ECR/)
  expect(faultOfCopy(world.sandbox, kubectl)).toBeUndefined()
})

interface Present {
  readonly what: string
  readonly args: readonly string[]
  readonly mutability?: Mutability
  readonly code: 0 | 1 | 3
  readonly says: readonly RegExp[]
  /** What the tag holds afterwards. */
  readonly holds: 'old' | 'new'
  /** Whether the other image is mirrored all the same. */
  readonly other: boolean
}

type Mutability = 'MUTABLE' | 'IMMUTABLE' | 'MUTABLE_WITH_EXCLUSION' | 'IMMUTABLE_WITH_EXCLUSION'

const immutableNext = /→ replace it with --replace-immutable, mirror under another --prefix/

const presents: readonly Present[] = [
  {
    what: 'stays under skip, and the summary counts it',
    args: [],
    code: 0,
    says: [/^1 tags? counts? as present by name; rerun with --existing verify to compare/m],
    holds: 'old',
    other: true,
  },
  {
    what: 'stays under skip when it is immutable',
    args: ['--existing', 'skip'],
    mutability: 'IMMUTABLE',
    code: 0,
    says: [/^source .* present$/m],
    holds: 'old',
    other: true,
  },
  {
    what: 'is reported under verify',
    args: ['--existing', 'verify'],
    code: 1,
    says: [
      /error: ".*operator:0\.47\.0" differs from quay/,
      /→ replace it with --existing overwrite/,
    ],
    holds: 'old',
    other: true,
  },
  {
    what: 'is reported under verify when it is immutable',
    args: ['--existing', 'verify'],
    mutability: 'IMMUTABLE',
    code: 1,
    says: [/error: ".*operator:0\.47\.0" differs from/, immutableNext],
    holds: 'old',
    other: true,
  },
  {
    what: 'is replaced under overwrite',
    args: ['--existing', 'overwrite'],
    code: 0,
    says: [/\] overwritten quay\.io\/strimzi\/operator:0\.47\.0/, /replaced/],
    holds: 'new',
    other: true,
  },
  {
    what: 'stops an overwrite before anything is changed when it is immutable',
    args: ['--existing', 'overwrite'],
    mutability: 'IMMUTABLE',
    code: 3,
    says: [
      /error: ".*" differs from .*, and its tag is immutable/,
      immutableNext,
      /nothing was changed/,
    ],
    holds: 'old',
    other: false,
  },
  {
    what: 'fails alone under overwrite without a check when it is immutable',
    args: ['--existing', 'overwrite', '--no-check'],
    mutability: 'IMMUTABLE',
    code: 1,
    says: [/error: ".*" differs from .*, and its tag is immutable/, immutableNext],
    holds: 'old',
    other: true,
  },
  {
    what: 'is refused under overwrite when a filter of its repository makes it immutable',
    args: ['--existing', 'overwrite'],
    mutability: 'MUTABLE_WITH_EXCLUSION',
    code: 3,
    says: [/differs from .*, and its tag is immutable/, immutableNext],
    holds: 'old',
    other: false,
  },
  {
    what: 'is replaced under overwrite when a filter frees it from immutability',
    args: ['--existing', 'overwrite'],
    mutability: 'IMMUTABLE_WITH_EXCLUSION',
    code: 0,
    says: [/overwritten quay\.io\/strimzi\/operator:0\.47\.0/],
    holds: 'new',
    other: true,
  },
]

describe.concurrent('an existing tag with other content', () => {
  const cases = presents.map((present) => [present.what, present] as const)
  test.for(cases)('%s', async ([, present], { world: make }) => {
    const world = await make({ images })
    const place = await occupy(world, present.mutability ?? 'MUTABLE')
    const old = digestAt(world.sandbox, place)
    const { code, stdout, stderr } = await world.mirror(present.args)
    expect(code, stderr).toBe(present.code)
    for (const words of present.says) expect(stdout + stderr).toMatch(words)
    const expected = present.holds === 'old' ? old : world.sandbox.upstreamDigest(operator)
    expect(digestAt(world.sandbox, place)).toBe(expected)
    expect(faultOfCopy(world.sandbox, kubectl) === undefined).toBe(present.other)
    if (present.code === 3) expect(writes(world.sandbox)).toBe(0)
  })

  test('is not rewritten with overwrite if it is equal', async ({ world: make }) => {
    const world = await make({ images: [operator] })
    const { repository, tag } = imagePlace(operator)
    world.sandbox.putEcrImage(repository, tag, operator)
    const { code, stderr } = await world.mirror(['--existing', 'overwrite'])
    expect(code, stderr).toBe(0)
    expect(writes(world.sandbox)).toBe(0)
  })
})

/** Puts the image as it was into ECR, and has its publisher move the tag. */
async function occupy({ sandbox }: World, imageTagMutability: Mutability) {
  const place = imagePlace(operator)
  const filters = [{ filterType: 'WILDCARD', filter: '0.4*' }]
  sandbox.createEcrRepository(place.repository, {
    settings: {
      imageTagMutability,
      ...(imageTagMutability.endsWith('EXCLUSION') && {
        imageTagMutabilityExclusionFilters: filters,
      }),
    },
  })
  sandbox.putEcrImage(place.repository, place.tag, operator)
  sandbox.replaceUpstream(operator)
  return place
}

function throttling() {
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' }),
  }
}
