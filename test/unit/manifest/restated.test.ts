import { expect, it } from 'vitest'
import { restatedLists } from '../../../scripts/lib/manifest/restated.ts'
import type { Manifest } from '../../../scripts/lib/model/manifest/manifest.ts'
import type { LeafPath } from '../../../scripts/lib/model/values/leaf-path.ts'
import { nodeAt, treeOf } from '../../../scripts/lib/model/values/values.ts'
import { makeChart } from '../support/manifest.ts'

type Literal = Parameters<typeof treeOf>[0]
const web = (path: LeafPath, node: Literal): Manifest => ({
  input: 'x',
  images: [],
  relocation: {},
  charts: [
    makeChart({
      name: 'web',
      relocation: {
        mirrored: {
          values: [{ path, value: nodeAt(treeOf(node), path) ?? null }],
          unreached: [],
          proofs: [],
        },
      },
    }),
  ],
})
const sidecars = web(['sidecars'], {
  sidecars: [{ image: '<registry>/side:1', password: 'x' }],
})
const given = (values: Literal) => treeOf({ charts: { web: { values } } })

it.each<[string, Manifest, Literal, string[]]>([
  ['a list of the caller', sidecars, { sidecars: [{ password: 'x' }] }, ['web: sidecars']],
  ['a list of the chart alone', sidecars, { replicas: 2 }, []],
  ['a list of another name', sidecars, { mysidecars: [1] }, []],
  [
    'a leaf outside of lists',
    web(['image'], { image: '<registry>/app:1' }),
    { image: 'app:1' },
    [],
  ],
])('%s in a manifest', (_, manifest, values, expected) => {
  expect(restatedLists(manifest, given(values))).toEqual(expected)
})
