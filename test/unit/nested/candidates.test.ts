import { describe, expect, it } from 'vitest'
import {
  findCandidates,
  markCandidates,
  outerLeaf,
  readRoutes,
} from '../../../scripts/lib/nested/candidates.ts'
import { nestedBudget } from '../../../scripts/lib/nested/budget.ts'
import { formatLeafPath } from '../../../scripts/lib/model/values/leaf-path.ts'
import { treeOf, type TreeLiteral } from '../../../scripts/lib/model/values/values.ts'

const candidatesIn = (values: TreeLiteral, ...delivered: readonly TreeLiteral[]) =>
  findCandidates(treeOf(values), delivered.map(treeOf)).map(formatLeafPath)

describe('a mapping may be passed on', () => {
  it.each<readonly [string, TreeLiteral, readonly TreeLiteral[], readonly string[]]>([
    ['if it is empty', { a: {}, b: { c: {} } }, [], ['a', 'b.c']],
    ['if its name says so', { a: { helmValues: { b: 1 } } }, [], ['a.helmValues']],
    ['if it is all that is passed on', { a: { b: 1 }, c: { d: 2 } }, [{ b: 1 }], ['a']],
    ['if it is a part of that', { a: { b: 1 } }, [{ x: { b: 1, c: 2 } }], ['a']],
    ['but not if a value differs', { a: { b: 1 } }, [{ b: 2 }], []],
    ['but not in a list', { a: [{ values: {} }] }, [], []],
  ])('%s', (_, values, delivered, expected) => {
    expect(candidatesIn(values, ...delivered)).toEqual(expected)
  })

  it('and few values of thousands are compared', () => {
    const many = (count: number, node: TreeLiteral) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, node]))
    const values = treeOf(many(3_000, { b: 1 }))
    const delivered = treeOf(many(3_000, { c: 1 }))
    let read = 0
    const counting = new Proxy(delivered, {
      get: (target, key) => {
        read += 1
        return Reflect.get(target, key)
      },
    })
    expect(findCandidates(values, [counting, counting, counting])).toEqual([])
    expect(read).toBeLessThan(2 * nestedBudget.comparisons)
  })

  it('up to a number of mappings', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`a${index}`, {}]))
    expect(candidatesIn(many)).toHaveLength(nestedBudget.candidates)
  })
})

describe('a mark shows where a mapping ends up', () => {
  const candidates = [['a'], ['b', 'c']]
  const marked = markCandidates(candidates)

  it('at the top, and below a key', () => {
    const { a, b } = marked
    const routes = readRoutes(treeOf({ sub: b ?? null, ...treeOf({ top: a ?? null }) }), candidates)
    expect(routes).toEqual([
      { outer: ['b', 'c'], inner: ['sub', 'c'] },
      { outer: ['a'], inner: ['top'] },
    ])
    expect(outerLeaf(routes, ['sub', 'c', 'image'])).toEqual(['b', 'c', 'image'])
    expect(outerLeaf(routes, ['top', 'image'])).toEqual(['a', 'image'])
    expect(outerLeaf(routes, ['other'])).toBeUndefined()
  })

  it('and values with other keys show nothing', () => {
    expect(readRoutes(treeOf({ zqmapz9z: 'zqmapz9z', zqmapz0z: 'x' }), candidates)).toEqual([])
  })
})
