import { describe, expect, test } from 'vitest'
import { explainNeed, problemOfUnknown } from '../../../scripts/lib/addons/templates/words.ts'
import { fillTemplates } from '../../../scripts/lib/model/values/templated-values.ts'
import type { TreeLiteral } from '../../../scripts/lib/model/tree/tree.ts'
import { emptyTree, nodeAt, treeOf } from '../../../scripts/lib/model/values/values.ts'
import { addonWith, app, type Chart, probe, word } from '../support/addon-probe.ts'

// Which templates of an add-on matter to the images of its chart.
describe('a template', () => {
  test.each<[string, string, Chart, string[]]>([
    ['that nothing reads', "    x: '{{ .x }}'\n", app, []],
    [
      'that is a tag',
      "    image: { tag: '{{ .x }}' }\n",
      app,
      ['image.tag composes quay.io/a/app:1.0.0'],
    ],
    [
      'that is a part of a name',
      "    image: { name: 'quay.io/{{ .x }}/app' }\n",
      app,
      ['image.name composes quay.io/a/app:1.0.0'],
    ],
    [
      'that is a digest',
      "    image: { digest: '{{ .x }}' }\n",
      (values) => [
        `quay.io/a/app:1${word(values, 'image', 'digest') && `@${word(values, 'image', 'digest')}`}`,
      ],
      ['image.digest composes quay.io/a/app:1'],
    ],
    [
      'that is a host in an argument',
      "    host: '{{ .x }}'\n",
      (values) => [
        `${app(values).join('')}", args: ["--image=${word(values, 'host') || 'b.io'}/tool:1`,
      ],
      ['host composes b.io/tool:1'],
    ],
    [
      'that switches something on',
      "    extra: { enabled: '{{ .x }}' }\n",
      (values) => [
        ...app(values),
        ...(nodeAt(values, ['extra', 'enabled']) ? ['b.io/more:1'] : []),
      ],
      ['extra.enabled adds b.io/more:1'],
    ],
    [
      'that names an image of its own',
      "    sidecar: 'b.io/{{ .x }}:1'\n",
      (values) => [...app(values), ...(word(values, 'sidecar') ? [word(values, 'sidecar')] : [])],
      ['sidecar adds b.io/{{ … }}:1'],
    ],
    [
      'that a chart takes for a list',
      "    hosts: '{{ .x }}'\n",
      (values) => {
        if (!Array.isArray(values['hosts'])) throw new Error('range')
        return app(values)
      },
      [],
    ],
    [
      'on which every value breaks',
      "    other: '{{ .x }}'\n",
      (values) => {
        if (values['other'] !== undefined) throw new Error('no')
        return app(values)
      },
      ['other untested'],
    ],
    [
      'that matters together with another one alone',
      "    p: '{{ .x }}'\n    q: '{{ .x }}'\n    r: '{{ .x }}'\n    s: '{{ .x }}'\n",
      (values) => [...app(values), ...(values['p'] && values['s'] ? ['b.io/more:1'] : [])],
      ['p', 'q', 'r', 's'].map((leaf) => `${leaf} adds b.io/more:1`),
    ],
  ])('%s', async (_, values, images, effects) => {
    expect((await probe(values, images)).effects).toEqual(effects)
  })

  test('that chooses by a word of the schema, or of a template', async () => {
    const chooses: Chart = (values) => (values['mode'] === 'full' ? ['b.io/full:1'] : app(values))
    const values = "    mode: '{{ .x }}'\n    other: '{{ .y }}'\n"
    const schema = JSON.stringify({ properties: { mode: { enum: ['small', 'full'] } } })
    const says = ['mode composes quay.io/a/app:1.0.0']
    expect((await probe(values, chooses, { 'values.schema.json': schema })).effects).toEqual(says)
    const template = '{{ if eq .Values.mode "full" }}{{ end }}'
    expect((await probe(values, chooses, { 'templates/a.yaml': template })).effects).toEqual(says)
  })

  test('that was given a value is known', async () => {
    const values = "    image: { tag: '{{ .x }}' }\n"
    const required = treeOf({ image: { tag: '2.0.0' } })
    expect((await probe(values, app, {}, required)).effects).toEqual([])
  })
})

test('hundreds of templates that do not matter cost one render', async () => {
  const values = Array.from({ length: 300 }, (_, index) => `    k${index}: '{{ .x }}'\n`).join('')
  expect(await probe(values, app)).toEqual({ effects: [], renders: 1 })
})

test('hundreds of templates that all break cost no more than a bounded number of renders', async () => {
  const values = Array.from({ length: 300 }, (_, index) => `    k${index}: '{{ .x }}'\n`).join('')
  const { renders } = await probe(values, (all) => {
    if (Object.keys(all).some((key) => key.startsWith('k'))) throw new Error('no')
    return app(all)
  })
  expect(renders).toBeLessThanOrEqual(64)
})

describe('values without their templates', () => {
  test.each<[string, TreeLiteral, TreeLiteral]>([
    ['keep what is none', { a: 1, b: { c: null } }, { a: 1, b: { c: null } }],
    ['lose a leaf', { a: '{{ .x }}', b: 1 }, { b: 1 }],
    ['lose a part of a word', { a: 'v{{ .x }}.0' }, {}],
    ['lose a map that has nothing else', { a: { b: { c: '{{ .x }}' } }, d: 1 }, { d: 1 }],
    ['keep a map that was empty', { a: {} }, { a: {} }],
    ['lose an item', { a: ['{{ .x }}', 'b'] }, { a: ['b'] }],
    ['lose a list that has nothing else', { a: ['{{ .x }}'], b: [] }, { b: [] }],
    ['keep an item without its leaf', { a: [{ b: '{{ .x }}', c: 1 }] }, { a: [{ c: 1 }] }],
    ['lose a key', { '{{ .x }}': 1, b: 2 }, { b: 2 }],
  ])('%s', (_, written, values) => {
    expect(fillTemplates(treeOf(written))).toEqual(values)
  })
})

describe('words for people', () => {
  test('name the add-on, the leaf, the place and the next step', async () => {
    const addon = addonWith("    image: { tag: '{{ .x }}' }\n")
    const [leaf] = addon.templated ?? []
    if (leaf === undefined) throw new Error('no leaf')
    const effect = { kind: 'composes', references: ['quay.io/a/app:1'] } as const
    expect(problemOfUnknown({ addon, leaf, effect }, 'mine.yaml')).toEqual([
      {
        kind: 'unproven',
        side: 'input',
        message:
          'add-on "c", a in f.yaml:2: image.tag (template "{{ .x }}" at f.yaml:5:19): "quay.io/a/app:1" depends on it, so the cluster may pull a different image than the mirrored one',
        next: 'set a value for it in mine.yaml, under overrides: c:, or where it is defined; or mirror it anyway with --allow-unproven',
      },
    ])
    expect(problemOfUnknown({ addon, leaf, effect: { kind: 'untested' } }, 'mine.yaml')).toEqual([])
  })

  test('blame the template that a chart needs, and all of them when that is not known', () => {
    const addon = addonWith("    a: { b: '{{ .x }}' }\n    c: '{{ .y }}'\n")
    const group = { name: 'c', repository: 'https://x.io', version: '1.0.0', releases: [addon] }
    const problem = { kind: 'render-failed', side: 'input', message: 'no' } as const
    const blamed = (leaf?: string) =>
      explainNeed(group, { ...problem, ...(leaf !== undefined && { leaf }) }, emptyTree(), 'o.yaml')
        .message
    expect(blamed('a.b')).toMatch(
      /chart's defaults: a\.b \(template "\{\{ \.x \}\}" at f\.yaml:5:13\)$/,
    )
    expect(blamed()).toMatch(/a\.b \([^;]*\); c \([^;]*\)$/)
    expect(explainNeed(group, { ...problem, leaf: 'z' }, emptyTree(), 'o.yaml').next).toBe(
      'set "z" in o.yaml, under overrides: c:, or in f.yaml, in the values of the add-on at a',
    )
  })
})
