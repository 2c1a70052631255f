import { describe, expect, it } from 'vitest'
import { formatLeafPath } from '../../../../../scripts/lib/model/values/leaf-path.ts'
import { treeOf, type TreeLiteral } from '../../../../../scripts/lib/model/values/values.ts'
import { namedImages } from '../../../../../scripts/lib/charts/relocate/solve/dormant.ts'

const described = (values: TreeLiteral) =>
  namedImages(treeOf(values)).map(
    ({ reference, leaves }) => `${reference} ${leaves.map(formatLeafPath).join(' ')}`,
  )

describe('namedImages', () => {
  it.each<readonly [string, TreeLiteral, readonly string[]]>([
    ['one string', { image: 'quay.io/a/b:1' }, ['quay.io/a/b:1 image']],
    ['a key that speaks of an image', { proxyImage: 'a/b:1' }, ['docker.io/a/b:1 proxyImage']],
    [
      'a repository and a tag',
      { x: { repository: 'quay.io/a/b', tag: '1' } },
      ['quay.io/a/b:1 x.repository x.tag'],
    ],
    [
      'a registry too',
      { x: { image: { registry: 'quay.io', repository: 'a/b', tag: 1 } } },
      ['quay.io/a/b:1 x.image.registry x.image.repository x.image.tag'],
    ],
    ['lists', { l: [{ image: 'quay.io/a/b:1' }] }, ['quay.io/a/b:1 l[0].image']],
    [
      'several, in the order of the values',
      { b: { image: 'a/b:2' }, a: { image: 'a/b:1' } },
      ['docker.io/a/b:2 b.image', 'docker.io/a/b:1 a.image'],
    ],
  ])('finds %s', (_, values, expected) => {
    expect(described(values)).toEqual(expected)
  })

  it.each<readonly [string, TreeLiteral]>([
    ['no tag', { image: 'quay.io/a/b', x: { repository: 'a/b' } }],
    ['a key that does not speak of images', { url: 'quay.io/a/b:1' }],
    ['a name with a version', { image: { name: 'chart', version: '1.0.0' } }],
    ['a number', { image: 1 }],
    ['a text', { image: 'see quay.io/a/b:1' }],
    ['nothing', {}],
  ])('finds none in %s', (_, values) => {
    expect(described(values)).toEqual([])
  })
})
