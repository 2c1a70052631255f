import { describe, expect, it } from 'vitest'
import { treeOf } from '../../../../scripts/lib/model/values/values.ts'
import { readUmbrellaCharts } from '../../../../scripts/lib/sources/values/umbrella-values.ts'

const entry = { version: '1.0.0', repository: 'https://x.io' }

describe('readUmbrellaCharts', () => {
  it('takes a namespace, or none', () => {
    const read = readUmbrellaCharts(
      treeOf({
        charts: { a: { ...entry, namespace: 'kube-system' }, b: { ...entry, namespace: null } },
      }),
      'ma',
    )
    expect(read.ok && read.value.map(({ namespace }) => namespace)).toEqual([
      'kube-system',
      undefined,
    ])
  })

  it.each([
    ['--kubeconfig=x', 'charts.a: "--kubeconfig=x" is not a namespace'],
    ['a\nb', String.raw`charts.a: "a\nb" is not a namespace`],
    [7, 'charts.a: its namespace is not a string'],
  ])('refuses the namespace %j with its path', (namespace, message) => {
    const read = readUmbrellaCharts(treeOf({ charts: { a: { ...entry, namespace } } }), 'ma')
    expect(read.ok ? '' : read.problem.message).toContain(message)
  })

  it('refuses a chart whose name is a flag', () => {
    const read = readUmbrellaCharts(treeOf({ charts: { '--devel': entry } }), 'ma')
    expect(read.ok ? '' : read.problem.message).toContain('"--devel" is not a chart name')
  })
})
