import { describe, expect, it } from 'vitest'
import type { ChartList, ListedChart } from '../../../../scripts/lib/model/chart/chart-list.ts'
import { composeManifest } from '../../../../scripts/lib/model/manifest/compose.ts'
import type { LeafPath } from '../../../../scripts/lib/model/values/leaf-path.ts'
import { patternFor } from '../../../../scripts/lib/model/values/leaf-role.ts'
import { type Manifest, resultOf } from '../../../../scripts/lib/model/manifest/manifest.ts'
import { diffManifests } from '../../../../scripts/lib/model/manifest/diff.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import type { RelocationResult } from '../../../../scripts/lib/model/chart/relocation.ts'
import { parseManifest } from '../../../../scripts/lib/sources/manifest/parse.ts'
import { renderManifestModule } from '../../../../scripts/lib/sources/manifest/module.ts'
import { makePlace } from '../../support/manifest.ts'
import { emptyTree } from '../../../../scripts/lib/model/values/values.ts'

const chart = (name: string, rest: Partial<ListedChart> = {}): ListedChart => ({
  name,
  version: '1.0.0',
  repository: 'https://x.io',
  group: 'production',
  apiVersions: [],
  variants: { default: emptyTree() },
  runtime: [],
  decisions: [],
  ...rest,
})

const { chart: _, ...place } = makePlace()
const found = (references: readonly string[], path: LeafPath = ['a']): RelocationResult => ({
  images: references.map((reference) => ({ reference, places: [place] })),
  runtime: [],
  undecided: [],
  questions: [],
  egress: [],
  dormant: [],
  layouts: {
    mirrored: { values: [{ path, value: '<registry>/solved' }], unreached: [], proofs: [] },
    'by-chart': { values: [{ path, value: '<registry>/solved' }], unreached: [], proofs: [] },
  },
  notices: [],
})

const list: ChartList = {
  charts: [
    chart('b'),
    chart('a', {
      published: 'v1.0.0',
      runtime: [
        { reference: 'quay.io/o/one:1', reason: 'pulled by the operator', leaves: [] },
        {
          reference: 'quay.io/o/late:1',
          reason: 'a sidecar',
          leaves: [{ path: ['late', 'image'], role: 'repository' }],
        },
      ],
    }),
  ],
  direct: [
    {
      reference: 'quay.io/o/three:3',
      reason: 'a job',
      leaves: [{ path: ['x', 0, 'y.z'], role: 'reference' }],
    },
  ],
}
const results = new Map([
  ['b', found(['quay.io/o/two:2', 'quay.io/o/one:1'])],
  ['a', found([])],
])

function problemOf(direct: ChartList['direct']) {
  const composed = composeManifest({ list: { charts: [], direct }, input: 'x', results: new Map() })
  return composed.ok ? undefined : composed.problem
}

describe('composeManifest', () => {
  const manifest = unwrap(composeManifest({ list, input: 'sha256:x', results }))

  it('sorts charts and images, joins the users of an image, and never drops a declared one', () => {
    expect(manifest.charts.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(
      manifest.images.map(({ reference, charts, reason }) => [reference, charts.join(), reason]),
    ).toEqual([
      ['quay.io/o/late:1', 'a', 'a sidecar'],
      ['quay.io/o/one:1', 'a,b', 'pulled by the operator'],
      ['quay.io/o/three:3', '', 'a job'],
      ['quay.io/o/two:2', 'b', undefined],
    ])
  })

  it('adds the leaves of runtime images in every layout', () => {
    const values = manifest.charts[0]?.relocation
    expect(values?.mirrored?.values.at(-1)).toEqual({
      path: ['late', 'image'],
      value: '<registry>/<prefix>mirrored/quay.io/o/late',
    })
    expect(values?.['by-chart']?.values.at(-1)?.value).toBe('<registry>/<prefix>a/late')
  })

  it('refuses a runtime leaf that contradicts what is rendered', () => {
    const runtime = [
      {
        reference: 'quay.io/o/late:1',
        reason: 'x',
        leaves: [{ path: ['a'], role: 'repository' as const }],
      },
    ]
    const composed = composeManifest({
      list: { charts: [chart('a', { runtime })], direct: [] },
      input: 'x',
      results: new Map([['a', found([])]]),
    })
    expect(composed).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })

  it('keeps the hosts from which a chart fetches, and shows new ones in a review', async () => {
    const where = { variants: ['default'], document: 'Pod/x', path: 'spec', template: 'a/x.yaml' }
    const use = 'address' as const
    const egress = [{ host: 'a.dev', use, addresses: ['https://a.dev'], places: [where] }]
    const of = (result: RelocationResult) =>
      unwrap(
        composeManifest({
          list: { charts: [chart('a')], direct: [] },
          input: 'x',
          results: new Map([['a', result]]),
        }),
      )
    const [before, after] = [of(found([])), of({ ...found([]), egress })]
    const read = unwrap(parseManifest('m.ts', await renderManifestModule(after, 'x')))
    expect(read.charts[0]?.egress).toEqual(egress)
    expect(before.charts[0]).not.toHaveProperty('egress')
    expect(after.charts.flatMap((one) => resultOf(after, one).egress)).toEqual(egress)
    expect(diffManifests(before, after)).toEqual([
      { kind: 'added', subject: 'egress', chart: 'a', text: 'a.dev (address): Pod/x spec' },
    ])
  })

  it('lists what operators pull with its origin, and reads it back', () => {
    const pull = {
      operator: 'op',
      when: 'always',
      leaves: ['node.image'],
      field: 'Node spec.image',
      source: 'https://example.com/op',
    }
    const result = {
      ...found(['quay.io/o/two:2']),
      runtime: [{ reference: 'quay.io/o/node:1', ...pull }],
    }
    const own = unwrap(
      composeManifest({
        list: { charts: [chart('a')], direct: [] },
        input: 'x',
        results: new Map([['a', result]]),
      }),
    )
    expect(own.images[0]).toEqual({
      reference: 'quay.io/o/node:1',
      charts: ['a'],
      runtime: [{ chart: 'a', ...pull }],
      found: [],
    })
    const [first] = own.charts
    expect(first && resultOf(own, first).runtime).toEqual(result.runtime)
  })

  it('refuses two values for one leaf', () => {
    const leaves = [{ path: ['image'], role: 'repository' as const }]
    const direct = ['quay.io/o/one:1', 'quay.io/o/two:2'].map((reference) => ({
      reference,
      reason: 'x',
      leaves,
    }))
    expect(problemOf(direct)).toMatchObject({ kind: 'conflict' })
  })

  it('refuses a leaf inside another one', () => {
    const leaves = [['image'], ['image', 'tag']].map((path) => ({ path, role: 'tag' as const }))
    expect(problemOf([{ reference: 'quay.io/o/one:1', reason: 'x', leaves }])).toMatchObject({
      kind: 'conflict',
    })
  })

  it.each([
    ['registry', '<registry>'],
    ['path', '<prefix>mirrored/quay.io/o/one'],
    ['repository', '<registry>/<prefix>mirrored/quay.io/o/one'],
    ['source', '<registry>/<prefix>mirrored/quay.io'],
    ['parent', '<prefix>mirrored/quay.io/o'],
    ['reference', '<registry>/<prefix>mirrored/quay.io/o/one:1'],
    ['tag', '1'],
  ] as const)('spells the role %s as %s', (role, pattern) => {
    expect(patternFor(role, { repository: 'mirrored/quay.io/o/one', tag: '1' })).toBe(pattern)
  })

  it('keeps a pinned reference pinned, under the tag at which it is stored', () => {
    const reference = `quay.io/o/one@sha256:${'a'.repeat(64)}`
    const leaves = (['reference', 'tag'] as const).map((role) => ({ path: [role], role }))
    const pinned = { charts: [], direct: [{ reference, reason: 'x', leaves }] }
    const composed = unwrap(composeManifest({ list: pinned, input: 'x', results: new Map() }))
    expect(composed.relocation.mirrored?.map(({ value }) => value)).toEqual([
      `<registry>/<prefix>mirrored/quay.io/o/one:digest-aaaaaaaaaaaa@sha256:${'a'.repeat(64)}`,
      'digest-aaaaaaaaaaaa',
    ])
  })

  it('renders a module that reads back as the same manifest', async () => {
    const text = await renderManifestModule(manifest, 'charts.yaml')
    expect(unwrap(parseManifest('m.ts', text))).toEqual(manifest)
  })

  it('gives back what was found of a chart, so that one chart can be looked at alone', () => {
    const [, b] = manifest.charts
    const known = b && resultOf(manifest, b)
    const again = unwrap(
      composeManifest({
        list,
        input: 'sha256:x',
        results: new Map([...results, ['b', known ?? found([])]]),
      }),
    )
    expect(again).toEqual(manifest)
  })
})

describe('diffManifests', () => {
  const before = unwrap(composeManifest({ list, input: 'x', results }))
  const lines = (after: Manifest) =>
    diffManifests(before, after).map(({ kind, subject, chart: owner, text }) =>
      [kind, subject, owner, text].filter(Boolean).join(' '),
    )

  it('finds nothing between equals', () => {
    expect(lines(before)).toEqual([])
  })

  it('tells versions, retagged images, values and references that are newly unreachable', () => {
    const bumped = found(['quay.io/o/two:3', 'quay.io/o/one:1', 'quay.io/o/new:1'], ['b'])
    const unreached = {
      reference: 'quay.io/o/new:1',
      variant: 'default',
      cause: 'unreachable' as const,
      document: 'Job/x',
      path: 'spec',
      template: 't',
      leaves: [],
    }
    const mirrored = { values: [], proofs: [], ...bumped.layouts.mirrored, unreached: [unreached] }
    const after = unwrap(
      composeManifest({
        list: {
          ...list,
          charts: list.charts.map((one) => (one.name === 'b' ? { ...one, version: '1.1.0' } : one)),
        },
        input: 'y',
        results: new Map([
          ...results,
          ['b', { ...bumped, layouts: { ...bumped.layouts, mirrored } }],
        ]),
      }),
    )
    expect(lines(after)).toEqual([
      'changed chart b b 1.0.0 from https://x.io → 1.1.0 from https://x.io',
      'added image b quay.io/o/new:1',
      'changed image b quay.io/o/two:2 → 3',
      'added value b b = <registry>/solved',
      'removed value b a (was <registry>/solved)',
      'added unreachable b quay.io/o/new:1 at Job/x spec: unreachable in variant "default"',
    ])
  })

  it('tells what is outside charts', () => {
    const other: ChartList = { ...list, direct: [] }
    const after = unwrap(composeManifest({ list: other, input: 'x', results }))
    expect(lines(after)).toEqual([
      'removed image quay.io/o/three:3 (a job)',
      'removed value x[0]["y.z"] (<registry>/<prefix>mirrored/quay.io/o/three:3)',
    ])
  })

  it('tells what is requested of repositories', () => {
    const wishing: ChartList = { ...list, repositories: { scanOnPush: true } }
    const after = unwrap(composeManifest({ list: wishing, input: 'x', results }))
    expect(lines(after)).toEqual(['added repository scanOnPush (true)'])
    expect(before).not.toHaveProperty('repositories')
  })
})
