import { describe, expect, it } from 'vitest'
import {
  decideStack,
  stackEnding,
} from '../../../../scripts/lib/bootstrap/application/stack-state.ts'

describe('What may be done with a stack', () => {
  it('one that does not exist is created', () => {
    expect(decideStack('MA', undefined)).toStrictEqual({ move: 'create' })
  })
  it.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE'])(
    'one in %s is updated',
    (status) => {
      expect(decideStack('MA', status)).toStrictEqual({ move: 'update' })
    },
  )
  it.each([
    ['CREATE_IN_PROGRESS', /wait/],
    ['UPDATE_IN_PROGRESS', /wait/],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', /wait/],
    ['DELETE_IN_PROGRESS', /wait/],
    ['REVIEW_IN_PROGRESS', /execute its pending change set, or delete it yourself/],
    ['ROLLBACK_COMPLETE', /delete it yourself/],
    ['CREATE_FAILED', /delete it yourself/],
    ['ROLLBACK_FAILED', /delete it yourself/],
    ['DELETE_FAILED', /delete it yourself/],
    ['UPDATE_ROLLBACK_FAILED', /continue-update-rollback --stack-name MA/],
    ['UPDATE_FAILED', /rollback-stack --stack-name MA/],
  ])('one in %s is refused with its state and what to do', (status, next) => {
    const judged = decideStack('MA', status, 'because')
    expect(judged.move).toBe('refuse')
    if (judged.move !== 'refuse') return
    expect(judged.problem.message).toBe(`stack "MA" is in state ${status}: because`)
    expect(judged.problem.next).toMatch(next)
  })
})

it.each([
  ['CREATE_IN_PROGRESS', undefined],
  ['ROLLBACK_IN_PROGRESS', undefined],
  ['CREATE_COMPLETE', 'succeeded'],
  ['UPDATE_COMPLETE', 'succeeded'],
  ['ROLLBACK_COMPLETE', 'failed'],
  ['UPDATE_ROLLBACK_COMPLETE', 'failed'],
  ['DELETE_COMPLETE', 'failed'],
] as const)('a deployment in %s has %s', (status, ending) => {
  expect(stackEnding(status)).toBe(ending)
})
