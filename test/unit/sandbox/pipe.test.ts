import { expect, test } from 'vitest'
import { chunkBytes, chunksOf, createLines, createPipe } from '../../../scripts/sandbox/net/pipe.ts'

interface Timer {
  readonly at: number
  readonly fire: (value?: unknown) => void
}

/** A clock that only goes on when told to. Its timers fire `late` milliseconds after their time, as real ones do. */
function fakeClock(late = 0) {
  let time = 0
  let timers: Timer[] = []
  return {
    now: () => time,
    wait: (milliseconds: number) =>
      new Promise((fire) => timers.push({ at: time + milliseconds + late, fire })),
    pause: (milliseconds: number) => (time += milliseconds),
    /** Lets all that waits come to its end, timer by timer. */
    async run() {
      for (;;) {
        for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
        const [next] = timers.toSorted((a, b) => a.at - b.at)
        if (next === undefined) return
        timers = timers.filter((timer) => timer !== next)
        time = Math.max(time, next.at)
        next.fire()
      }
    },
  }
}

const perSecond = 1000

async function send(pipe: { pass: (bytes: number) => Promise<void> }, sizes: readonly number[]) {
  for (const size of sizes) await pipe.pass(size)
}

test.for([
  ['exact timers', 0],
  ['late timers', 1.5],
] as const)('bytes take the time that the width dictates, with %s', async ([, late]) => {
  const clock = fakeClock(late)
  const pipe = createPipe(perSecond, clock)
  const sent = send(pipe, [100, 200, 300, 400])
  await clock.run()
  await sent
  expect(clock.now()).toBeCloseTo(1000 + late)
})

test('time in which nobody sends is lost', async () => {
  const clock = fakeClock()
  const pipe = createPipe(perSecond, clock)
  const first = pipe.pass(100)
  await clock.run()
  await first
  clock.pause(5000)
  const second = pipe.pass(100)
  await clock.run()
  await second
  expect(clock.now()).toBe(5200)
})

test('those who send at the same time take turns', async () => {
  const clock = fakeClock()
  const pipe = createPipe(perSecond, clock)
  const order: string[] = []
  const sendAs = async (name: string, chunks: number) => {
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      await pipe.pass(100)
      order.push(name)
    }
  }
  const sent = Promise.all([sendAs('a', 3), sendAs('b', 3), sendAs('c', 1)])
  await clock.run()
  await sent
  expect(order.join('')).toBe('abcabab')
  expect(clock.now()).toBe(700)
})

test('messages too small for a timer add up', async () => {
  const clock = fakeClock()
  const pipe = createPipe(100_000, clock)
  const sent = send(pipe, Array<number>(1000).fill(50))
  await clock.run()
  await sent
  expect(clock.now()).toBeGreaterThan(499)
  expect(clock.now()).toBeLessThanOrEqual(500)
})

test('a message is cut into chunks, and nothing of it is lost', () => {
  const body = Buffer.alloc(2 * chunkBytes + 1, 'x')
  const chunks = [...chunksOf(body)]
  expect(chunks.map(({ length }) => length)).toEqual([chunkBytes, chunkBytes, 1])
  expect(Buffer.concat(chunks).equals(body)).toBe(true)
  expect([...chunksOf(Buffer.alloc(0))]).toEqual([])
})

test('each host has a line of its own with a pipe for each direction, when there is a width', () => {
  const lineOf = createLines(perSecond, fakeClock())
  expect(lineOf('a')).toBe(lineOf('a'))
  expect(lineOf('a')).not.toBe(lineOf('b'))
  expect(lineOf('a')?.up).not.toBe(lineOf('a')?.down)
  expect(createLines(undefined)('a')).toBeUndefined()
})
