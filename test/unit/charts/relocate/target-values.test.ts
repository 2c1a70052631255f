import { expect, test } from 'vitest'
import {
  separateRestored,
  withoutTarget,
} from '../../../../scripts/lib/charts/relocate/target-values.ts'
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
    { path: ['image', 'registry'], value: 'quay.io', given: '<registry>' },
    { path: ['global', 'imageRegistry'], value: null, given: '<registry>/mirrored' },
  ])
})

test('other values are the same object', () => {
  const given = treeOf({ image: { registry: 'quay.io' } })
  expect(withoutTarget(chart, given, registry)).toEqual({ values: given, restored: [] })
})

test('assignments that only set a leaf back are told apart from those that move an image', () => {
  const restored = [
    { path: ['a'], value: null, given: '<registry>' },
    { path: ['b'], value: 'quay.io', given: '<registry>/x' },
  ]
  const moved = { path: ['a'], value: '<registry>/moved' }
  const back = { path: ['b'], value: 'quay.io' }
  expect(separateRestored([moved, back], restored)).toEqual({
    others: [moved],
    own: [{ path: ['b'], value: '<registry>/x' }],
  })
})
