import { parseEcrRegistry } from '../../../../scripts/lib/model/image/registry.ts'
import { describe, expect, it } from 'vitest'
import { manifest as committed } from '../../../../manifests/private-ecr-manifest.ts'
import { type Inventory, isImmutable, storedOf } from '../../../../scripts/lib/aws/ecr/inventory.ts'
import { placeSelection, placesToRead } from '../../../../scripts/lib/mirror/plan/placement.ts'
import { decide, makePlan } from '../../../../scripts/lib/mirror/plan/plan.ts'
import { renderPlan } from '../../../../scripts/lib/mirror/plan/table.ts'
import { limitsOf } from '../../../../scripts/lib/mirror/plan/deadline.ts'
import { selectFrom } from '../../../../scripts/lib/mirror/plan/selection.ts'
import { settle } from '../../../../scripts/lib/mirror/sources/sources.ts'
import { emptyLock } from '../../../../scripts/lib/model/manifest/lock.ts'
import type { Manifest } from '../../../../scripts/lib/model/manifest/manifest.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import { makeChart, makeImage } from '../../support/manifest.ts'

const [a, b] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`)
const registry = unwrap(parseEcrRegistry('123456789012.dkr.ecr.us-east-2.amazonaws.com'))
const small: Manifest = {
  input: 'x',
  relocation: {},
  charts: [
    makeChart({ name: 'one' }),
    makeChart({
      name: 'two',
      version: '2.0.0',
      published: 'v2.0.0',
      repository: 'oci://y.io/p',
      group: 'development',
    }),
  ],
  images: [
    makeImage('docker.io/library/shared:1', ['one', 'two']),
    makeImage('quay.io/o/direct:1'),
    makeImage('quay.io/o/one:1', ['one']),
    makeImage('quay.io/o/two:1', ['two'], { direct: true }),
  ],
}
const repositoryOf = (name: string) => ({
  name,
  arn: '',
  scanOnPush: false,
  mutability: 'MUTABLE',
  exclusions: [],
  encryption: 'AES256',
})
const locked = { digest: a ?? '', mediaType: 'm', blobs: { [b ?? '']: 2048 } }
const empty: Inventory = {
  all: new Map(),
  repositories: new Map(),
  stored: new Map(),
  texts: new Map(),
}

describe('decide', () => {
  it.each([
    ['skip', undefined, undefined, 'copy'],
    ['skip', undefined, a, 'copy'],
    ['skip', a, undefined, 'skip'],
    ['verify', a, undefined, 'compare'],
    ['overwrite', a, undefined, 'compare'],
    ['skip', a, a, 'skip'],
    ['verify', a, a, 'skip'],
    ['overwrite', a, a, 'skip'],
    ['skip', a, b, 'differs'],
    ['verify', a, b, 'differs'],
    ['overwrite', a, b, 'overwrite'],
  ] as const)('%s: stored %s, expected %s → %s', (existing, stored, expected, action) => {
    expect(decide(existing, stored, expected).action).toBe(action)
  })
})

describe('selectFrom', () => {
  it.each([
    ['everything', {}, ['one', 'two'], ['shared', 'direct', 'one', 'two']],
    ['a chart with its images', { only: ['one'] }, ['one'], ['shared', 'one']],
    ['an image by glob', { only: ['quay.io/*'] }, [], ['direct', 'one', 'two']],
    // Excluding its chart leaves an image that is used directly, too.
    ['a chart less its own images', { exclude: ['one'] }, ['two'], ['shared', 'direct', 'two']],
    ['what else needs it', { exclude: ['two'] }, ['one'], ['shared', 'direct', 'one', 'two']],
    ['all but an image', { exclude: ['*/shared:*'] }, ['one', 'two'], ['direct', 'one', 'two']],
    ['a group with its images', { group: 'development' }, ['two'], ['shared', 'two']],
    ['no image of another group', { group: 'development', only: ['quay.io/*'] }, [], ['two']],
    ['images', { kind: 'images' }, [], ['shared', 'direct', 'one', 'two']],
    ['charts', { kind: 'charts' }, ['one', 'two'], []],
    ['images of one chart', { kind: 'images', only: ['two'] }, [], ['shared', 'two']],
  ] as const)('selects %s', (_, wanted, charts, images) => {
    const selection = unwrap(selectFrom(small, wanted))
    expect(selection.charts.map(({ name }) => name)).toEqual(charts)
    expect(selection.images.map(({ reference }) => reference.replace(/.*\/(.*):.*/, '$1'))).toEqual(
      images,
    )
  })

  it.each([
    [{ only: ['onee'] }, '--only "onee"'],
    [{ exclude: ['nope/*'] }, '--exclude "nope/*"'],
    [{ group: 'staging' }, '--group "staging"'],
    [{ group: 'development', only: ['one'] }, 'this combination'],
    [{ only: ['one'], exclude: ['one', '*shared*'] }, 'this combination'],
  ])('refuses %j, which matches nothing', (wanted, message) => {
    const selection = selectFrom(small, wanted)
    expect(selection.ok ? '' : selection.problem.message).toContain(message)
  })
})

describe('makePlan', () => {
  const placed = unwrap(placeSelection(small, unwrap(selectFrom(small, {}))))
  const options = {
    registry,
    prefix: '',
    existing: 'skip',
    platforms: 'auto',
    lock: emptyLock,
  } as const

  it('copies everything into an empty registry', () => {
    const plan = makePlan(placed, empty, options)
    expect(
      plan.steps.map(({ action, name, repository }) => `${action} ${name} → ${repository}`),
    ).toEqual([
      'copy docker.io/library/shared:1 → mirrored/docker.io/library/shared',
      'copy quay.io/o/direct:1 → mirrored/quay.io/o/direct',
      'copy quay.io/o/one:1 → mirrored/quay.io/o/one',
      'copy quay.io/o/two:1 → mirrored/quay.io/o/two',
      'copy chart one 1.0.0 → charts/one',
      'copy chart two v2.0.0 → charts/two',
    ])
    expect(plan.create).toHaveLength(6)
  })

  it('skips what is there, and creates only what is not', () => {
    const inventory: Inventory = {
      all: new Map(),
      repositories: new Map([['charts/one', repositoryOf('charts/one')]]),
      stored: new Map([['charts/one:1.0.0', { digest: a ?? '' }]]),
      texts: new Map(),
    }
    const plan = makePlan(placed, inventory, options)
    expect(plan.steps.find(({ name }) => name === 'chart one 1.0.0')).toMatchObject({
      action: 'skip',
      reason: 'present, not compared',
    })
    expect(plan.create).not.toContain('charts/one')
    const stricter = makePlan(placed, inventory, {
      ...options,
      lock: { ...emptyLock, charts: { 'https://x.io one 1.0.0': { digest: b ?? '' } } },
    })
    // Something else under a chart's tag is a difference, not an absence.
    expect(stricter.steps.find(({ name }) => name === 'chart one 1.0.0')?.action).toBe('differs')
  })

  it('knows bytes and digests from the lock', () => {
    const lock = { ...emptyLock, images: { 'quay.io/o/one:1': locked } }
    const plan = makePlan(placed, empty, { ...options, lock })
    expect(plan.steps[2]).toMatchObject({ digest: a, bytes: 2048, manifests: 1 })
    expect(renderPlan(plan).join('\n')).toContain('2.0 KiB')
  })

  it('puts everything under the prefix', () => {
    const plan = makePlan(placed, empty, { ...options, prefix: 'team' })
    expect(plan.steps[0]?.destination).toBe(
      `${registry.host}/team/mirrored/docker.io/library/shared:1`,
    )
    expect([...placesToRead(placed, plan.target).keys()][0]).toBe(
      'team/mirrored/docker.io/library/shared',
    )
  })

  it('refuses two sources for one destination', () => {
    const pinned = `quay.io/o/one@sha256:${'c'.repeat(64)}`
    const clash: Manifest = {
      ...small,
      images: [makeImage(pinned), makeImage('quay.io/o/one:digest-cccccccccccc')],
    }
    const result = placeSelection(clash, unwrap(selectFrom(clash, { kind: 'images' })))
    expect(result).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })

  it('plans ten thousand images and gives each its own place', () => {
    const images = Array.from({ length: 10_000 }, (_, i) => makeImage(`quay.io/o/i${i}:1`))
    const large = { ...small, images }
    const many = unwrap(placeSelection(large, unwrap(selectFrom(large, { kind: 'images' }))))
    expect(
      new Set(makePlan(many, empty, options).steps.map(({ destination }) => destination)).size,
    ).toBe(10_000)
  })

  it('prints the committed manifest one line a step', () => {
    const all = unwrap(placeSelection(committed, unwrap(selectFrom(committed, {}))))
    const lines = renderPlan(makePlan(all, empty, options))
    expect(lines.filter((line) => line.startsWith('copy  '))).toHaveLength(66)
    expect(lines).toContain('57 repositories to create; 66 to copy')
  })
})

describe('settle', () => {
  const placed = unwrap(placeSelection(small, unwrap(selectFrom(small, {}))))
  const stored = { digest: a ?? '', layer: b ?? '' }
  const inventory: Inventory = {
    all: new Map(),
    repositories: new Map(),
    stored: new Map(placed.map(({ place }) => [`${place.repository}:${place.tag}`, stored])),
    texts: new Map(),
  }
  const settings = {
    registry,
    prefix: '',
    existing: 'verify',
    platforms: 'auto',
    lock: emptyLock,
  } as const
  const plan = makePlan(placed, inventory, settings)
  it.each([
    ['quay.io/o/one:1', a, 'skip'],
    ['quay.io/o/one:1', b, 'differs'],
    // A chart of an index is compared by its archive, one of an OCI registry by its manifest.
    ['chart one 1.0.0', b, 'skip'],
    ['chart two v2.0.0', a, 'skip'],
    ['chart two v2.0.0', b, 'differs'],
  ] as const)('%s against %s → %s', (name, digest, action) => {
    const step = plan.steps.find((candidate) => candidate.name === name)
    expect(step?.action).toBe('compare')
    expect(step && settle(step, digest === undefined ? {} : { digest }, settings).action).toBe(
      action,
    )
  })
})

describe('isImmutable', () => {
  it.each([
    ['MUTABLE', [], 'v1', false],
    ['IMMUTABLE', [], 'v1', true],
    ['IMMUTABLE_WITH_EXCLUSION', ['dev-*'], 'dev-1', false],
    ['IMMUTABLE_WITH_EXCLUSION', ['dev-*'], 'v1', true],
    ['MUTABLE_WITH_EXCLUSION', ['v*', 'rel.*'], 'v1', true],
    ['MUTABLE_WITH_EXCLUSION', ['v*', 'rel.*'], 'rel-1', false],
    ['MUTABLE_WITH_EXCLUSION', ['*1*'], '0.1.0', true],
  ])('%s except %j: %s → %s', (mutability, exclusions, tag, immutable) => {
    expect(isImmutable({ mutability, exclusions }, tag)).toBe(immutable)
  })
})

describe('limitsOf', () => {
  const minutes = (bytes: number | undefined, chosen?: number) => {
    const { deadline, idle } = limitsOf(bytes === undefined ? {} : { bytes }, chosen)
    return [deadline / 60_000, idle / 60_000]
  }
  it('gives large images longer, and what the user chose to all', () => {
    expect(minutes(undefined)).toEqual([60, 15])
    expect(minutes(0)).toEqual([10, 10])
    expect(minutes(6 * 1024 ** 3)).toEqual([10 + 6144 / 60, 15])
    expect(minutes(6 * 1024 ** 3, 120_000)).toEqual([2, 2])
  })
})

describe('storedOf', () => {
  const layer = (mediaType: string) => JSON.stringify({ layers: [{ mediaType, digest: b }] })
  it.each([
    ['', {}],
    [JSON.stringify({ manifests: [{ digest: a }] }), {}],
    [layer('application/vnd.oci.image.layer.v1.tar+gzip'), {}],
    [layer('application/vnd.cncf.helm.chart.content.v1.tar+gzip'), { layer: b }],
  ])('reads %s', (text, parts) => {
    expect(storedOf({ digest: a ?? '', manifest: text })).toEqual({ digest: a, ...parts })
  })
})
