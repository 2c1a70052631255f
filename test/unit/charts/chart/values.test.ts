import { describe, expect, it } from 'vitest'
import { effectiveValues, valuesScopes } from '../../../../scripts/lib/charts/chart/values.ts'
import { makeChartFiles } from '../../support/charts.ts'
import { emptyTree, treeOf } from '../../../../scripts/lib/model/values/values.ts'

const worker = makeChartFiles('worker', { 'values.yaml': 'image: { name: w, tag: 1 }\nport: 80\n' })
const aliased = makeChartFiles(
  'root',
  {
    'Chart.yaml': `name: root
version: 1.0.0
dependencies:
  - { name: worker, version: 0.1.0, alias: blue }
  - { name: worker, version: 0.1.0, alias: green }
`,
    'values.yaml': 'green: { image: { tag: 2 } }\n',
  },
  [worker],
)

describe('effectiveValues', () => {
  it('has a subchart under each of its aliases, and what its parent says over it', () => {
    expect(effectiveValues(aliased, emptyTree())).toEqual({
      green: { image: { name: 'w', tag: 2 }, port: 80 },
      blue: { image: { name: 'w', tag: 1 }, port: 80 },
    })
  })

  it('lays what is given over all of it', () => {
    expect(effectiveValues(aliased, treeOf({ blue: { image: { tag: 3 } }, own: true }))).toEqual({
      green: { image: { name: 'w', tag: 2 }, port: 80 },
      blue: { image: { name: 'w', tag: 3 }, port: 80 },
      own: true,
    })
  })

  it('reaches through subcharts of subcharts, the outermost the strongest', () => {
    const inner = makeChartFiles('inner', { 'values.yaml': 'a: inner\nb: inner\nc: inner\n' })
    const middle = makeChartFiles(
      'middle',
      { 'values.yaml': 'inner: { b: middle, c: middle }\n' },
      [inner],
    )
    const root = makeChartFiles('root', { 'values.yaml': 'middle: { inner: { c: root } }\n' }, [
      middle,
    ])
    expect(effectiveValues(root, emptyTree())).toEqual({
      middle: { inner: { a: 'inner', b: 'middle', c: 'root' } },
    })
  })

  it('shows the globals of subcharts at the root, under those of the root', () => {
    const inner = makeChartFiles('inner', {
      'values.yaml': 'global: { registry: inner.io, deep: 1 }\n',
    })
    const middle = makeChartFiles('middle', { 'values.yaml': 'global: { port: 80 }\nm: 1\n' }, [
      inner,
    ])
    const root = makeChartFiles('root', { 'values.yaml': 'global: { registry: root.io }\n' }, [
      middle,
    ])
    expect(effectiveValues(root, emptyTree())).toEqual({
      global: { registry: 'root.io', deep: 1, port: 80 },
      middle: { m: 1, inner: {} },
    })
  })

  it.each([
    ['a leaf', { image: { tag: null } }, { image: { name: 'w' }, port: 80 }],
    ['a map', { image: null }, { port: 80 }],
    ['a list', { list: [] }, { image: { name: 'w', tag: 1 }, port: 80, list: [] }],
  ])('takes away or replaces %s that is given', (_, given, expected) => {
    expect(effectiveValues(worker, treeOf(given))).toEqual(expected)
  })

  it('lets a parent take away what its subchart has by default', () => {
    const root = makeChartFiles('root', { 'values.yaml': 'worker: { image: null }\n' }, [worker])
    expect(effectiveValues(root, emptyTree())).toEqual({ worker: { port: 80 } })
  })

  it('lifts what a chart keeps below a wrapper key', () => {
    const chart = makeChartFiles('istio', {
      'values.yaml': '_internal_defaults_do_not_set: { global: { hub: docker.io/istio } }\nx: 1\n',
    })
    expect(effectiveValues(chart, treeOf({ global: { tag: '1' } }))).toEqual({
      global: { hub: 'docker.io/istio', tag: '1' },
      x: 1,
    })
  })

  it.each([
    ['there is none', {}],
    ['it is empty', { 'values.yaml': '' }],
    ['it is comments alone', { 'values.yaml': '# nothing\n' }],
  ])('is empty when %s', (_, files) => {
    expect(effectiveValues(makeChartFiles('x', files), emptyTree())).toEqual({})
  })

  it('refuses values that are a list', () => {
    const chart = makeChartFiles('x', { 'values.yaml': '- a\n' })
    expect(() => effectiveValues(chart, emptyTree())).toThrow(
      'values.yaml of chart "x" is not a mapping',
    )
  })
})

describe('valuesScopes', () => {
  it('has every chart once for each alias, with the keys that lead to it', () => {
    const deep = makeChartFiles('deep', {}, [aliased])
    const scopes = [...valuesScopes(deep)].map(({ chart, path }) => [
      chart.metadata.name,
      path.join('.'),
    ])
    expect(scopes).toEqual([
      ['deep', ''],
      ['root', 'root'],
      ['worker', 'root.blue'],
      ['worker', 'root.green'],
    ])
  })
})
