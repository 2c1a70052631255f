import { expect, test } from 'vitest'
import { assignPulled } from '../../../../../scripts/lib/charts/relocate/operators/assign.ts'
import { placeNames } from '../../../../../scripts/lib/charts/relocate/destinations.ts'
import type { PulledImage } from '../../../../../scripts/lib/model/chart/operator.ts'
import { parseReference } from '../../../../../scripts/lib/model/image/reference.ts'
import type { LayoutName } from '../../../../../scripts/lib/model/image/layout.ts'
import { unwrap } from '../../../../../scripts/lib/model/problem.ts'
import { formatLeafPath, parseLeafPath } from '../../../../../scripts/lib/model/values/leaf-path.ts'
import type { LeafRole } from '../../../../../scripts/lib/model/values/leaf-role.ts'

type Leaves = Readonly<Record<string, LeafRole>>

function pulled(reference: string, leaves: Leaves): PulledImage {
  return {
    reference: unwrap(parseReference(reference)),
    operator: 'op',
    when: 'always',
    leaves: Object.entries(leaves).map(([path, role]) => ({
      path: parseLeafPath(path) ?? [],
      role,
    })),
    dependsOnKubernetes: false,
    source: 'https://example.com/op',
  }
}

interface Case {
  readonly images: readonly (readonly [string, Leaves])[]
  readonly layout?: LayoutName
  /** Values for rendered images. */
  readonly solved?: Readonly<Record<string, string>>
  readonly values: Readonly<Record<string, string>>
  readonly fixed?: number
}

const node = 'quay.io/calico/node:v3'
const cni = 'quay.io/calico/cni:v3'
const apart: Leaves = { registry: 'registry', path: 'parent' }

test.each<readonly [string, Case]>([
  [
    'whole references',
    {
      images: [[node, { image: 'reference' }]],
      values: { image: '<registry>/<prefix>mirrored/quay.io/calico/node:v3' },
    },
  ],
  [
    'repositories, whose tag stays',
    {
      images: [[node, { name: 'repository', tag: 'tag' }]],
      values: { name: '<registry>/<prefix>mirrored/quay.io/calico/node' },
    },
  ],
  [
    'one registry and path for several images',
    {
      images: [
        [node, apart],
        [cni, apart],
      ],
      values: { registry: '<registry>', path: '<prefix>mirrored/quay.io/calico' },
    },
  ],
  [
    'the same by chart',
    {
      images: [
        [node, apart],
        [cni, apart],
      ],
      layout: 'by-chart',
      values: { registry: '<registry>', path: '<prefix>op' },
    },
  ],
  [
    'folders',
    {
      images: [[node, { repository: 'folder' }]],
      values: { repository: '<registry>/<prefix>mirrored/quay.io/calico' },
    },
  ],
  [
    'a registry before the path that an operator knows',
    {
      images: [[node, { hub: 'source' }]],
      values: { hub: '<registry>/<prefix>mirrored/quay.io' },
    },
  ],
  [
    'none by chart, where the operator would add its own path',
    { images: [[node, { hub: 'source' }]], layout: 'by-chart', values: {}, fixed: 1 },
  ],
  [
    'none by chart, where two images of one name get other names',
    {
      images: [
        [node, apart],
        ['docker.io/other/node:v3', {}],
      ],
      layout: 'by-chart',
      values: {},
      fixed: 2,
    },
  ],
  ['none for a registry alone', { images: [[node, { r: 'registry' }]], values: {}, fixed: 1 }],
  ['none for an image without leaves', { images: [[node, {}]], values: {}, fixed: 1 }],
  [
    'what rendered images need as well',
    {
      images: [[node, { r: 'registry', image: 'path' }]],
      solved: { r: '<registry>' },
      values: { image: '<prefix>mirrored/quay.io/calico/node' },
    },
  ],
  [
    'none where rendered images need another value',
    { images: [[node, { image: 'reference' }]], solved: { image: 'other' }, values: {}, fixed: 1 },
  ],
  [
    'none below a leaf of rendered images',
    { images: [[node, { 'a.b': 'reference' }]], solved: { a: 'x' }, values: {}, fixed: 1 },
  ],
  [
    'the first of two images that need different values',
    {
      images: [
        [node, { image: 'reference' }],
        [cni, { image: 'reference' }],
      ],
      values: { image: '<registry>/<prefix>mirrored/quay.io/calico/node:v3' },
      fixed: 1,
    },
  ],
])('assigns %s', (_, { images, layout = 'mirrored', solved = {}, values, fixed = 0 }) => {
  const all = images.map(([reference, leaves]) => pulled(reference, leaves))
  const names = placeNames(
    layout,
    'op',
    all.map(({ reference }) => reference),
  )
  const taken = Object.entries(solved).map(([path, value]) => ({
    path: parseLeafPath(path) ?? [],
    value,
  }))
  const made = assignPulled(all, taken, names)
  const shown = made.assignments.map(({ path, value }) => [formatLeafPath(path), value])
  expect(Object.fromEntries(shown)).toEqual(values)
  expect(made.fixed).toHaveLength(fixed)
})
