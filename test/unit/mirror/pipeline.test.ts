import { describe, expect, it } from 'vitest'
import { mirror, planMirror } from '../../../scripts/lib/mirror/mirror.ts'
import { exitCodeOfReport } from '../../../scripts/lib/mirror/report/report.ts'
import type { CopySettings } from '../../../scripts/lib/mirror/session/request.ts'
import { requestFor } from './fakes.ts'
import {
  type Conditions,
  digestOf,
  makeWorld,
  placed,
  places,
  registryHost,
  sourceDigests,
} from './world.ts'

const [one = '', two = '', web = ''] = places
const [a = '', b = '', c = ''] = sourceDigests.values()
const everything = { [one]: a, [two]: b, [web]: c }
const [oneRepository = '', twoRepository = '', webRepository = ''] = places.map(
  (place) => place.split(':')[0] ?? '',
)
const creations = [webRepository, oneRepository, twoRepository].map((name) => `create ${name}`)
const copyOf = (source: string, place: string) => `copy ${source} ${registryHost}/${place}`
const copies = [
  copyOf(`quay.io/o/one@${a}`, one),
  copyOf(`ghcr.io/o/two@${b}`, two),
  copyOf(`registry.example.com/charts/web@${c}`, web),
]
const heads = ['quay.io/o/one:1', 'ghcr.io/o/two:1', 'registry.example.com/charts/web:1.0.0'].map(
  (name) => `HEAD ${name}`,
)

interface Case {
  readonly name: string
  readonly conditions: Conditions
  readonly settings?: Partial<CopySettings>
  /** Statuses in the order of the items, or the kinds of problems that the preflight ends with. */
  readonly ends: readonly string[]
  readonly isRefused?: boolean
  readonly exitCode?: number
  readonly attempts?: readonly number[]
  /** What was changed and copied, in any order but for what depends on one another. */
  readonly changes: readonly string[]
  readonly requests: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  readonly opened: readonly string[]
}

const working = ['target', 'tools', 'lock', 'credentials']

const cases: readonly Case[] = [
  {
    name: 'with everything absent creates the repositories and copies all',
    conditions: {},
    ends: ['copied', 'copied', 'copied'],
    exitCode: 0,
    attempts: [1, 1, 1],
    changes: [...creations, ...copies],
    requests: heads,
    tags: everything,
    opened: working,
  },
  {
    name: 'with everything present asks no source and opens nothing but the registry',
    conditions: { stored: everything },
    ends: ['skipped', 'skipped', 'skipped'],
    exitCode: 0,
    attempts: [0, 0, 0],
    changes: [],
    requests: [],
    tags: everything,
    opened: ['target'],
  },
  {
    name: 'with a missing source changes nothing',
    conditions: { missing: ['ghcr.io/o/two:1'] },
    ends: ['not-found'],
    isRefused: true,
    changes: [],
    requests: [...heads, 'GET ghcr.io/o/two:1'],
    tags: {},
    opened: working,
  },
  {
    name: 'with a missing source mirrors the rest on request, and creates no repository for it',
    conditions: { missing: ['ghcr.io/o/two:1'] },
    settings: { onMissing: 'skip' },
    ends: ['copied', 'failed', 'copied'],
    exitCode: 1,
    changes: [...creations.slice(0, 2), ...copies.slice(0, 1), ...copies.slice(2)],
    requests: [...heads, 'GET ghcr.io/o/two:1'],
    tags: { [one]: a, [web]: c },
    opened: working,
  },
  {
    name: 'waits and tries again when ECR throttles',
    conditions: {
      stored: { [two]: b, [web]: c },
      failures: [`PUT https://${registryHost}/v2/x: TOOMANYREQUESTS: Rate exceeded`],
    },
    ends: ['copied', 'skipped', 'skipped'],
    exitCode: 0,
    attempts: [2, 0, 0],
    changes: [`create ${oneRepository}`, `failed ${copies[0]}`, `${copies[0]}`],
    requests: heads.slice(0, 1),
    tags: everything,
    opened: working,
  },
  {
    name: 'gives up on an item that ECR throttles again and again, and copies the others',
    conditions: {
      stored: { [two]: b, [web]: c },
      failures: Array.from({ length: 3 }, () => `${registryHost}: TOOMANYREQUESTS: Rate exceeded`),
    },
    ends: ['failed', 'skipped', 'skipped'],
    exitCode: 1,
    attempts: [3, 0, 0],
    changes: [`create ${oneRepository}`, ...Array.from({ length: 3 }, () => `failed ${copies[0]}`)],
    requests: heads.slice(0, 1),
    tags: { [two]: b, [web]: c },
    opened: working,
  },
  {
    name: 'does not repeat what a source refuses for good',
    conditions: {
      stored: { [two]: b, [web]: c },
      failures: ['GET https://quay.io/v2/o/one: MANIFEST_UNKNOWN: manifest unknown'],
    },
    ends: ['failed', 'skipped', 'skipped'],
    exitCode: 1,
    attempts: [1, 0, 0],
    changes: [`create ${oneRepository}`, `failed ${copies[0]}`],
    requests: heads.slice(0, 1),
    tags: { [two]: b, [web]: c },
    opened: working,
  },
  {
    name: 'starts nothing after an interruption, and reports what is left',
    conditions: { interruptedAt: 1 },
    settings: { concurrency: 1 },
    ends: ['interrupted', 'interrupted', 'interrupted'],
    exitCode: 130,
    changes: creations,
    requests: heads,
    tags: {},
    opened: working,
  },
  {
    name: 'leaves a tag with other content alone',
    conditions: { stored: { ...everything, [one]: digestOf('d') } },
    settings: { existing: 'verify' },
    ends: ['differs', 'skipped', 'skipped'],
    exitCode: 1,
    changes: [],
    requests: heads,
    tags: { ...everything, [one]: digestOf('d') },
    opened: working,
  },
  {
    name: 'overwrites a tag with other content on request, and no other',
    conditions: { stored: { ...everything, [one]: digestOf('d') } },
    settings: { existing: 'overwrite' },
    ends: ['overwritten', 'skipped', 'skipped'],
    exitCode: 0,
    changes: copies.slice(0, 1),
    requests: heads,
    tags: everything,
    opened: working,
  },
  {
    name: 'refuses to overwrite an immutable tag before anything is changed',
    conditions: { stored: { ...everything, [one]: digestOf('d') }, mutability: 'IMMUTABLE' },
    settings: { existing: 'overwrite' },
    ends: ['tag-immutable'],
    isRefused: true,
    changes: [],
    requests: heads,
    tags: { ...everything, [one]: digestOf('d') },
    opened: working,
  },
  {
    name: 'replaces an immutable tag on request: by digest first, and only then the tag',
    conditions: { stored: { ...everything, [one]: digestOf('d') }, mutability: 'IMMUTABLE' },
    settings: { existing: 'overwrite', replaceImmutable: true },
    ends: ['overwritten', 'skipped', 'skipped'],
    exitCode: 0,
    changes: [
      copyOf(`quay.io/o/one@${a}`, `${oneRepository}@${a}`),
      `delete tag ${one}`,
      `put ${one}`,
    ],
    requests: heads,
    tags: everything,
    opened: working,
  },
]

/** Creations and copies run side by side; what replaces a tag comes in its order. */
const inAnyOrder = (changes: readonly string[]) => changes.toSorted()

describe('Mirroring', () => {
  it.each(cases)('$name', async (given) => {
    const world = makeWorld(given.conditions)
    const result = await mirror(requestFor({ placed }, given.settings), world.doors)
    const seen = result.ok
      ? {
          ends: result.value.report.outcomes.map(({ status }) => status),
          exitCode: exitCodeOfReport(result.value.report),
          attempts: result.value.report.outcomes.map(({ attempts }) => attempts),
        }
      : { ends: result.problem.map(({ kind }) => kind), exitCode: undefined, attempts: undefined }
    expect({ ...seen, isRefused: !result.ok }).toStrictEqual({
      ends: given.ends,
      exitCode: given.exitCode,
      attempts: given.attempts ?? seen.attempts,
      isRefused: given.isRefused ?? false,
    })
    const isOrdered = given.settings?.replaceImmutable === true
    const arrange = isOrdered ? (changes: readonly string[]) => changes : inAnyOrder
    expect(arrange(world.changes)).toStrictEqual(arrange(given.changes))
    expect(inAnyOrder(world.requests)).toStrictEqual(inAnyOrder(given.requests))
    expect(Object.fromEntries(world.tags)).toStrictEqual(given.tags)
    expect(world.opened).toStrictEqual(given.opened)
    expect([...world.open]).toStrictEqual([])
  })

  it('is done again after an interruption without repeating what is finished', async () => {
    const first = makeWorld({ interruptedAt: 2 })
    const settings = { concurrency: 1 }
    await mirror(requestFor({ placed }, settings), first.doors)
    const stored = Object.fromEntries(first.tags)
    expect(Object.keys(stored)).toHaveLength(1)
    const second = makeWorld({ stored })
    const again = await mirror(requestFor({ placed }, settings), second.doors)
    expect(again.ok && exitCodeOfReport(again.value.report)).toBe(0)
    expect(second.changes.filter((change) => change.startsWith('copy'))).toHaveLength(2)
    expect(Object.fromEntries(second.tags)).toStrictEqual(everything)
  })

  it('tells when it tries again, and why', async () => {
    const world = makeWorld({
      stored: { [two]: b, [web]: c },
      failures: [`${registryHost}: TOOMANYREQUESTS: Rate exceeded`],
    })
    await mirror(requestFor({ placed }), world.doors)
    const retries = world.events.filter((event) => event.kind === 'retry')
    expect(retries).toMatchObject([
      { name: 'quay.io/o/one:1', problem: { kind: 'rate-limited', side: 'target' } },
    ])
    expect(retries[0]?.delay).toBeGreaterThanOrEqual(1_000)
  })
})

describe('Planning', () => {
  it.each([
    ['everything absent', {}, {}, ['copy', 'copy', 'copy'], 3],
    ['everything present', { stored: everything }, {}, ['skip', 'skip', 'skip'], 0],
    [
      'a tag to be compared',
      { stored: everything },
      { existing: 'verify' },
      ['compare', 'compare', 'compare'],
      0,
    ],
  ] as const)(
    'with %s only reads the registry',
    async (_, conditions, settings, actions, missing) => {
      const world = makeWorld(conditions)
      const plan = await planMirror(requestFor({ placed }, settings), world.doors)
      if (!plan.ok) throw new Error('the plan was refused')
      expect(plan.value.steps.map(({ action }) => action)).toStrictEqual(actions)
      expect(plan.value.create).toHaveLength(missing)
      expect([world.changes, world.requests, world.opened]).toStrictEqual([[], [], ['target']])
      expect([...world.open]).toStrictEqual([])
    },
  )
})
