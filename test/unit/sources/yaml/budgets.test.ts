import { afterEach, describe, expect, it } from 'vitest'
import { overlayValues } from '../../../../scripts/lib/charts/patch/overlay.ts'
import { parseMetadata } from '../../../../scripts/lib/charts/chart/metadata.ts'
import { splitDocuments } from '../../../../scripts/lib/charts/render/documents.ts'
import { parseJson } from '../../../../scripts/lib/model/tree/json.ts'
import type { Result } from '../../../../scripts/lib/model/problem.ts'
import {
  cloneNode,
  emptyTree,
  isTree,
  type ValuesNode,
} from '../../../../scripts/lib/model/values/values.ts'
import { parseLocated } from '../../../../scripts/lib/sources/located/parse.ts'
import { readValuesText } from '../../../../scripts/lib/sources/values/values-file.ts'
import { kitDialect } from '../../../../scripts/lib/sources/yaml/dialect.ts'
import { readHelmYaml } from '../../../../scripts/lib/sources/yaml/helm-yaml.ts'
import { readYaml } from '../../../../scripts/lib/sources/yaml/read.ts'
import { expectUntouchedGlobals } from '../../support/globals.ts'

afterEach(expectUntouchedGlobals)

/** Every door through which a text comes in. A file of the kit itself knows no merge keys and is otherwise the same. */
const doors: readonly (readonly [string, (text: string) => Result<ValuesNode>])[] = [
  ['values files', (text) => readValuesText('file', text)],
  ['charts', (text) => readHelmYaml({ file: 'file', text })],
  [
    'files of the kit',
    (text) => {
      const read = readYaml({ file: 'file', text }, kitDialect)
      return read.ok ? { ok: true, value: read.value.node } : read
    },
  ],
]

/** `levels` lists of nine aliases each, one upon the other. */
function bomb(levels: number, kind: 'lists' | 'maps' | 'merges' = 'lists'): string {
  const lines = ['a0: &a0 { x: 1, y: 2 }']
  for (let level = 1; level <= levels; level += 1) {
    const aliases = Array.from({ length: 9 }, (_, index) => ({ name: `*a${level - 1}`, index }))
    const body =
      kind === 'lists'
        ? `[${aliases.map(({ name }) => name).join(', ')}]`
        : kind === 'maps'
          ? `{ ${aliases.map(({ name, index }) => `k${index}: ${name}`).join(', ')} }`
          : `{ <<: *a${level - 1}, ${aliases.map(({ name, index }) => `k${index}: ${name}`).join(', ')} }`
    lines.push(`a${level}: &a${level} ${body}`)
  }
  return `${lines.join('\n')}\n`
}

/** Milliseconds after which a reader that should need some hangs. */
const hang = 20_000

describe('An alias bomb is refused with the line at which it goes off', () => {
  it.each(doors)('%s', { timeout: hang }, (_, read) => {
    for (const kind of ['lists', 'maps'] as const) {
      const result = read(bomb(9, kind))
      const message = result.ok ? 'read' : result.problem.message
      expect(message).toMatch(/^file:[167]:\d+: aliases expand to more values than/)
    }
  })

  it('of merge keys too', { timeout: hang }, () => {
    for (const [, read] of doors.slice(0, 2)) {
      const result = read(bomb(9, 'merges'))
      expect(result.ok ? 'read' : result.problem.message).toMatch(/^file:\d+:\d+: aliases expand/)
    }
  })

  it('of one long text with many aliases', { timeout: hang }, () => {
    const text = `a: &a ${'x'.repeat(1_000_000)}\nb: [${'*a, '.repeat(1_000)}]\n`
    for (const [, read] of doors) {
      const result = read(text)
      expect(result.ok ? 'read' : result.problem.message).toMatch(/^file:[12]:\d+: aliases expand/)
    }
  })

  it('of a Chart.yaml', () => {
    expect(() => parseMetadata(`name: x\nversion: 1.0.0\n${bomb(9)}`, 'chart')).toThrow(
      /^chart\/Chart\.yaml:[89]:\d+: aliases expand/,
    )
  })

  it('of a chart that is to be repacked', { timeout: hang }, () => {
    expect(() => overlayValues(bomb(9), emptyTree())).toThrow(/^values\.yaml:[67]:\d+: aliases/)
  })

  it('and what renders to one is searched as text', { timeout: hang }, () => {
    const [document] = splitDocuments(`---\n# Source: a/b.yaml\n${bomb(9)}`)
    expect(document?.root).toBeUndefined()
  })
})

describe('An alias that stands for what it lies in, or for nothing, is refused with its place', () => {
  it.each(doors)('%s', (_, read) => {
    for (const [text, place] of [
      ['a: &a [*a]\n', 'file:1:8'],
      ['a: &a { b: { c: *a } }\n', 'file:1:17'],
      ['a: 1\nb: *nothing\n', 'file:2'],
    ] as const) {
      const result = read(text)
      expect(result.ok ? 'read' : result.problem.message).toMatch(new RegExp(`^${place}`))
    }
  })
})

describe('Anchors of honest charts work', () => {
  it.each(doors)('%s', (_, read) => {
    const shared = Array.from({ length: 300 }, (_item, index) => `  c${index}: *resources`)
    const text = `r: &resources { limits: { cpu: 1, memory: 1Gi } }\nall:\n${shared.join('\n')}\n`
    const result = read(text)
    if (!result.ok || !isTree(result.value)) throw new Error('it was not read')
    const all = result.value['all']
    expect(isTree(all) && Object.keys(all).length).toBe(300)
    // Each is a copy: a value of one is not that of another.
    const [one, other] = isTree(all) ? [all['c0'], all['c1']] : []
    expect(one).toEqual(other)
    expect(one).not.toBe(other)
  })

  it('with merge keys as helm merges them', () => {
    for (const [, read] of doors.slice(0, 2)) {
      expect(read('b: &b { x: 1, z: 2 }\nm: { z: 0, <<: *b, x: 3 }\n')).toMatchObject({
        value: { m: { z: 2, x: 3 } },
      })
    }
  })
})

describe('A text with too many tokens is refused before it is read', () => {
  const many = `data: [${'1,'.repeat(1_000_000)}1]\n`
  it.each<[string, (text: string) => string]>([
    [
      'with positions',
      (text) =>
        parseLocated(text)
          .faults.map((one) => one.message)
          .join(),
    ],
    [
      'with care, as helm reads it',
      (text) => {
        const read = readHelmYaml({ file: 'file', text: `a: &a { b: 1 }\nc: { <<: *a }\n${text}` })
        return read.ok ? 'read' : read.problem.message
      },
    ],
  ])('%s', { timeout: hang }, (_, read) => {
    expect(read(many)).toContain('the document is too large')
    expect(read(`text: ${'x'.repeat(2_000_000)}\n`)).not.toContain('the document is too large')
  })
})

describe('A document that is nested too deeply is refused with its place', () => {
  const deep = 40_000
  const texts: readonly (readonly [string, string])[] = [
    ['lists in lists', '['.repeat(deep) + ']'.repeat(deep)],
    ['lists that are never closed', '['.repeat(deep)],
    ['maps in maps', '{a: '.repeat(deep) + '}'.repeat(deep)],
    ['items of items', `${'- '.repeat(deep)}a`],
    ['keys of keys', `${'? '.repeat(deep)}a`],
    ['JSON', `{"a":${'['.repeat(deep)}${']'.repeat(deep)}}`],
    ['indented maps', Array.from({ length: 1_000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
  ]
  it.each(texts)('%s', { timeout: hang }, (_, text) => {
    for (const [, read] of doors) {
      const result = read(text)
      expect(result.ok ? 'read' : result.problem.message).toMatch(/^file:\d+:\d+: ne/)
    }
  })

  it('a hundred levels are read', () => {
    for (const [, read] of doors) {
      expect(read(`${'a: {'.repeat(1)}${'a: {'.repeat(97)}${'}'.repeat(98)}`).ok).toBe(true)
    }
  })

  it('in JSON', () => {
    expect(parseJson('['.repeat(deep) + ']'.repeat(deep))).toMatchObject({
      problem: { fault: 'depth' },
    })
    expect(parseJson('['.repeat(100) + ']'.repeat(100)).ok).toBe(true)
  })
})

describe('What helm refuses is refused', () => {
  it.each([
    ['an infinite number', 'a:\n  b: .inf\n', 'file:2:6: helm rejects the value ".inf"'],
    ['no number', 'a:\n  b: .NaN\n', 'file:2:6: helm rejects the value ".NaN"'],
    ['half a surrogate pair', 'a: "\\ud800"\n', 'file:1:4: text with an unpaired surrogate'],
    ['half a pair in a key', '"\\udfff": 1\n', 'file:1:1: text with an unpaired surrogate'],
    ['a list as a key', '? [a]\n: b\n', 'file:1:3: a mapping or a list cannot be a key'],
    ['null as a key', 'a: 1\n~: b\n', 'file:2:1: "~" cannot be a key'],
  ])('%s', (_, text, message) => {
    const result = readValuesText('file', text)
    expect(result.ok ? 'read' : result.problem.message).toContain(message)
  })

  it('in charts too, but that there the last of equal keys wins, as with helm', () => {
    expect(readHelmYaml({ file: 'x', text: 'a: .inf' }).ok).toBe(false)
    expect(readHelmYaml({ file: 'x', text: 'a: 1\na: 2' })).toEqual({ ok: true, value: { a: 2 } })
  })
})

it('what doors return can be copied and printed', () => {
  for (const [, read] of doors) {
    const result = read('__proto__: { constructor: [1, { toString: x }] }\n')
    if (!result.ok) throw new Error(result.problem.message)
    expect(JSON.stringify(cloneNode(result.value))).toBe(
      '{"__proto__":{"constructor":[1,{"toString":"x"}]}}',
    )
  }
})

it.each([
  ['aliases', 'a: &a x\nb:\n', '  - *a\n'],
  ['keys', '', (index: number) => `k${index}: 1\n`],
  ['anchors', '', (index: number) => `k${index}: &a${index} 1\nl${index}: *a${index}\n`],
  ['errors', '', 'a: }\n'],
  ['blank lines', 'a: 1\n', '\n'],
  ['comments', 'a: 1\n', '# x\n'],
  ['anchors that nothing uses', '', (index: number) => `k${index}: &a 1\n`],
] as const)('a long document of %s is read in time', { timeout: 30_000 }, (_, start, line) => {
  const lines = Array.from({ length: 40_000 }, (_item, index) =>
    typeof line === 'string' ? line : line(index),
  )
  for (const [, read] of doors) read(start + lines.join(''))
})
