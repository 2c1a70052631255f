import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { manifest as committed } from '../../../manifests/private-ecr-manifest.ts'
import type { ChartList } from '../../../scripts/lib/model/chart-list.ts'
import type { Manifest } from '../../../scripts/lib/model/manifest.ts'
import { diffManifests } from '../../../scripts/lib/model/manifest-diff.ts'
import { unwrap } from '../../../scripts/lib/model/problem.ts'
import {
  composeManifest,
  formatLeafPath,
  parseLeafPath,
  patternFor,
} from '../../../scripts/lib/model/relocation.ts'
import {
  defaultManifestFile,
  loadManifest,
  parseManifest,
} from '../../../scripts/lib/sources/manifest-file.ts'
import { renderManifestModule } from '../../../scripts/lib/sources/manifest-module.ts'

const list: ChartList = {
  charts: [
    {
      name: 'b',
      version: '1.0.0',
      repository: 'https://x.io',
      group: 'production',
      images: [
        {
          reference: 'quay.io/o/two:2',
          leaves: [{ path: ['two', 'repository'], role: 'repository' }],
        },
        { reference: 'quay.io/o/one:1', leaves: [] },
      ],
    },
    {
      name: 'a',
      version: '1.0.0',
      published: 'v1.0.0',
      repository: 'oci://h.io/p',
      group: 'development',
      images: [{ reference: 'quay.io/o/one:1', reason: 'pulled by the operator', leaves: [] }],
    },
  ],
  direct: [
    { reference: 'quay.io/o/three:3', leaves: [{ path: ['x', 0, 'y.z'], role: 'reference' }] },
  ],
}

describe('composeManifest', () => {
  const manifest = unwrap(composeManifest(list, 'sha256:x'))

  it('sorts charts and images and joins the users of an image', () => {
    expect(manifest.charts.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(manifest.images).toEqual([
      { reference: 'quay.io/o/one:1', charts: ['a', 'b'], reason: 'pulled by the operator' },
      { reference: 'quay.io/o/three:3', charts: [] },
      { reference: 'quay.io/o/two:2', charts: ['b'] },
    ])
  })

  it('refuses two values for one leaf', () => {
    const path = ['image', 'repository']
    const images = ['quay.io/o/one:1', 'quay.io/o/two:2'].map((reference) => ({
      reference,
      leaves: [{ path, role: 'repository' as const }],
    }))
    const [chart] = list.charts
    const conflict = composeManifest(
      { charts: chart ? [{ ...chart, images }] : [], direct: [] },
      'x',
    )
    expect(conflict).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
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
    const place = { repository: 'mirrored/quay.io/o/one', tag: '1' }
    expect(patternFor(role, place)).toBe(pattern)
  })

  it('keeps a pinned reference pinned, under the tag at which it is stored', () => {
    const reference = `quay.io/o/one@sha256:${'a'.repeat(64)}`
    const leaves = (['reference', 'tag'] as const).map((role) => ({ path: [role], role }))
    const pinned = { charts: [], direct: [{ reference, leaves }] }
    expect(unwrap(composeManifest(pinned, 'x')).relocation.map(({ value }) => value)).toEqual([
      `<registry>/<prefix>mirrored/quay.io/o/one:digest-aaaaaaaaaaaa@sha256:${'a'.repeat(64)}`,
      'digest-aaaaaaaaaaaa',
    ])
  })

  it('refuses a leaf inside another one', () => {
    const leaves = [['image'], ['image', 'tag']].map((path) => ({ path, role: 'tag' as const }))
    const nested = { charts: [], direct: [{ reference: 'quay.io/o/one:1', leaves }] }
    expect(composeManifest(nested, 'x')).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })

  it('renders a module that reads back as the same manifest', async () => {
    const text = await renderManifestModule(manifest, 'charts.yaml')
    expect(unwrap(parseManifest('m.ts', text))).toEqual(manifest)
  })
})

describe('leaf paths', () => {
  it.each([
    ['image.repository', ['image', 'repository']],
    ['a[0].b', ['a', 0, 'b']],
    ['a["x.y"].b', ['a', 'x.y', 'b']],
    ['kube-state-metrics.image', ['kube-state-metrics', 'image']],
  ])('reads and writes %s', (text, path) => {
    expect(parseLeafPath(text)).toEqual(path)
    expect(formatLeafPath(path)).toBe(text)
  })
  it.each(['', 'a..b', 'a[x]', 'a["b'])('refuses %j', (text) => {
    expect(parseLeafPath(text)).toBeUndefined()
  })
})

describe('the committed manifest', () => {
  it('has the 46 images and 11 charts of the reference system', () => {
    expect([committed.images.length, committed.charts.length]).toEqual([46, 11])
  })
  it('reads as data as it does as a module, and is frozen', async () => {
    expect(await loadManifest()).toEqual(committed)
    expect(Object.isFrozen(committed.charts[0]?.relocation)).toBe(true)
  })
})

describe('parseManifest', () => {
  const module = readFileSync(defaultManifestFile, 'utf8')
  const read = (text: string, file = 'm.ts') => {
    const parsed = parseManifest(file, text)
    return parsed.ok ? 'accepted' : parsed.problem.message
  }
  const line = (needle: string) => module.split('\n').findIndex((text) => text.includes(needle)) + 1

  it.each([
    [
      'a number for a version',
      module.replace('"version": "0.47.1"', '"version": 0.47'),
      `m.ts:${line('"0.47.1"')}:`,
    ],
    [
      'an unknown key',
      module.replace('"group": "production"', '"gruop": "x", "group": "production"'),
      'unknown key "gruop"',
    ],
    [
      'a duplicate image',
      module.replace(
        '"images": [',
        '"images": [\n{ "reference": "docker.io/amazon/aws-cli:latest", "charts": [] },',
      ),
      'is listed twice',
    ],
    [
      'a chart that is not there',
      module.replace('"charts": ["localstack"]', '"charts": ["lost"]'),
      'chart "lost" is not in the manifest',
    ],
    [
      'an image without a tag',
      module.replace('aws-cli:latest"', 'aws-cli"'),
      'has neither tag nor digest',
    ],
    ['something else', 'export const x = 1', 'is not a manifest module'],
  ])('refuses %s', (_, text, message) => {
    expect(read(text)).toContain(message)
  })

  it('takes the same data as JSON', () => {
    expect(read(JSON.stringify(committed), 'm.json')).toBe('accepted')
    expect(read('{"charts": 1}', 'm.json')).toContain('m.json:1:')
  })
})

describe('diffManifests', () => {
  it('tells charts, images and values apart', () => {
    const before = unwrap(composeManifest(list, 'x'))
    const after: Manifest = {
      ...before,
      charts: before.charts.map((chart) =>
        chart.name === 'b' ? { ...chart, version: '1.1.0', relocation: [] } : chart,
      ),
      images: before.images.slice(1).concat({ reference: 'quay.io/o/four:4', charts: ['b'] }),
    }
    expect(
      diffManifests(before, after).map(({ kind, subject, text }) => `${kind} ${subject} ${text}`),
    ).toEqual([
      'changed chart b: 1.0.0 from https://x.io → 1.1.0 from https://x.io',
      'added image quay.io/o/four:4 (b)',
      'removed image quay.io/o/one:1 (a, b)',
      'removed value b: two.repository (<registry>/<prefix>mirrored/quay.io/o/two)',
    ])
  })
})
