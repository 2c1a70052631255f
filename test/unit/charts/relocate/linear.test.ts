import { emptyTree, treeOf } from '../../../../scripts/lib/model/values/values.ts'
import { describe, expect, it } from 'vitest'
import type { LeafPath } from '../../../../scripts/lib/model/values/leaf-path.ts'
import { success } from '../../../../scripts/lib/model/problem.ts'
import { splitDocuments } from '../../../../scripts/lib/charts/render/documents.ts'
import { findReferences } from '../../../../scripts/lib/charts/find/find.ts'
import { isEcho } from '../../../../scripts/lib/charts/relocate/prove/derived.ts'
import { namedImages } from '../../../../scripts/lib/charts/relocate/solve/dormant.ts'
import { emptyLeaves } from '../../../../scripts/lib/charts/relocate/solve/empty-leaves.ts'
import { joinedText } from '../../../../scripts/lib/charts/relocate/prove/joined.ts'
import { compareRenders } from '../../../../scripts/lib/charts/relocate/prove/prove.ts'
import {
  chooseSlots,
  markedValues,
  readPattern,
  type Slot,
  slotKey,
} from '../../../../scripts/lib/charts/relocate/solve/slots.ts'
import { dearPrice, solve } from '../../../../scripts/lib/charts/relocate/solve/solve.ts'
import { taint } from '../../../../scripts/lib/charts/relocate/solve/taint.ts'
import { finish } from '../../../../scripts/lib/steps/steps.ts'
import { makeChartFiles, makeDocument } from '../../support/charts.ts'

// Each of these takes a second or so, and minutes or all memory where something is gone through again for each part.
const patience = { timeout: 30_000 }

const list = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
const tree = <T>(count: number, make: (index: number) => T) =>
  Object.fromEntries(list(count, (index) => [`key${index}`, make(index)]))

const givenOf = (...values: readonly unknown[]) => ({
  values: new Set(values),
  keys: new Set<string>(),
})
const image = (index: number) => `registry-${index % 7}.example.com/team-${index % 90}/app-${index}`
const slot = (path: LeafPath, value: string, start = 0, end = value.length): Slot => ({
  path,
  value,
  start,
  end,
  isOpen: false,
  isVague: false,
})

describe('slots are chosen in seconds', () => {
  it('from ten thousand leaves for four thousand names', patience, () => {
    const values = treeOf({
      parts: tree(10_000, (index) => `no-part-of-any-${index}`),
      own: tree(4_000, image),
    })
    expect(
      chooseSlots(
        values,
        list(4_000, (index) => `${image(index)}:1.0`),
      ),
    ).toHaveLength(4_000)
  })

  it('from one text with thousands of names', patience, () => {
    const text = list(20_000, (index) => `${image(index)}:1.0`).join('\n')
    const slots = chooseSlots(treeOf({ text }), text.split('\n'))
    expect(new Set(slots.map(slotKey)).size).toBe(20_000)
    const { text: marked } = markedValues(treeOf({ text }), slots)
    expect(JSON.stringify(marked).match(/zqa\w+?z/g)).toHaveLength(20_000)
  })

  it.each<[string, string]>([
    ['braces that open', '{{'.repeat(200_000)],
    ['templates without end', `{{ a }}${':{{'.repeat(200_000)}`],
    ['colons', ':a'.repeat(300_000)],
    ['dots', 'a.'.repeat(300_000)],
    ['a word without end', 'a'.repeat(600_000)],
  ])('from a text of %s', patience, (_, text) => {
    expect(chooseSlots(treeOf({ image: text, name: text }), ['quay.io/a/b:1'])).toHaveLength(0)
  })
})

describe('marked values are read in seconds', () => {
  const render = async (count: number) => {
    const text = list(count, (index) => `${image(index)}:1.0`).join('\n')
    const renderWith = (data: unknown) =>
      splitDocuments(makeDocument(`kind: ConfigMap\ndata: ${JSON.stringify(data)}`))
    const known = findReferences(renderWith({ text })).occurrences
    const slots = chooseSlots(treeOf({ text }), known.map(joinedText))
    return taint(slots, treeOf({ text }), known, {
      render: (over) => Promise.resolve(success(renderWith(over))),
      signal: new AbortController().signal,
    })
  }

  it('with thousands of references in one text', patience, async () => {
    const { patterns, strays } = await render(10_000)
    expect([patterns.size, strays.size]).toEqual([10_000, 0])
  })

  it.each<[string, string, boolean]>([
    ['that begin', 'zqa'.repeat(200_000), true],
    ['without end', `zqaa${'a'.repeat(400_000)}`, true],
    ['in each other', `${'zqaaz'.repeat(100_000)}${'zqeaz'.repeat(100_000)}`, false],
  ])('with markers %s', patience, (_, text, isText) => {
    expect(readPattern(text, [slot(['a'], 'x')])).toEqual(isText ? [{ text }] : undefined)
  })

  it('when a hundred thousand slots break a render together', patience, async () => {
    const slots = list(130_000, (index) => slot([`key${index}`], 'a'))
    let renders = 0
    const { slots: good } = await taint(slots, emptyTree(), [], {
      render: () => {
        renders += 1
        return Promise.resolve(
          renders === 1
            ? { ok: false, problem: { kind: 'render-failed', side: 'input', message: 'no' } }
            : success([]),
        )
      },
      signal: new AbortController().signal,
    })
    expect(good).toHaveLength(130_000)
  })
})

describe('values are solved in seconds', () => {
  const destination = (index: number) => `<registry>/<prefix>mirrored/${image(index)}:1.0`

  it('for thousands of references', patience, () => {
    const slots = list(20_000, (index) => slot([`key${index}`], image(index)))
    const goals = slots.map((_, index) => ({
      pattern: [{ slot: index }, { text: ':1.0' }],
      destination: destination(index),
      limit: dearPrice,
    }))
    expect(solve(goals, slots, new Set()).values.size).toBe(20_000)
  })

  it('for thousands of references that contradict each other', patience, () => {
    const slots = [slot(['registry'], 'quay.io')]
    const goals = list(8_000, (index) => ({
      pattern: [{ slot: 0 }, { text: `/app-${index}` }],
      destination: `<registry>/<prefix>mirrored/quay.io/${index}/app-${index}`,
      limit: Infinity,
    }))
    const { causeOf } = solve(goals, slots, new Set())
    expect(goals.filter((goal) => causeOf(goal) === 'conflict')).toHaveLength(7_999)
  })

  it('for a reference of dozens of parts that fits nowhere', patience, () => {
    const slots = list(30, (index) => slot([`key${index}`], 'a'))
    const pattern = [
      ...slots.flatMap((_, index) => [{ slot: index }, { text: '/' }]),
      { text: '!' },
    ]
    const goal = { pattern, destination: 'a/'.repeat(120), limit: dearPrice }
    expect(solve([goal], slots, new Set()).causeOf(goal)).toBe('unreachable')
  })
})

describe('renders are compared in seconds', () => {
  const demands = { registry: 'r.example.com', given: givenOf() }
  const compare = (before: string, after: string) => {
    const baseline = splitDocuments(before)
    const { occurrences } = findReferences(baseline)
    return compareRenders(baseline, occurrences, splitDocuments(after), {
      ...demands,
      expect: (occurrence) => `r.example.com/${joinedText(occurrence)}`,
    })
  }
  const configMap = (data: unknown) =>
    makeDocument(`kind: ConfigMap\ndata: ${JSON.stringify(data)}`)

  it('with thousands of references in one text', patience, () => {
    const names = list(20_000, (index) => `quay.io/a/b${index}:1.0`)
    const before = configMap({ a: names.join('\n') })
    const after = configMap({ a: names.map((name) => `r.example.com/${name}`).join('\n') })
    expect(compare(before, after)).toMatchObject({ checked: 20_000, misplaced: [], changes: [] })
  })

  it('with thousands of places that differ, which are no longer told apart', patience, () => {
    const values = (add: number) => configMap(tree(20_000, (index) => `v${index + add}`))
    const { changes } = compare(values(0), values(1))
    expect(changes).toHaveLength(1_001)
    expect(changes.at(-1)).toMatchObject({ path: '…', before: '19000 more places' })
  })

  it('when the whole of the values is written down again', patience, () => {
    const dump = (value: string) =>
      JSON.stringify({ all: tree(30_000, () => 'same'), image: value })
    const change = {
      document: splitDocuments(configMap({}))[0] as never,
      path: 'data.dump',
      before: dump('old'),
      after: dump('new'),
      isOfOneKind: true,
    }
    expect(finish(isEcho(change, givenOf('new')))).toBe(true)
    expect(finish(isEcho(change, givenOf('other')))).toBe(false)
  })

  it.each<[string, string, string, boolean]>([
    [
      'of one letter a million times',
      `${'a'.repeat(1_000_000)} x`,
      `${'a'.repeat(1_000_000)} b`,
      false,
    ],
    [
      'with blanks before an odd line break',
      `${' '.repeat(300_000)}x\ry`,
      `${' '.repeat(300_000)}x\rz`,
      false,
    ],
    ['with a value in a long line', `${'b'.repeat(1_000_000)}x`, `${'b'.repeat(1_000_000)}a`, true],
  ])('in a line %s', patience, (_, before, after, expected) => {
    const change = { document: {} as never, path: 'data.x', isOfOneKind: true }
    const steps = isEcho({ ...change, before, after }, givenOf('a', 'aaaa'))
    expect(finish(steps)).toBe(expected)
  })
})

describe('leaves are found in seconds', () => {
  it('that thousands of templates read', patience, () => {
    const reads = list(30_000, (index) => `{{ .Values.a${index}.image.registry }}`).join('\n')
    const chart = makeChartFiles('one', { 'templates/a.yaml': reads })
    const values = treeOf(tree(30_000, () => ({ image: { repository: 'a/b', registry: '' } })))
    expect(finish(emptyLeaves(chart, values)).local).toHaveLength(60_000)
  })

  it('below a path of megabytes, which nobody can set', patience, () => {
    const long = 'k'.repeat(1_000_000)
    const images = tree(10_000, () => ({ repository: 'a/b', tag: '1' }))
    const values = treeOf({ [long]: { images } })
    expect(namedImages(values)).toEqual([])
    expect(chooseSlots(values, ['a/b:1'])).toEqual([])
    expect(finish(emptyLeaves(makeChartFiles('one'), values))).toEqual({ local: [], global: [] })
  })
})
