import { describe, expect, it } from 'vitest'
import { interruptible } from '../../../scripts/lib/steps/interruptible.ts'
import { finish, type Steps } from '../../../scripts/lib/steps/steps.ts'

/** Work of so many milliseconds in steps of one. */
function* busy(milliseconds: number): Steps<number> {
  const end = performance.now() + milliseconds
  let steps = 0
  while (performance.now() < end) {
    const stepEnd = performance.now() + 1
    while (performance.now() < stepEnd);
    steps += 1
    yield
  }
  return steps
}

describe('long work', () => {
  it('gives the same result at once and with pauses', async () => {
    function* add(): Steps<number> {
      let sum = 0
      for (let number = 1; number <= 1000; number += 1) {
        sum += number
        yield
      }
      return sum
    }
    expect(finish(add())).toBe(500_500)
    expect(await interruptible(add(), new AbortController().signal)).toBe(500_500)
  })

  it('lets timers run meanwhile', async () => {
    let ticks = 0
    const timer = setInterval(() => (ticks += 1), 10)
    await interruptible(busy(500), new AbortController().signal)
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(1)
  })

  it('ends when it is interrupted', { timeout: 30_000 }, async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 100)
    await expect(interruptible(busy(60_000), controller.signal)).rejects.toMatchObject({
      problems: [{ kind: 'interrupted' }],
    })
  })

  it('does not begin when it was interrupted before', async () => {
    function* never(): Steps<void> {
      yield
      throw new Error('it has begun')
    }
    await expect(interruptible(never(), AbortSignal.abort())).rejects.toMatchObject({
      problems: [{ kind: 'interrupted' }],
    })
  })
})
