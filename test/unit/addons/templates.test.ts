import { describe, expect, test } from 'vitest'
import { findReferences } from '../../../scripts/lib/charts/find/find.ts'
import { probeTemplates } from '../../../scripts/lib/addons/templates/probe.ts'
import { explainNeed, problemOfUnknown } from '../../../scripts/lib/addons/templates/words.ts'
import { splitDocuments } from '../../../scripts/lib/charts/render/documents.ts'
import type { VariantView } from '../../../scripts/lib/charts/relocate/view.ts'
import type { Render } from '../../../scripts/lib/charts/render/render.ts'
import { unwrap } from '../../../scripts/lib/model/problem.ts'
import { fillTemplates } from '../../../scripts/lib/model/values/templated-values.ts'
import type { TreeLiteral } from '../../../scripts/lib/model/tree/tree.ts'
import {
  emptyTree,
  isTree,
  mergeValues,
  nodeAt,
  treeOf,
  type ValuesNode,
  type ValuesTree,
} from '../../../scripts/lib/model/values/values.ts'
import { parseAddonsValues } from '../../../scripts/lib/sources/values/addons-values.ts'
import { finish } from '../../../scripts/lib/steps/steps.ts'
import { makeChartFiles } from '../support/charts.ts'

// Which templates of an add-on matter to the images of its chart, with a chart that is a function of its values.
const defaults = treeOf({
  image: { name: 'quay.io/a/app', tag: '1.0.0', digest: '' },
  extra: { enabled: false },
  hosts: ['a'],
  mode: 'small',
})

type Chart = (values: ValuesTree) => readonly string[]

const word = (values: ValuesTree, ...path: string[]) => {
  const node = nodeAt(values, path)
  return typeof node === 'string' ? node : ''
}

/** Renders a pod for each image; throws where helm would fail. */
function renderer(images: Chart): { readonly render: Render; readonly count: () => number } {
  let count = 0
  return {
    count: () => count,
    render: async ({ values }) => {
      count += 1
      try {
        const text = images(values.reduce(mergeValues, defaults))
          .map(
            (image, index) =>
              `---\n# Source: c/templates/${index}.yaml\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ image: "${image}"${image.includes('[') ? ']' : ''} }] }\n`,
          )
          .join('')
        return { ok: true, value: splitDocuments(text) }
      } catch (error) {
        const problem = { kind: 'render-failed', side: 'input', message: String(error) } as const
        return { ok: false, problem }
      }
    },
  }
}

const addonWith = (values: string) => {
  const text = `a:\n  chart: c\n  repoUrl: https://x.io\n  values:\n${values}`
  const [addon] = unwrap(finish(parseAddonsValues({ file: 'f.yaml', text }))).addons
  if (addon === undefined) throw new Error('no add-on')
  return addon
}

async function probe(values: string, images: Chart, files = {}, required = emptyTree()) {
  const addon = addonWith(values)
  const { render, count } = renderer(images)
  const settings = { kubeVersion: '1.31.0', apiVersions: [], release: 'c', namespace: 'default' }
  const baseline = unwrap(
    await render({ ...settings, values: [required, addon.values], skipSchema: true }),
  )
  const chart = makeChartFiles('c', { 'values.yaml': JSON.stringify(defaults), ...files })
  const view = {
    found: findReferences(baseline),
    variant: { name: 'c', values: addon.values, settings },
  }
  const found = await probeTemplates({
    addon,
    required,
    chart,
    view: view as unknown as VariantView,
    render,
    signal: new AbortController().signal,
  })
  return {
    effects: found.map(({ leaf, effect }) =>
      [leaf.path.join('.'), effect.kind, ...('references' in effect ? effect.references : [])].join(
        ' ',
      ),
    ),
    renders: count() - 1,
  }
}

const app: Chart = (values) => [`${word(values, 'image', 'name')}:${word(values, 'image', 'tag')}`]

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

  describe('that the chart may read as containers is tried as', () => {
    const containersOf =
      (...path: string[]): Chart =>
      (values) => {
        const node = nodeAt(values, path)
        const items = Array.isArray(node) ? node : [node, ...Object.values(node ?? {})]
        const added = items.flatMap((item) => {
          const image = isTree(item as ValuesNode)
            ? nodeAt(item as ValuesTree, ['image'])
            : undefined
          return typeof image === 'string' ? [image] : []
        })
        return [...app(values), ...added]
      }
    test.each<[string, string, Chart, string[]]>([
      ['a list', "    hosts: '{{ .x }}'\n", containersOf('hosts'), ['hosts adds {{ … }}']],
      [
        'a list without default',
        "    more: '{{ .x }}'\n",
        containersOf('more'),
        ['more adds {{ … }}'],
      ],
      ['an item', "    more: ['{{ .x }}']\n", containersOf('more'), ['more.0 adds {{ … }}']],
      [
        'a list next to others',
        "    image: { tag: 1 }\n    a: '{{ .x }}'\n    hosts: '{{ .x }}'\n    b: '{{ .x }}'\n",
        containersOf('hosts'),
        ['hosts adds {{ … }}'],
      ],
      [
        'one container',
        "    side: '{{ .x }}'\n",
        (values) => (Array.isArray(values['side']) ? app(values) : containersOf('side')(values)),
        ['side adds {{ … }}'],
      ],
      [
        'text',
        "    more: '{{ .x }}'\n",
        (values) => [...app(values), ...(/image: (.*)/.exec(word(values, 'more'))?.slice(1) ?? [])],
        ['more adds {{ … }}'],
      ],
      ['nothing else', "    hosts: '{{ .x }}'\n", app, []],
      [
        'words, which are no containers',
        "    hosts: '{{ .x }}'\n",
        (values) => {
          if (Array.isArray(values['hosts']) && isTree(values['hosts'][0])) throw new Error('no')
          return app(values)
        },
        [],
      ],
    ])('%s', async (_, values, images, effects) => {
      const template = '{{ .Values.hosts }}{{ .Values.more }}{{ .Values.side }}'
      const files = { 'templates/a.yaml': template }
      expect((await probe(values, images, files)).effects).toEqual(effects)
    })

    test('a list among hundreds, in a bounded number of renders', async () => {
      const keys = Array.from({ length: 300 }, (_, index) => `k${index}`)
      const values = keys.map((key) => `    ${key}: '{{ .x }}'\n`).join('')
      const files = { 'templates/a.yaml': '{{ toYaml .Values }}' }
      const { effects, renders } = await probe(values, containersOf('k77'), files)
      expect(effects).toContain('k77 adds {{ … }}')
      expect(renders).toBeLessThanOrEqual(96)
    })
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
