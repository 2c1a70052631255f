import { describe, expect, it } from 'vitest'
import { formatLeafPath } from '../../../../../scripts/lib/model/values/leaf-path.ts'
import {
  cloneNode,
  emptyTree,
  treeFrom,
  treeOf,
  type TreeLiteral,
  type ValuesTree,
} from '../../../../../scripts/lib/model/values/values.ts'
import {
  chooseSlots,
  emptySlot,
  markedValues,
  readPattern,
  slotsIn,
  spliceSlots,
  textOf,
} from '../../../../../scripts/lib/charts/relocate/solve/slots.ts'

const app = 'quay.io/example/app:1.2.3'

function spelled(values: ValuesTree, key: string): string {
  const value = values[key]
  if (typeof value !== 'string') throw new Error(`${key} is no text`)
  return value
}

/** `path=text`, with `?` for a vague slot and `~` for an open one. */
function chosen(values: TreeLiteral, ...texts: readonly string[]): string[] {
  return chooseSlots(treeOf(values), texts.length === 0 ? [app] : texts).map(
    (slot) =>
      `${formatLeafPath(slot.path)}=${textOf(slot)}${slot.isVague ? '?' : ''}${slot.isOpen ? '~' : ''}`,
  )
}

describe('chooseSlots', () => {
  it.each<readonly [string, TreeLiteral, readonly string[]]>([
    ['parts', { r: 'quay.io', n: 'example/app' }, ['r=quay.io', 'n=example/app']],
    ['a whole reference, without its tag', { i: app }, ['i=quay.io/example/app']],
    ['a word that may be anything', { mode: 'app' }, ['mode=app?']],
    ['a word at an image', { image: { name: 'app' } }, ['image.name=app']],
    ['leaves of lists', { l: [{ image: app }] }, ['l[0].image=quay.io/example/app']],
    [
      'names within a text',
      { t: `a=${app}\nb=${app}` },
      ['t=quay.io/example/app', 't=quay.io/example/app'],
    ],
    ['no tag', { tag: '1.2.3', imageTag: 'app', digest: 'app' }, []],
    ['no short word that is part of a word', { a: 'ap', b: 'io' }, []],
    ['no word of a longer name', { t: `${app.replace('app', 'apple')} x` }, []],
    ['no numbers, switches and nulls', { a: 1, b: true, c: null, d: '' }, []],
    ['a template at an image', { image: '{{ .r }}/x:{{ .t }}' }, ['image={{ .r }}/x~']],
    [
      'a template with a part of the name',
      { x: '{{ .r }}/example/app' },
      ['x={{ .r }}/example/app~'],
    ],
    ['no other template', { x: '{{ .Release.Name }}-web' }, []],
    ['no template of several lines', { image: '{{ .a }}\n{{ .b }}' }, []],
  ])('takes %s', (_, values, expected) => {
    expect(chosen(values)).toEqual(expected)
  })

  it('takes the longest name in a text when one is the beginning of another', () => {
    const values = { t: 'quay.io/a/b:1 quay.io/a/b-c:1' }
    expect(chosen(values, 'quay.io/a/b:1', 'quay.io/a/b-c:1')).toEqual([
      't=quay.io/a/b',
      't=quay.io/a/b-c',
    ])
  })
})

describe('markedValues', () => {
  it('marks every slot, gives lists whole, and leaves the values as they were', () => {
    const values = treeOf({ image: app, list: [{ image: app, port: 80 }], other: 'x' })
    const before = cloneNode(values)
    const marked = markedValues(values, chooseSlots(values, [app]))
    expect(values).toEqual(before)
    expect(marked).toEqual({
      image: expect.stringMatching(/^zq\w+zquay\.io\/example\/appzq\w+z:1\.2\.3$/) as string,
      list: [{ image: expect.stringMatching(/^zq.*:1\.2\.3$/) as string, port: 80 }],
    })
  })

  it('marks several slots of one text', () => {
    const values = treeOf({ t: `${app},${app}` })
    const slots = chooseSlots(values, [app])
    const { t = null } = markedValues(values, slots)
    expect([...new Set(slotsIn(spelled(treeOf({ t }), 't')))]).toEqual([0, 1])
  })

  it('fills an empty leaf with what looks like a host', () => {
    const { a } = markedValues(emptyTree(), [emptySlot(['a'])])
    expect(a).toMatch(/^[a-z]+\.[a-z]+$/)
  })

  it('tells a hundred slots apart', () => {
    const values = treeFrom(Array.from({ length: 120 }, (_, index) => [`k${index}`, 'quay.io']))
    const slots = chooseSlots(values, [app])
    const marked = markedValues(values, slots)
    for (const id of [0, 1, 10, 11, 12, 100, 101, 119]) {
      const text = spelled(marked, `k${id}`)
      expect(readPattern(`${text}/x:1`, slots)).toEqual([{ slot: id }, { text: '/x:1' }])
    }
  })
})

describe('readPattern', () => {
  const values = treeOf({ r: 'quay.io', n: 'example/app' })
  const slots = chooseSlots(values, [app])
  const marked = markedValues(values, slots)
  const [r, n] = [spelled(marked, 'r'), spelled(marked, 'n')]

  it.each([
    [
      'one after the other',
      `${r}/${n}:1`,
      [{ slot: 0 }, { text: '/' }, { slot: 1 }, { text: ':1' }],
    ],
    ['side by side', `${r}${n}`, [{ slot: 0 }, { slot: 1 }]],
    ['twice', `${r}/${r}`, [{ slot: 0 }, { text: '/' }, { slot: 0 }]],
    ['not at all', 'docker.io/a/b:1', [{ text: 'docker.io/a/b:1' }]],
    ['nothing', '', []],
  ])('reads slots %s', (_, text, pattern) => {
    expect(readPattern(text, slots)).toEqual(pattern)
  })

  it.each([
    ['the end is cut off', r.slice(0, -1)],
    ['the beginning is cut off', `/${r.slice(2)}`],
    ['the value was cut', r.replace('quay.io', 'quay')],
    ['the value was replaced', r.replace('quay.io', 'ghcr.io')],
    ['the number is unknown', r.replaceAll(/zq([ae])az/g, 'zq$1jjz')],
    ['the halves are of two', r.slice(0, 9) + n.slice(-6)],
  ])('reads nothing when %s', (_, text) => {
    expect(readPattern(text, slots)).toBeUndefined()
  })

  it('lets an open slot render to anything', () => {
    const [slot] = chooseSlots(treeOf({ image: '{{ .r }}/x' }), [app])
    if (slot === undefined) throw new Error('there is no slot')
    const text = spelled(markedValues(treeOf({ image: '{{ .r }}/x' }), [slot]), 'image')
    const rendered = text.replace('{{ .r }}', 'quay.io')
    expect(readPattern(`${rendered}:1`, [slot])).toEqual([{ slot: 0 }, { text: ':1' }])
  })
})

describe('spliceSlots', () => {
  it('puts several new texts into one value, whatever their order', () => {
    const value = 'a=quay.io/a/b:1,b=quay.io/a/b:2'
    const slots = chooseSlots(treeOf({ t: value }), ['quay.io/a/b:1'])
    const parts = slots.map((slot, index) => [slot, `r/${index}`] as const)
    for (const order of [parts, parts.toReversed()]) {
      expect(spliceSlots(value, order)).toBe('a=r/0:1,b=r/1:2')
    }
  })
})
