import { describe, expect, test } from 'vitest'
import {
  isTree,
  nodeAt,
  type ValuesNode,
  type ValuesTree,
} from '../../../scripts/lib/model/values/values.ts'
import { app, type Chart, probe, word } from '../support/addon-probe.ts'

describe('that the chart may read as containers is tried as', () => {
  const containersOf =
    (...path: string[]): Chart =>
    (values) => {
      const node = nodeAt(values, path)
      const items = Array.isArray(node) ? node : [node, ...Object.values(node ?? {})]
      const added = items.flatMap((item) => {
        const image = isTree(item as ValuesNode) ? nodeAt(item as ValuesTree, ['image']) : undefined
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
