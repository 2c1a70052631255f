import { describe, expect, it } from 'vitest'
import { faultOfAssignments } from '../../../../scripts/lib/model/values/assignable.ts'
import type { LeafPath } from '../../../../scripts/lib/model/values/leaf-path.ts'
import type { ValuesNode } from '../../../../scripts/lib/model/values/values.ts'

const nested = (depth: number): ValuesNode => (depth === 0 ? 'x' : [nested(depth - 1)])
const assigned = (...entries: readonly (readonly [LeafPath, ValuesNode])[]) =>
  entries.map(([path, value]) => ({ path, value }))
const items = Array.from({ length: 5_000 }, (_, index): [LeafPath, ValuesNode] => [
  ['l', index, 'image'],
  'x',
])

describe('values can be assigned', () => {
  it.each([
    ['to maps', assigned([['a', 'b'], 'x'], [['a', 'c'], 1])],
    ['as whole lists', assigned([['l'], ['a', 'b']], [['l', 2], 'c'], [['l', '3'], 'd'])],
    ['item by item', assigned(...items)],
    ['to lists in lists', assigned([['l', 0, 0, 0], 'x'], [['l', 0, 1], 'y'])],
    ['to a key that is a number', assigned([['ports', '99999'], 'x'])],
    ['as deep as a document may be', assigned([['a'], nested(99)])],
  ])('%s', (_, assignments) => {
    expect(faultOfAssignments(assignments)).toBeUndefined()
  })
})

describe('values cannot be assigned', () => {
  it.each([
    ['behind the end of a list', assigned([['l', 0], 'x'], [['l', 2], 'y']), 'leaves a gap'],
    ['to an empty list', assigned([['a'], 'x'], [['l0', 10_000], 'x']), 'leaves a gap'],
    ['within a list', assigned([['l', 0], 'x'], [['l', 0, 10_000], 'x']), 'leaves a gap'],
    ['behind a whole list', assigned([['l'], ['a']], [['l', 3], 'x']), 'leaves a gap'],
    ['by a word for an index', assigned([['l'], ['a']], [['l', '99999'], 'x']), 'leaves a gap'],
    ['too deep', assigned([['a'], 'x'], [Array<string>(101).fill('k'), 'x']), 'levels deep'],
    ['in values that are too deep', assigned([['a'], 'x'], [['a'], nested(100)]), 'levels deep'],
  ])('%s', (_, assignments, words) => {
    const fault = faultOfAssignments(assignments)
    expect(fault?.index).toBe(1)
    expect(fault?.message).toContain(words)
  })
})
