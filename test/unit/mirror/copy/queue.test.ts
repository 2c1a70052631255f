import { describe, expect, it } from 'vitest'
import {
  createQueue,
  type QueueRules,
  type Task,
} from '../../../../scripts/lib/mirror/copy/queue.ts'

interface Item extends Task {
  readonly name: string
  readonly host: string
}

const item = (name: string, rest: Partial<Item> = {}): Item => ({
  name,
  host: 'quay.io',
  lane: 'image',
  bytes: 1,
  manifests: 3,
  shared: [],
  leads: false,
  ...rest,
})

function open(items: readonly Item[], rules: Partial<QueueRules<Item>> = {}) {
  const there = new Set<string>()
  const queue = createQueue(items, {
    limit: () => 2,
    hostOf: ({ host }) => host,
    gate: () => ({ concurrency: 2, readyAt: () => 0, begin: () => undefined }),
    isThere: (blob) => there.has(blob),
    ...rules,
  })
  const next = (now = 0) => {
    const turn = queue.next(now)
    return turn.kind === 'start' ? turn.task.name : turn.kind === 'wait' ? turn.until : 'empty'
  }
  return { ...queue, ask: next, there }
}

describe('the queue', () => {
  it('takes who leads first, then the host with the most left, then the largest', () => {
    const { ask } = open(
      [
        item('small', { bytes: 1 }),
        item('large', { bytes: 90 }),
        item('elsewhere', { host: 'ghcr.io', bytes: 50 }),
        item('leader', { host: 'ghcr.io', leads: true }),
      ],
      {
        limit: () => 9,
        gate: () => ({ concurrency: 9, readyAt: () => 0, begin: () => undefined }),
      },
    )
    expect([ask(), ask(), ask(), ask(), ask()]).toEqual([
      'leader',
      'large',
      'elsewhere',
      'small',
      'empty',
    ])
  })

  it('keeps to the limit of each lane, so that charts and images never wait for one another', () => {
    const tasks = [item('a'), item('b', { host: 'x' }), item('c', { host: 'y' })]
    const chart = item('chart', { lane: 'chart', host: 'z' })
    const { ask, leave } = open([...tasks, chart])
    expect([ask(), ask(), ask(), ask()]).toEqual(['a', 'b', 'chart', Infinity])
    leave(tasks[1] ?? chart)
    expect(ask()).toBe('c')
  })

  it('goes round a host that is full or paused while another is open', () => {
    const { ask } = open([item('a'), item('b'), item('c', { host: 'ghcr.io' })], {
      gate: (host) => ({
        concurrency: 2,
        readyAt: () => (host === 'quay.io' ? 500 : 0),
        begin: () => undefined,
      }),
    })
    expect([ask(), ask(), ask(500)]).toEqual(['c', 500, 'a'])
  })

  it('sends a shared layer once: who needs it too waits until it is there', () => {
    const first = item('first', { shared: ['base'], leads: true })
    const { ask, leave, there } = open([first, item('second', { shared: ['base'] }), item('other')])
    expect([ask(), ask(), ask()]).toEqual(['first', 'other', Infinity])
    there.add('base')
    leave(first)
    expect(ask()).toBe('second')
  })

  it('lets the next one bring a layer when the first has failed', () => {
    const first = item('first', { shared: ['base'], leads: true })
    const { ask, again } = open([first, item('second', { shared: ['base'] })])
    expect([ask(), ask()]).toEqual(['first', Infinity])
    again(first, 1_000)
    expect([ask(0), ask(999)]).toEqual(['second', Infinity])
    expect(ask(1_000)).toBe(Infinity)
  })

  it('hands out again what was put back, not before its time', () => {
    const only = item('only')
    const { ask, again } = open([only])
    expect(ask()).toBe('only')
    again(only, 300)
    expect([ask(299), ask(300)]).toEqual([300, 'only'])
  })

  it('counts manifests, not images, once the target admits so many a second', () => {
    const { ask, admit } = open([item('a'), item('b', { host: 'x' })], { limit: () => 9 })
    admit(10, 100)
    // Three manifests at ten a second: the next may start 300 ms later.
    expect([ask(99), ask(100), ask(399), ask(400)]).toEqual([100, 'a', 400, 'b'])
  })

  it('gives back what waits when the run ends early', () => {
    const { ask, drain } = open([item('a'), item('b'), item('c')])
    ask()
    expect(drain().map(({ name }) => name)).toEqual(['b', 'c'])
    expect(ask()).toBe('empty')
  })
})
