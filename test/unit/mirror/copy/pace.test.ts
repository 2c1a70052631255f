import { describe, expect, it } from 'vitest'
import { adjustPace, type Pace, startPace } from '../../../../scripts/lib/mirror/copy/pace.ts'

/** Ends so many copies of so many bytes, one each millisecond. */
function endCopies(pace: Pace, copies: number, bytes: number): Pace {
  let current = pace
  for (let count = 1; count <= copies; count++) {
    const now = current.since + current.ended + 1
    current = adjustPace(current, { now, bytes, strained: false })
  }
  return current
}

describe('the pace', () => {
  const start = startPace(undefined, 0, 4)

  it('begins with eight at a time, and tries more after a quiet dozen', () => {
    expect(start.limit).toBe(8)
    expect(endCopies(start, 11, 100).limit).toBe(8)
    expect(endCopies(start, 12, 100).limit).toBe(12)
  })

  it.each([
    ['goes on while a step up pays', 200, 16, false],
    ['takes a step back for good when it does not', 105, 8, true],
  ])('%s', (_, bytes, limit, isSettled) => {
    const raised = endCopies(start, 12, 100)
    const next = endCopies(raised, 12, bytes)
    expect(next).toMatchObject({ limit, isSettled })
  })

  it('halves when something gives way, and tries more again after a quiet dozen', () => {
    const eased = adjustPace(start, { now: 5, bytes: 0, strained: true })
    expect(eased).toMatchObject({ limit: 4, isSettled: false })
    expect(endCopies(eased, 12, 1_000).limit).toBe(8)
    const least = adjustPace(eased, { now: 6, bytes: 0, strained: true })
    expect(adjustPace(least, { now: 7, bytes: 0, strained: true }).limit).toBe(2)
  })

  it('goes no higher than the processors of the machine bear', () => {
    expect(endCopies(startPace(undefined, 0, 2), 60, 100).limit).toBe(8)
  })

  it('stays where the user has set it', () => {
    const chosen = startPace(5, 0, 4)
    expect(endCopies(chosen, 60, 100).limit).toBe(5)
    expect(adjustPace(chosen, { now: 1, bytes: 0, strained: true }).limit).toBe(5)
  })
})
