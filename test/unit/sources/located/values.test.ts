import { describe, expect, it } from 'vitest'
import { readValuesText } from '../../../../scripts/lib/sources/values/values-file.ts'
import { oddFiles, refusedKeys, refusedValues } from '../../support/texts/odd-values.ts'

const read = (text: string) => {
  const values = readValuesText('values.yaml', text)
  return values.ok ? values.value : values.problem.message
}

describe('a scalar is read as helm reads it', () => {
  it.each([
    ['on', true],
    ['n', false],
    ['oN', 'oN'],
    ['~', null],
    ['0644', 420],
    ['0o17', 15],
    ['0b101', 5],
    ['0b-101', -5],
    ['089', 89],
    ['1e3', 1000],
    ['1e400', '1e400'],
    ['1_000', 1000],
    ['_1', '_1'],
    ['.5', 0.5],
    ['.1__0', '.1__0'],
    ['12:30:45', '12:30:45'],
    ['2024-01-01', '2024-01-01'],
    ['20240101', 20240101],
    ['012345670123', 1402433619],
    ['012345678901', 12345678901],
    ['000000000000', 0],
    ['123456789012', 123456789012],
    ['18446744073709551616', 18446744073709551616],
    ['0x10000000000000000', '0x10000000000000000'],
    ['"on"', 'on'],
    ["'0644'", '0644'],
    ['!!str 12', '12'],
    ['!!int "12"', 12],
    ['!own 12', '12'],
  ])('%s', (text, value) => {
    expect(read(`a: ${text}\n`)).toEqual({ a: value })
  })
})

describe('a key is the text that helm makes of it', () => {
  it.each([
    ['on', 'true'],
    ['8080', '8080'],
    ['0644', '420'],
    ['1_000', '1000'],
    ['1e6', '1e+06'],
    ['1e5', '100000'],
    ['012345678901', '1.2345679e+10'],
    ['123456789012', '123456789012'],
    ['2024-01-01', '2024-01-01'],
    ['.inf', '.inf'],
    ['"on"', 'on'],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
  ])('%s', (text, key) => {
    const values = read(`a: { ${text} : x }\n`)
    const inner = typeof values === 'string' ? values : values['a']
    expect(Object.entries(inner ?? {})).toEqual([[key, 'x']])
  })
})

describe('keys that meet', () => {
  it.each([
    ['two of one name: the last', '{ a: 1, a: 2 }', { a: 2 }],
    ['on and true: the last', '{ on: 1, true: 2 }', { true: 2 }],
    ['a merge, then a key', '{ <<: { x: 1 }, x: 2 }', { x: 2 }],
    ['a key, then a merge', '{ x: 2, <<: { x: 1 } }', { x: 1 }],
    ['a merge of several: the first', '{ <<: [{ x: 1 }, { x: 2 }] }', { x: 1 }],
    ['a quoted merge is a key', '{ "<<": 1 }', { '<<': 1 }],
  ])('%s', (_, text, value) => {
    expect(read(`a: ${text}\n`)).toEqual({ a: value })
  })
})

it('several documents are laid over each other', () => {
  expect(read(oddFiles['several documents'] ?? '')).toEqual({
    a: { x: 2, z: 3, k: null },
    l: [2],
  })
})

describe('refused with the place', () => {
  const keys = refusedKeys.map((key) => [`the key ${key}`, `${key}: x\n`] as const)
  it.each([...Object.entries(refusedValues), ...keys])('%s', (_, text) => {
    expect(read(text)).toMatch(/^values\.yaml:\d+:\d+: /)
  })

  it.each([
    ['a line separator', 'a: "\u2028"\n', 'U+2028'],
    ['what follows the end of a document', 'a: 1\n...\nb: 2\n', 'ignores everything after'],
    ['aliases of aliases', bomb(), 'aliases expand'],
    ['merges of merges', merges(), 'aliases expand'],
    ['levels by aliases', ladder(), 'nested more than 100'],
    ['brackets without end', `a: ${'['.repeat(50_000)}`, 'nested more than 100'],
    ['levels without end', `a: ${'['.repeat(101)}${']'.repeat(101)}`, 'nested more than 100'],
  ])('%s', (_, text, words) => {
    expect(read(text)).toContain(words)
  })
})

it('at most ten faults of a file are spelled out', () => {
  const text = Array.from({ length: 300 }, (_, index) => `k${index}: *a${index}\n`).join('')
  const faults = read(text)
  const lines = (typeof faults === 'string' ? faults : '').split('\n')
  expect(lines).toHaveLength(11)
  expect(lines[0]).toBe('values.yaml:1:5: unknown anchor "a0"')
  expect(lines[10]).toBe('and 290 more')
})

function bomb(): string {
  const levels = Array.from({ length: 30 }, (_, index) => {
    const below = index === 0 ? 'x' : `*l${index - 1}`
    return `k${index}: &l${index} [${`${below}, `.repeat(10)}]\n`
  })
  return levels.join('')
}

function ladder(): string {
  const steps = Array.from(
    { length: 5_000 },
    (_, index) => `k${index}: &l${index} [*l${index - 1}]\n`,
  )
  return `k: &l-1 x\n${steps.join('')}`
}

function merges(): string {
  const keys = Array.from({ length: 5_000 }, (_, index) => `  k${index}: x\n`)
  const copies = Array.from({ length: 5_000 }, (_, index) => `c${index}: { <<: *big }\n`)
  return `big: &big\n${keys.join('')}${copies.join('')}`
}
