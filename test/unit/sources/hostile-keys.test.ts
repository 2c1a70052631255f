import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { requiredFor } from '../../../scripts/lib/addons/prepare/required-values.ts'
import { effectiveValues, valuesScopes } from '../../../scripts/lib/charts/chart/values.ts'
import { loadIndex } from '../../../scripts/lib/charts/fetch/index-file.ts'
import { buildValues, overrideValues } from '../../../scripts/lib/values/override.ts'
import { emptyLeaves } from '../../../scripts/lib/charts/relocate/solve/empty-leaves.ts'
import { patchChart } from '../../../scripts/lib/charts/patch/repack.ts'
import { ProblemError, type Result, unwrap } from '../../../scripts/lib/model/problem.ts'
import { emptyTree, nodeAt, treeFrom, treeOf } from '../../../scripts/lib/model/values/values.ts'
import { parseAddonsValues } from '../../../scripts/lib/sources/values/addons-values.ts'
import { finish } from '../../../scripts/lib/steps/steps.ts'
import { parseCatalog } from '../../../scripts/lib/sources/catalog.ts'
import { loadChartOverrides } from '../../../scripts/lib/sources/chart-overrides.ts'
import { parseChartsYaml } from '../../../scripts/lib/sources/charts-yaml.ts'
import { parseLock } from '../../../scripts/lib/sources/manifest/lock-parse.ts'
import { parseManifest } from '../../../scripts/lib/sources/manifest/parse.ts'
import { readUmbrellaCharts } from '../../../scripts/lib/sources/values/umbrella-values.ts'
import { readValuesText } from '../../../scripts/lib/sources/values/values-file.ts'
import type { Http } from '../../../scripts/lib/tools/http/types.ts'
import { makeChartFiles } from '../support/charts.ts'
import { expectUntouchedGlobals } from '../support/globals.ts'
import { makeChart } from '../support/manifest.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

afterEach(() => {
  expectUntouchedGlobals()
  expect(Reflect.get({}, 'BASH_ENV')).toBeUndefined()
})

const attack = `__proto__: { BASH_ENV: '$(touch PWNED) quay.io/acme/app' }
constructor: { prototype: { BASH_ENV: x } }
toString: y-
`
const indented = (text: string, width: number) => text.replaceAll(/^(?=.)/gm, ' '.repeat(width))
const messageOf = (result: Result<unknown>) => (result.ok ? 'read' : result.problem.message)
const target = { registry: '123456789012.dkr.ecr.us-east-2.amazonaws.com', prefix: '' }

describe('Keys that mean something to JavaScript are carried where helm carries them, in', () => {
  it('values files', () => {
    const values = unwrap(readValuesText('values.yaml', attack))
    expect(nodeAt(values, ['__proto__', 'BASH_ENV'])).toBe('$(touch PWNED) quay.io/acme/app')
    expect(Object.keys(values)).toEqual(['__proto__', 'constructor', 'toString'])
  })

  it('values of charts and of subcharts, under an alias that is such a key', () => {
    const sub = makeChartFiles('sub', { 'values.yaml': `${attack}image: quay.io/a/b:1\n` })
    const chart = makeChartFiles(
      'root',
      {
        'Chart.yaml':
          'name: root\nversion: 1.0.0\ndependencies: [{ name: sub, version: 0.1.0, alias: constructor }, { name: sub, version: 0.1.0, alias: __proto__ }]\n',
        'values.yaml': 'constructor: { own: 1 }\n',
      },
      [sub],
    )
    const values = effectiveValues(chart, treeOf({ toString: { given: true } }))
    for (const alias of ['constructor', '__proto__']) {
      expect(nodeAt(values, [alias, 'image'])).toBe('quay.io/a/b:1')
      expect(nodeAt(values, [alias, '__proto__', 'BASH_ENV'])).toMatch(/PWNED/)
    }
    expect(nodeAt(values, ['constructor', 'own'])).toBe(1)
    expect([...valuesScopes(chart)].map(({ path }) => path.join('.'))).toEqual([
      '',
      'constructor',
      '__proto__',
    ])
    expect(() => finish(emptyLeaves(chart, values))).not.toThrow()
  })

  it('a chart that is patched', () => {
    const chart = makeChartFiles('one', { 'values.yaml': `${attack}image: quay.io/a/b:1\n` })
    const over = treeFrom([
      ['image', 'registry.example.com/b:1'],
      ['__proto__', treeOf({ BASH_ENV: 'moved' })],
    ])
    const { files } = patchChart(chart, over, [], 'sha256:1')
    const patched = unwrap(readValuesText('x', files.get('values.yaml')?.toString() ?? ''))
    expect(nodeAt(patched, ['__proto__', 'BASH_ENV'])).toBe('moved')
    expect(nodeAt(patched, ['image'])).toBe('registry.example.com/b:1')
  })

  it('add-ons, as their names and in their values', () => {
    const addons = `constructor:
  chart: app
  repoUrl: https://charts.example.com
  version: 1.0.0
  values:
${indented(attack, 4)}toString: { chart: other, repoUrl: https://charts.example.com, release: constructor }
`
    const { addons: found } = unwrap(
      finish(parseAddonsValues({ file: 'addons.yaml', text: addons })),
    )
    expect(found.map(({ path, release }) => `${path} ${release}`)).toEqual([
      'constructor app',
      'toString constructor',
    ])
    expect(nodeAt(found[0]?.values ?? null, ['__proto__', 'BASH_ENV'])).toMatch(/PWNED/)
    expect(requiredFor('constructor')).toEqual({})
  })

  it('catalogs', () => {
    const text = `addons:
- { chart: constructor, repository: https://charts.example.com, release: prototype }
`
    expect(unwrap(parseCatalog({ file: 'catalog.yaml', text })).addons[0]).toMatchObject({
      name: 'constructor',
      release: 'prototype',
    })
  })

  it('overrides of charts', async () => {
    const file = join(makeTempFolder(), 'overrides.yaml')
    writeFileSync(file, `overrides:\n  constructor:\n${indented(attack, 4)}`)
    const overrides = await loadChartOverrides(file, true)
    expect(nodeAt(overrides.get('constructor') ?? null, ['__proto__', 'BASH_ENV'])).toMatch(/PWNED/)
    expect(overrides.get('toString')).toBeUndefined()
  })

  it('values of a chart list and of an umbrella', () => {
    const text = `charts:
- name: constructor
  version: 1.0.0
  repository: https://charts.example.com
  values:
${indented(attack, 4)}  variants: { constructor: { __proto__: { a: 1 } } }
`
    const [listed] = unwrap(parseChartsYaml({ file: 'charts.yaml', text })).charts
    expect(nodeAt(listed?.variants['default'] ?? null, ['__proto__', 'BASH_ENV'])).toMatch(/PWNED/)
    const entry = treeOf({ version: '1.0.0', repository: 'https://charts.example.com' })
    const charts = treeFrom([['constructor', entry]])
    const [read] = unwrap(readUmbrellaCharts(treeFrom([['charts', charts]]), 'umbrella'))
    expect(read?.name).toBe('constructor')
    expect(messageOf(readUmbrellaCharts(emptyTree(), 'umbrella'))).toContain('have no charts: map')
  })

  it('generated values, when a chart is called so', () => {
    const path = ['__proto__', 'image']
    const values = [{ path, value: '<registry>/<prefix>x:1' }]
    const chart = makeChart({
      name: 'constructor',
      relocation: { mirrored: { values, unreached: [], proofs: [] } },
    })
    const tree = overrideValues({ input: '', charts: [chart], images: [], relocation: {} }, target)
    expect(nodeAt(tree, ['charts', 'constructor', 'values', ...path])).toBe(
      `${target.registry}/x:1`,
    )
    expect(nodeAt(buildValues(values, target), path)).toBe(`${target.registry}/x:1`)
  })
})

describe('An index of charts', () => {
  const indexOf = async (text: string) => {
    const http = {
      get: async (url: string) => ({
        ok: true,
        value: { status: 200, headers: {}, body: Buffer.from(text), url },
      }),
    } as unknown as Http
    return loadIndex(http, 'https://x.io', new AbortController().signal, { kind: 'command-line' })
  }
  const entry = '[{ version: 1.0.0, urls: [a.tgz] }]'

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'has a chart %s only when it lists one',
    async (name) => {
      const none = unwrap(await indexOf(`entries: { app: ${entry} }`))
      expect(none.versionsOf(name)).toEqual([])
      for (const text of [
        `entries: { ${name}: ${entry} }`,
        `{"entries": {"${name}": [{"version": "1.0.0", "urls": ["a.tgz"]}]}}`,
      ]) {
        expect(unwrap(await indexOf(text)).versionsOf(name)).toEqual([
          { version: '1.0.0', url: 'https://x.io/a.tgz' },
        ])
      }
    },
  )

  it.each([
    ['an alias bomb', bombIndex(), /index\.yaml:\d+: aliases expand to more values/],
    ['lists in lists', '['.repeat(100_000), /index\.yaml:1:\d+: nesting/],
    ['entries that are a list', 'entries: [1]', /nothing|has no entries/],
    ['nothing', '', /has no entries/],
  ])('that is %s is refused', { timeout: 20_000 }, async (_, text, message) => {
    const index = await indexOf(text)
    if (index.ok) expect(index.value.versionsOf('app')).toEqual([])
    else expect(index.problem.message).toMatch(message)
    if (text.startsWith('e: &') || text.startsWith('[[')) expect(index.ok).toBe(false)
  })
})

function bombIndex(): string {
  const lines = ['e: &a0 [x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level <= 9; level += 1) {
    const names = Array.from({ length: 9 }, () => `*a${level - 1}`)
    lines.push(`e${level}: &a${level} [${names.join(', ')}]`)
  }
  return `${lines.join('\n')}\nentries: { app: *a9 }\n`
}

describe('They are refused with their place where they can have no meaning, in', () => {
  it.each([
    [
      'a leaf path of a chart list',
      'charts: []\ndirect:\n- { reference: "a/b:1", reason: x, leaves: { __proto__.x: reference } }\n',
      /^charts\.yaml:3:\d+: .*"__proto__\.x" is not a leaf path/,
    ],
    [
      'leaves of a chart list',
      'charts: []\ndirect:\n- { reference: "a/b:1", reason: x, leaves: { __proto__: reference } }\n',
      /^charts\.yaml:3:\d+: .*__proto__/,
    ],
    [
      'variants of a chart list',
      'charts:\n- name: a\n  version: 1.0.0\n  repository: https://x.io\n  variants:\n    __proto__: { a: 1 }\n',
      /^charts\.yaml:6:\d+: .*"__proto__" cannot be a key here/,
    ],
    [
      'a chart list itself',
      'charts: []\n__proto__: { a: 1 }\n',
      /^charts\.yaml:2:1: .*unknown key "__proto__"/,
    ],
    [
      'tags of repositories',
      'charts: []\nrepositories:\n  tags:\n    __proto__: x\n',
      /^charts\.yaml:4:\d+: .*"__proto__" cannot be a key here/,
    ],
  ])('%s', (_, text, message) => {
    expect(messageOf(parseChartsYaml({ file: 'charts.yaml', text }))).toMatch(message)
  })

  const digest = `sha256:${'a'.repeat(64)}`
  it.each([
    ['images of a lock', `{"images": {\n"__proto__": {"digest": "${digest}"}}, "charts": {}}`],
    ['charts of a lock', `{"images": {}, "charts": {\n"__proto__": {"digest": "${digest}"}}}`],
    [
      'blobs of a lock',
      `{"images": {"docker.io/a/b:1": {"digest": "${digest}", "blobs": {\n"__proto__": 1}}}, "charts": {}}`,
    ],
  ])('%s', (_, text) => {
    const parsed = parseLock({ file: 'lock.json', text })
    expect(messageOf(parsed)).toMatch(/^lock\.json:2:\d+: .*"__proto__" cannot be a key here/)
  })

  it.each(['JSON', 'module'])('a leaf path of a manifest that is %s', (kind) => {
    const manifest = JSON.stringify({
      input: '',
      charts: [],
      images: [],
      relocation: { mirrored: [{ path: ['__proto__', 'BASH_ENV'], value: 'x' }] },
    })
    const [file, text] =
      kind === 'JSON'
        ? ['m.json', manifest]
        : ['m.ts', `export const m = defineManifest(${manifest})\n`]
    expect(messageOf(parseManifest(file ?? '', text ?? ''))).toMatch(/^m\.\w+:1:\d+: .*"__proto__"/)
  })

  it('overrides of charts that are no values', async () => {
    const file = join(mkdtempSync(join(makeTempFolder(), 'x-')), 'overrides.yaml')
    writeFileSync(file, 'overrides:\n  app: { a: 1 }\n  constructor: text\n')
    const failed: unknown = await loadChartOverrides(file, true).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(ProblemError)
    expect(String(failed)).toMatch(/overrides\.yaml:3:\d+: .*must be a mapping/)
  })
})

it('a lock says nothing of an image or chart that it does not list', () => {
  const lock = unwrap(parseLock({ file: 'lock.json', text: '{"images": {}, "charts": {}}' }))
  expect(lock.images['constructor']).toBeUndefined()
  expect(lock.charts['__proto__']).toBeUndefined()
})
