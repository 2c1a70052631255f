import { describe, expect, test } from 'vitest'
import { planRounds } from '../../bench/rounds.ts'
import { medianOf, spreadOf } from '../../bench/report/statistics.ts'

const order = (rounds: number, movers: string[]) =>
  planRounds(rounds, movers, ['cold']).map(({ round, mover }) => `${round}${mover}`)

describe('rounds', () => {
  test('every round has all movers, and begins with the next one', () => {
    expect(order(4, ['a', 'b', 'c'])).toEqual([
      '0a',
      '0b',
      '0c',
      '1b',
      '1c',
      '1a',
      '2c',
      '2a',
      '2b',
      '3a',
      '3b',
      '3c',
    ])
  })
  test('without movers there is nothing to do', () => {
    expect(order(2, [])).toEqual([])
  })
  test('what finds something has a cold run before it, and the limited rate a registry of its own', () => {
    const turns = planRounds(1, ['a'], ['put-image-rate', 'one-changed', 'warm'])
    expect(turns.map(({ scenarios }) => scenarios)).toEqual([
      ['cold', 'warm', 'one-changed'],
      ['put-image-rate'],
    ])
  })
  test('a limited rate alone needs no other run', () => {
    expect(planRounds(1, ['a'], ['put-image-rate'])).toHaveLength(1)
  })
})

test.for([
  ['one number', [3], { min: 3, median: 3, max: 3 }],
  ['an odd number of them, in any order', [9, 1, 10], { min: 1, median: 9, max: 10 }],
  ['an even number of them', [4, 1, 3, 100], { min: 1, median: 3.5, max: 100 }],
  ['none', [], undefined],
] as const)('the spread of %s', ([, numbers, expected]) => {
  expect(spreadOf(numbers)).toEqual(expected)
  expect(medianOf(numbers)).toEqual(expected?.median)
})
