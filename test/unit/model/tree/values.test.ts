import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import {
  assignmentTree,
  makeAssignments,
} from '../../../../scripts/lib/charts/relocate/solve/assignments.ts'
import {
  chooseSlots,
  markedValues,
  placeLeaf,
} from '../../../../scripts/lib/charts/relocate/solve/slots.ts'
import {
  formatLeafPath,
  type LeafPath,
  parseLeafPath,
} from '../../../../scripts/lib/model/values/leaf-path.ts'
import { readJson } from '../../../../scripts/lib/model/tree/json.ts'
import {
  cloneNode,
  copyTree,
  emptyTree,
  isTree,
  layerValues,
  mergeValues,
  nodeAt,
  scalarsOf,
  setNode,
  treeFrom,
  type TreeLiteral,
  treeOf,
  type ValuesNode,
  type ValuesTree,
} from '../../../../scripts/lib/model/values/values.ts'
import { expectUntouchedGlobals } from '../../support/globals.ts'

afterEach(expectUntouchedGlobals)

/** Words that mean something to every object that has a prototype. */
const hostileKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'length',
  '0',
  '<<',
  'a',
  'b',
]
const key = fc.constantFrom(...hostileKeys)
const scalar = fc.oneof(
  fc.constantFrom('quay.io/a/b:1', 'polluted', '', 'x'),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
)
const { tree: trees } = fc.letrec<{ node: ValuesNode; tree: ValuesTree }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    tie('tree'),
    fc.array(tie('node'), { maxLength: 3 }),
  ),
  tree: fc.array(fc.tuple(key, tie('node')), { maxLength: 4 }).map(treeFrom),
}))
const path: fc.Arbitrary<LeafPath> = fc.array(fc.oneof(key, fc.nat({ max: 3 })), {
  minLength: 1,
  maxLength: 4,
})
const leafPath = path.map(([first = 'a', ...rest]): LeafPath => [String(first), ...rest])

/** Every object in a value; none of them may have a prototype, and lists have theirs. */
function prototypesIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  const own: unknown = Object.getPrototypeOf(value)
  const children = Object.values(value).flatMap(prototypesIn)
  return Array.isArray(value) ? children : [own, ...children]
}

function expectBare(value: unknown): void {
  expect(new Set([null, ...prototypesIn(value)])).toEqual(new Set([null]))
}

describe('Trees have no prototype, whatever their keys, when they come from', () => {
  const cases: readonly (readonly [
    string,
    (a: ValuesTree, b: ValuesTree, at: LeafPath) => unknown,
  ])[] = [
    ['mergeValues', (a, b) => mergeValues(a, b)],
    ['layerValues', (a, b) => layerValues(a, b)],
    ['copyTree', (a) => copyTree(a)],
    ['cloneNode', (a) => cloneNode(a)],
    [
      'setNode',
      (a, b, at) => {
        const root = emptyTree()
        setNode(root, at, b)
        setNode(root, ['b', ...at], 'x')
        setNode(a, at, 'x')
        return [root, a]
      },
    ],
    ['nodeAt', (a, _, at) => nodeAt(a, at) ?? null],
    ['JSON', (a) => readJson(JSON.stringify(a))],
    ['markedValues', (a) => markedValues(a, chooseSlots(a, ['quay.io/a/b:1']))],
    [
      'placeLeaf',
      (a, b, at) => {
        placeLeaf(a, b, at, 'x')
        return a
      },
    ],
    [
      'assignmentTree',
      (a, _, at) =>
        assignmentTree(
          [
            { path: at, value: a },
            { path: ['a', ...at], value: 'x' },
          ],
          (text) => text,
        ),
    ],
    [
      'makeAssignments',
      (a, b, at) =>
        makeAssignments([view(a, [{ path: at, value: 'x' }]), view(b, [])], {
          slotsOf: new Map(),
          values: new Map(),
        }),
    ],
  ]
  it.each(cases)('%s', (_, make) => {
    fc.assert(
      fc.property(trees, trees, leafPath, (a, b, at) => {
        expectBare(treesIn(make(a, b, at)))
        expect(Reflect.get({}, 'polluted')).toBeUndefined()
        expectUntouchedGlobals()
      }),
      { numRuns: 200 },
    )
  })
})

/** The trees in what a function has returned, whose own records may be ordinary objects. */
function treesIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  if (Object.getPrototypeOf(value) === null) return [value]
  return Object.values(value).flatMap(treesIn)
}

function view(values: ValuesTree, companions: readonly { path: LeafPath; value: ValuesNode }[]) {
  const settings = { kubeVersion: '1.31.0', apiVersions: [], release: 'x', namespace: 'x' }
  return { variant: { name: 'default', values, settings }, values, companions } as never
}

describe('A key that means something to JavaScript is a key like others', () => {
  it.each(hostileKeys)('%s', (word) => {
    const root = emptyTree()
    setNode(root, [word, word], 'x')
    expect(nodeAt(root, [word, word])).toBe('x')
    expect(nodeAt(emptyTree(), [word])).toBeUndefined()
    expect(nodeAt([], [word])).toBeUndefined()
    expect([...scalarsOf(root)]).toEqual([{ path: [word, word], value: 'x' }])
    expect(mergeValues(root, treeFrom([[word, null]]))).toEqual(emptyTree())
    expect(Object.keys(layerValues(emptyTree(), root))).toEqual([word])
    expect(JSON.stringify(root)).toBe(`{"${word}":{"${word}":"x"}}`)
  })

  it('and so in a tree that is written in code', () => {
    const literal = JSON.parse('{"__proto__": {"a": [{"constructor": 1}]}}') as TreeLiteral
    const tree = treeOf(literal)
    expectBare(tree)
    expect(nodeAt(tree, ['__proto__', 'a', 0, 'constructor'])).toBe(1)
  })
})

describe('setNode', () => {
  it('fills a list up to an index, and refuses one that no list reaches', () => {
    const root = emptyTree()
    setNode(root, ['l', 2], 'x')
    expect(root).toEqual(treeOf({ l: [null, null, 'x'] }))
    const far = parseLeafPath('l[4000000000]') ?? []
    expect(() => setNode(root, far, 'x')).toThrow('the index in "l[4000000000]" is above 10000')
    expect(() => setNode(root, ['l', '99999'], 'x')).toThrow(
      'the index in "l.99999" is above 10000',
    )
  })

  it.each<readonly [string, LeafPath, TreeLiteral]>([
    ['a list gives way to a key', ['l', 'a'], { l: { a: 'x' } }],
    ['a text gives way to a key', ['t', 'a'], { l: [1], t: { a: 'x' } }],
  ])('%s', (_, at, expected) => {
    const root = treeOf({ l: [1], ...(at[0] === 't' && { t: 'text' }) })
    setNode(root, at, 'x')
    expect(root).toEqual(treeOf(expected))
  })
})

describe('isTree', () => {
  it('is a bug to ask of an object that has not passed a door', () => {
    expect(() => isTree({})).toThrow('an object with a prototype was taken for a tree')
    expect(() => isTree(JSON.parse('{}'))).toThrow('an object with a prototype')
  })
  it.each([null, undefined, 1, 'x', [], [{}]])('is false of %j', (value) => {
    expect(isTree(value)).toBe(false)
  })
})

it('paths are the same after they were written and read, whatever their keys', () => {
  fc.assert(
    fc.property(leafPath, (at) => {
      expect(parseLeafPath(formatLeafPath(at))).toEqual(at)
    }),
  )
})
