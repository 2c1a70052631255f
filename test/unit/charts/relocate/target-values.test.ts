import { expect, test } from 'vitest'
import { withoutTarget } from '../../../../scripts/lib/charts/relocate/target-values.ts'
import { treeOf } from '../../../../scripts/lib/model/values/values.ts'
import { makeChartFiles } from '../../support/charts.ts'

const registry = '123456789012.dkr.ecr.us-east-2.amazonaws.com'
const chart = makeChartFiles('one', { 'values.yaml': 'image: { registry: quay.io }\n' })

test('leaves that point to the target are set back to the defaults of the chart', () => {
  const given = treeOf({
    image: { registry, repository: 'a/b' },
    global: { imageRegistry: `${registry}/mirrored` },
    list: [{ image: `${registry}/a` }],
    host: `${registry}.example.com`,
  })
  const { values, restored } = withoutTarget(chart, given, registry)
  expect(values).toEqual(
    treeOf({
      image: { repository: 'a/b' },
      global: {},
      list: [{ image: `${registry}/a` }],
      host: `${registry}.example.com`,
    }),
  )
  expect(restored).toEqual([
    { path: ['image', 'registry'], value: 'quay.io' },
    { path: ['global', 'imageRegistry'], value: null },
  ])
})

test('other values are the same object', () => {
  const given = treeOf({ image: { registry: 'quay.io' } })
  expect(withoutTarget(chart, given, registry)).toEqual({ values: given, restored: [] })
})
