import { describe, expect, it } from 'vitest'
import type { UnreachedCause } from '../../../../scripts/lib/model/chart/relocation.ts'
import type { ChosenValues, Item, Search } from '../../../../scripts/lib/charts/relocate/job.ts'
import {
  firstSearch,
  type Seen,
  step,
  type Trial,
} from '../../../../scripts/lib/charts/relocate/search.ts'
import type { Taint } from '../../../../scripts/lib/charts/relocate/solve/taint.ts'
import type { Level, VariantView } from '../../../../scripts/lib/charts/relocate/view.ts'

const view = {} as VariantView
const item = (id: string): Item => ({ id, view, occurrence: { key: id } as Item['occurrence'] })
const [a, b] = [item('a'), item('b')]

/** What a round has seen: levels that have leaves, and which slots they offer to which item. */
function seen(round: {
  readonly stuck?: readonly (readonly [Item, UnreachedCause])[]
  readonly used?: readonly string[]
  readonly levels?: Readonly<Partial<Record<Level, Readonly<Record<string, string[]>> | 'unknown'>>>
  readonly trial?: Trial
}): Seen {
  const { stuck = [], used = [], levels = {}, trial } = round
  return {
    items: [a, b],
    choice: {
      stuck: stuck.map(([one, cause]) => ({ item: one, cause })),
      used: new Set(used),
    } as unknown as ChosenValues,
    taintAt: (_, level) => {
      const slots = levels[level]
      if (slots === undefined || slots === 'unknown') return slots
      return { slotsOf: (key: string) => slots[key] ?? [] } as unknown as Taint
    },
    ...(trial !== undefined && { trial }),
  }
}

const search = (changes: Partial<Search> = {}): Search => ({ ...firstSearch, ...changes })
const trial = (changes: Partial<Trial> = {}): Trial => ({
  hasDormant: false,
  unmoved: [],
  isClean: true,
  ...changes,
})

describe('a step of the search', () => {
  it.each<[string, Search, Seen, object]>([
    ['tries values that leave nothing out', search(), seen({}), { kind: 'try' }],
    [
      'asks for a level that it does not know',
      search(),
      seen({ stuck: [[a, 'unreachable']], levels: { 1: 'unknown' } }),
      { kind: 'ask', level: 1 },
    ],
    [
      'takes what is stuck to the next level that has leaves',
      search(),
      seen({ stuck: [[a, 'unreachable']], levels: { 2: {} } }),
      { kind: 'search', reason: 'stuck', search: { reached: new Map([['a', 2]]) } },
    ],
    [
      'takes it to the last resort when no level is left',
      search({ reached: new Map([['a', 2]]) }),
      seen({ stuck: [[a, 'unreachable']] }),
      { kind: 'search', search: { reached: new Map(), desperate: new Set(['a']) } },
    ],
    [
      'tries nothing more with what is at its last resort',
      search({ desperate: new Set(['a']) }),
      seen({ stuck: [[a, 'unreachable']] }),
      { kind: 'try' },
    ],
    [
      'includes references that share a leaf',
      search({ reached: new Map([['a', 2]]) }),
      seen({ used: ['global.registry'], levels: { 2: { b: ['global.registry'] } } }),
      {
        kind: 'search',
        reason: 'joined',
        search: {
          reached: new Map([
            ['a', 2],
            ['b', 2],
          ]),
          joined: new Map([['b', 0]]),
        },
      },
    ],
    [
      'gives up a leaf that does not suit those that were included',
      search({
        reached: new Map([
          ['a', 2],
          ['b', 2],
        ]),
        joined: new Map([['b', 0]]),
      }),
      seen({ stuck: [[b, 'conflict']] }),
      {
        kind: 'search',
        reason: 'abandoned',
        search: { reached: new Map([['b', 0]]), joined: new Map(), abandoned: new Set(['a']) },
      },
    ],
    ['settles when everything has moved', search(), seen({ trial: trial() }), { kind: 'settled' }],
    [
      'leaves out images that are not rendered when they disturb',
      search(),
      seen({ trial: trial({ hasDormant: true, isClean: false }) }),
      { kind: 'search', reason: 'disturbing', search: { withDormant: false } },
    ],
    [
      'goes on with what did not move',
      search(),
      seen({ trial: trial({ unmoved: [a] }), levels: { 1: {} } }),
      { kind: 'search', reason: 'unmoved', search: { reached: new Map([['a', 1]]) } },
    ],
    [
      'drops a supposed leaf that moves nothing before anything else',
      search({ reached: new Map([['a', 4]]) }),
      seen({ trial: trial({ hasDormant: true, unmoved: [a] }), levels: { 5: {} } }),
      { kind: 'search', reason: 'unmoved', search: { reached: new Map([['a', 5]]) } },
    ],
    [
      'drops a supposed leaf that changes something else',
      search({ reached: new Map([['a', 5]]) }),
      seen({ trial: trial({ isClean: false }) }),
      { kind: 'search', search: { reached: new Map(), desperate: new Set(['a']) } },
    ],
    [
      'keeps a supposed leaf that moves its reference',
      search({ reached: new Map([['a', 5]]) }),
      seen({ trial: trial() }),
      { kind: 'settled' },
    ],
    [
      'settles when nothing is left to try for it',
      search({ desperate: new Set(['a']) }),
      seen({ trial: trial({ unmoved: [a], isClean: false }) }),
      { kind: 'settled' },
    ],
  ])('%s', (_, state, round, expected) => {
    expect(step(state, round)).toMatchObject(expected)
  })

  it('changes no state that it is given', () => {
    const state = search()
    step(state, seen({ stuck: [[a, 'unreachable']], levels: { 1: {} } }))
    expect(state).toEqual(firstSearch)
    expect(state.reached.size).toBe(0)
  })
})
