import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadYaml } from '../../../../scripts/lib/charts/chart/metadata.ts'
import { annotateChart, overlayValues } from '../../../../scripts/lib/charts/patch/overlay.ts'
import {
  emptyTree,
  isTree,
  mergeValues,
  treeOf,
  type TreeLiteral,
  type ValuesTree,
} from '../../../../scripts/lib/model/values/values.ts'
import { stringify } from 'yaml'

const place = '1.dkr.ecr.x.amazonaws.com/mirrored/quay.io/a/b'

function load(text: string): ValuesTree {
  const root = loadYaml(text) ?? emptyTree()
  if (!isTree(root)) throw new Error('it is no mapping any more')
  return root
}

/** What the laid-over text must mean: the values that helm would make of both. */
const laid = (text: string, values: TreeLiteral) => mergeValues(load(text), treeOf(values))

describe('overlayValues means what helm makes of chart and override, and keeps every other line, with', () => {
  it.each<readonly [string, string, TreeLiteral]>([
    ['a plain scalar', 'a: x # why\nb: 1\n', { a: place }],
    ['single quotes', "a:  'x'  # why\nb: 1\n", { a: place }],
    ['double quotes', 'a: "x"\nb: 1\n', { a: place }],
    ['an empty scalar', 'a:\nb: 1\n', { a: place }],
    ['an empty scalar before a comment', 'a: # none yet\nb: 1\n', { a: place }],
    ['an empty scalar in quotes', 'a: ""\nb: 1\n', { a: place }],
    ['a null', 'a: null\nb: ~\n', { a: place, b: place }],
    ['a flow map', 'm: {a: x, b: 1}\nb: 1\n', { m: { a: place } }],
    ['several leaves', 'a: x\nm:\n  - 1\nz: {a: x}\n', { z: { a: place }, a: 'reg.io' }],
    ['a number', 'a: 12\nb: 1\n', { a: '1.10' }],
    ['a value that YAML takes for a number', 'a: "x"\nb: 1\n', { a: '12' }],
    ['a value in a plain place that YAML takes for a number', 'a: x\nb: 1\n', { a: '12' }],
    ['a value in a plain place that YAML takes for a switch', 'a: x\nb: 1\n', { a: 'true' }],
    ['a block of text', 'a: |\n  one: x\n  two: y\nb: 1\n', { a: 'one: z\ntwo: y\n' }],
    ['a folded block', 'a: >-\n  x\n  y\nb: 1\n', { a: 'z y' }],
    [
      'text in double quotes with quotes in it',
      'a: "{\\"i\\": \\"x\\"}"\nb: 1\n',
      { a: '{"i": "z"}' },
    ],
    ['text in single quotes with quotes in it', "a: 'it''s x'\nb: 1\n", { a: "it's z" }],
    ['text with backslashes', String.raw`a: "x\\y"` + '\nb: 1\n', { a: String.raw`z\y` }],
    ['a template', "a: '{{ .x }}/y'\nb: 1\n", { a: '{{ .x }}/z' }],
    ['lines that end as on Windows', 'a: x\r\nb: 1\r\n', { a: place }],
  ])('%s', (_, text, values) => {
    const after = overlayValues(text, treeOf(values))
    expect(load(after)).toEqual(laid(text, values))
    expect(after).toMatch(/^b: (?:1|.*amazonaws.*)\r?$|z:/m)
  })
})

describe('overlayValues means what helm makes of both, with', () => {
  it.each<readonly [string, string, TreeLiteral]>([
    ['a key alone behind a question mark', '? a\n', { a: place }],
    ['several of them', '? a\n? b\n? c\n', { b: place, d: 'x' }],
    ['one in braces', 'm: {? a}\n', { m: { a: place, b: 'x' } }],
    ['a missing key', 'a: 1 # why\n', { global: { registry: place } }],
    ['a missing key in a map', 'm:\n  a: 1 # why\n', { m: { registry: place } }],
    ['a key below a null', 'm: # nothing\nb: 1\n', { m: { a: place } }],
    ['a key below an empty string', 'm: ""\nb: 1\n', { m: { a: { b: place } } }],
    ['an empty map', 'm: {}\nb: 1\n', { m: { a: place } }],
    ['a whole list', 'l: [{ image: x }]\nb: 1\n', { l: [{ image: place }, { image: 'y' }] }],
    ['a switch', 'a: false\n', { a: true }],
    ['no text', '', { a: { b: place } }],
    ['comments alone', '# nothing\n', { a: { b: place } }],
    ['an anchor whose alias stays', 'a: &x quay.io\nb: *x\n', { a: place }],
    ['an alias alone', 'a: &x quay.io\nb: *x\n', { b: place }],
    ['a leaf below an alias', 'a: &x { i: quay.io, p: 1 }\nb: *x\n', { b: { i: place } }],
    ['a leaf below an anchor', 'a: &x { i: quay.io, p: 1 }\nb: *x\n', { a: { i: place } }],
    ['a key with dots', '"a.b": x\nc: 1\n', { 'a.b': place }],
    ['a key that is a number', '1: x\nc: 1\n', { '1': place }],
  ])('%s', (_, text, values) => {
    expect(load(overlayValues(text, treeOf(values)))).toEqual(laid(text, values))
  })

  const key = fc.constantFrom('image', 'registry', 'a', 'b', 'global')
  const scalar = fc.oneof(
    fc.constantFrom('quay.io', '', '1.10', 'true', 'null', '# x', "it's", '"q"', 'a: b', '- c'),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  )
  const leaf = fc.constantFrom(place, 'reg.example.com', '1.10', '12', 'true', 'a/b:1.2', 'x: y')
  const literal = (value: fc.Arbitrary<string | number | boolean | null>) =>
    fc.dictionary(
      key,
      fc.oneof(
        value,
        fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value, { minKeys: 1 })), {
          minKeys: 1,
        }),
      ),
      {
        maxKeys: 4,
      },
    )

  it('any chart and override', () => {
    fc.assert(
      fc.property(literal(scalar), literal(leaf), (chart, over) => {
        const text = stringify(chart)
        expect(load(overlayValues(text, treeOf(over)))).toEqual(laid(text, over))
      }),
    )
  })
})

describe('annotateChart', () => {
  it.each([
    ['none', 'name: a\nversion: 1.0.0\n'],
    ['some', 'name: a\nversion: 1.0.0\nannotations:\n  category: x # kept\n'],
    ['a null', 'name: a\nversion: 1.0.0\nannotations:\n'],
    ['its own of an earlier time', 'name: a\nannotations: { ecr-airlift/changed: none }\n'],
  ])('annotates a chart that has %s', (_, text) => {
    const after = annotateChart(text, ['values.yaml', 'templates/a.yaml'], 'sha256:1')
    expect(load(after)).toMatchObject({
      name: 'a',
      annotations: {
        'ecr-airlift/source-digest': 'sha256:1',
        'ecr-airlift/changed': 'values.yaml, templates/a.yaml',
      },
    })
    if (text.includes('# kept')) expect(after).toContain('category: x # kept\n')
  })
})
