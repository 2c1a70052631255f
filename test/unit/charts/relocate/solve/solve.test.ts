import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  emptySlot,
  markedValues,
  readPattern,
  type Slot,
  slotKey,
  textOf,
} from '../../../../../scripts/lib/charts/relocate/solve/slots.ts'
import {
  dearPrice,
  solve,
  type Goal,
} from '../../../../../scripts/lib/charts/relocate/solve/solve.ts'
import { treeOf } from '../../../../../scripts/lib/model/values/values.ts'

const slot = (path: string, value: string): Slot => ({
  path: path.split('.'),
  value,
  start: 0,
  end: value.length,
  isOpen: false,
  isVague: false,
})

const quay = '<registry>/<prefix>mirrored/quay.io/'

type Part = string | number
const goal = (parts: readonly Part[], destination: string): Goal => ({
  pattern: parts.map((part) => (typeof part === 'number' ? { slot: part } : { text: part })),
  destination,
  limit: dearPrice,
})

describe('solve chooses what a person would write:', () => {
  it.each<[string, readonly Slot[], readonly Part[], string, Readonly<Record<string, string>>]>([
    [
      'the whole place in one leaf',
      [slot('image', 'quay.io/o/a')],
      [0, ':1'],
      `${quay}o/a:1`,
      { image: `${quay}o/a` },
    ],
    [
      'the registry where a host stood, the path where a path stood',
      [slot('registry', 'quay.io'), slot('repository', 'o/a')],
      [0, '/', 1, ':1'],
      `${quay}o/a:1`,
      { registry: '<registry>', repository: '<prefix>mirrored/quay.io/o/a' },
    ],
    [
      'the source too, before a path that is written in the template',
      [slot('registry', 'quay.io')],
      [0, '/o/a:1'],
      `${quay}o/a:1`,
      { registry: '<registry>/<prefix>mirrored/quay.io' },
    ],
    [
      'a kept name behind a parent',
      [slot('registry', 'quay.io'), slot('parent', 'o'), slot('name', 'a')],
      [0, '/', 1, '/', 2, ':1'],
      `${quay}o/a:1`,
      { registry: '<registry>', parent: '<prefix>mirrored/quay.io/o', name: 'a' },
    ],
    [
      'a path that goes on with a suffix',
      [slot('repository', 'quay.io/o/a')],
      [0, '-generic:1'],
      `${quay}o/a-generic:1`,
      { repository: `${quay}o/a` },
    ],
    [
      'two leaves side by side',
      [slot('registry', 'quay.io/'), slot('repository', 'o/a')],
      [0, 1, ':1'],
      `${quay}o/a:1`,
      { registry: '<registry>/', repository: '<prefix>mirrored/quay.io/o/a' },
    ],
  ])('%s', (_, slots, parts, destination, expected) => {
    const solution = solve([goal(parts, destination)], slots, new Set())
    expect(Object.fromEntries(solution.values)).toEqual(expected)
  })
})

describe('solve', () => {
  const registry = slot('registry', 'quay.io')
  const shared = [registry, slot('repository', 'o/a')]

  it('finds a value of a shared leaf that suits both ways of composing', () => {
    const goals = [goal([0, '/', 1, ':1'], `${quay}o/a:1`), goal([0, '/o/b:1'], `${quay}o/b:1`)]
    const solution = solve(goals, shared, new Set())
    expect(goals.map(solution.causeOf)).toEqual([undefined, undefined])
    expect(Object.fromEntries(solution.values)).toEqual({
      registry: '<registry>/<prefix>mirrored/quay.io',
      repository: 'o/a',
    })
  })

  it('reports one of two references that need different values of their only leaf', () => {
    const goals = [
      goal([0, '/o/a:1'], `${quay}o/a:1`),
      goal([0, '/o/b:1'], '<registry>/<prefix>mirrored/ghcr.io/o/b:1'),
    ]
    const solution = solve(goals, [registry], new Set())
    expect(goals.map(solution.causeOf)).toEqual([undefined, 'conflict'])
  })

  it('says that a text before the leaf makes a reference unreachable', () => {
    const only = goal(['docker.io/', 0, ':1'], '<registry>/<prefix>mirrored/docker.io/o/a:1')
    expect(solve([only], [slot('repository', 'o/a')], new Set()).causeOf(only)).toBe('unreachable')
  })

  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/)
  it('always spells the destination when its values are put into the pattern', () => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('quay.io', 'registry.example.com', 'ghcr.io'),
        fc.nat(3),
        (path, host, cut) => {
          const at = Math.min(cut, path.length - 1)
          const [head, tail] = [path.slice(0, at).join('/'), path.slice(at).join('/')]
          const slots = [slot('r', host), ...(head === '' ? [] : [slot('p', head)])]
          const parts: Part[] = head === '' ? [0, `/${tail}:1`] : [0, '/', 1, `/${tail}:1`]
          const destination = `<registry>/<prefix>mirrored/${host}/${path.join('/')}:1`
          const { values } = solve([goal(parts, destination)], slots, new Set())
          const spelled = parts.map((part) => {
            const own = typeof part === 'number' ? slots[part] : undefined
            return own === undefined ? String(part) : (values.get(slotKey(own)) ?? textOf(own))
          })
          expect(spelled.join('')).toBe(destination)
        },
      ),
    )
  })
})

describe('markers', () => {
  const slots = [slot('registry', 'quay.io'), slot('repository', 'o/a'), emptySlot(['override'])]
  const marked = markedValues(treeOf({ registry: 'quay.io', repository: 'o/a' }), slots)
  const { registry, repository, override } = marked as Record<string, string>

  it('show how a reference is composed', () => {
    expect(readPattern(`${registry}/${repository}-x:1`, slots)).toEqual([
      { slot: 0 },
      { text: '/' },
      { slot: 1 },
      { text: '-x:1' },
    ])
    expect(readPattern(`${override}:1`, slots)).toEqual([{ slot: 2 }, { text: ':1' }])
  })

  it('keep the value in place, as part of a legal host and path', () => {
    expect(registry).toMatch(/^[a-z]+quay\.io[a-z]+$/)
    expect(repository).toMatch(/^[a-z]+o\/a[a-z]+$/)
  })

  it.each([
    ['was cut off', () => String(registry).slice(0, -3)],
    ['lost its beginning', () => String(registry).slice(3)],
    ['was changed inside', () => String(registry).replace('.', '-')],
  ])('give nothing when one %s', (_, tear) => {
    expect(readPattern(`${tear()}/o/a:1`, slots)).toBeUndefined()
  })
})
