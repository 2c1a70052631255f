import { Parser } from 'yaml'
import { describe, expect, it } from 'vitest'
import { parseChartsYaml } from '../../../../scripts/lib/sources/charts-yaml.ts'
import { listMessages } from '../../../../scripts/lib/sources/located/faults.ts'
import { parseLocated } from '../../../../scripts/lib/sources/located/parse.ts'
import { readTemplatedYaml } from '../../../../scripts/lib/sources/values/templated-yaml.ts'
import { parseBounded } from '../../../../scripts/lib/sources/yaml/bounded.ts'
import { helmDialect } from '../../../../scripts/lib/sources/yaml/dialect.ts'
import { readHelmYaml } from '../../../../scripts/lib/sources/yaml/helm-yaml.ts'
import { withoutEndlessFaults } from '../../../../scripts/lib/sources/yaml/tokens.ts'

/** Text in which each line is a fault of its own to the parser. */
const endless = (count: number) => ' }\n'.repeat(count)

const errorsOf = (tokens: readonly { readonly type: string }[]) =>
  tokens.filter(({ type }) => type === 'error').length

/** Milliseconds after which a reader that should need some hangs. */
const hang = 20_000

describe('The tokens of a text end', () => {
  it.each([
    [0, 0],
    [1, 1],
    [99, 99],
    [100, 100],
    [101, 100],
    [5_000, 100],
  ])('with its hundredth fault: of %d faults, %d are there', (count, kept) => {
    expect(errorsOf(withoutEndlessFaults(new Parser().parse(endless(count))))).toBe(kept)
  })

  it('with its last token when it has few faults, and none is left out', () => {
    const text = `${endless(3)}a: 1\nb: 2\n---\nc: 3\n`
    const tokens = [...new Parser().parse(text)]
    expect(withoutEndlessFaults(tokens)).toEqual(tokens)
  })

  it('before anything is read that comes later', () => {
    let read = 0
    const tokens = function* () {
      for (const token of new Parser().parse(endless(100_000))) {
        read += 1
        yield token
      }
    }
    withoutEndlessFaults(tokens())
    expect(read).toBeLessThan(1_000)
  })
})

describe('Of a text with faults without end, few are kept', () => {
  it('by the reader that knows each place', { timeout: hang }, () => {
    const { documents, faults } = parseLocated(endless(300_000))
    expect(documents).toEqual([])
    expect(faults.length).toBeGreaterThan(0)
    expect(faults.length).toBeLessThanOrEqual(101)
  })

  it.each([
    ['before any content', `${endless(100)}a: 1\n`],
    ['behind a document', `a: 1\n---\n${endless(100)}b: 1\n`],
    ['behind directives', `%YAML 1.1\n${endless(100)}`],
  ])('and a text with as many %s is not read as if it had none', (_, text) => {
    const { documents, faults } = parseLocated(text)
    expect(documents).toEqual([])
    expect(faults.length).toBeGreaterThanOrEqual(100)
  })

  it('by the reader of values', { timeout: hang }, () => {
    const { faults } = parseBounded(endless(300_000), helmDialect)
    expect(faults.length).toBeGreaterThan(0)
    expect(faults.length).toBeLessThanOrEqual(101)
  })

  it('and ten are shown, with how many more there are', { timeout: hang }, () => {
    const read = readTemplatedYaml({ file: 'f.yaml', text: endless(50_000) })
    const lines = read.ok ? [] : read.problem.message.split('\n')
    expect(lines).toHaveLength(11)
    expect(lines[0]).toMatch(/^f\.yaml:1:\d+: /)
    expect(lines.at(-1)).toMatch(/^and \d{2} more$/)
  })
})

describe('Directives without end', () => {
  const lines = '%\n'.repeat(300_000)

  it.each<[string, string]>([
    ['alone', lines],
    ['before content', `${lines}---\na: 1\n`],
    ['that are well-formed', `${'%YAML 1.1\n'.repeat(200_000)}---\na: 1\n`],
    ['for tags', `${'%TAG !a! b\n'.repeat(200_000)}---\na: 1\n`],
  ])('are a fault, found in seconds: %s', { timeout: hang }, (_, text) => {
    const { documents, faults } = parseLocated(text)
    expect([documents.length, faults.length > 0]).toEqual([0, true])
    expect(parseBounded(text, helmDialect).faults.length).toBeGreaterThan(0)
    expect(readHelmYaml({ file: 'f.yaml', text }).ok).toBe(false)
  })

  it('leave two alone, which is all that there can be', () => {
    const text = '%YAML 1.1\n%TAG !x! tag:yaml.org,2002:\n---\na: !x!str 1\n'
    expect(parseLocated(text).faults).toEqual([])
    expect(readHelmYaml({ file: 'f.yaml', text })).toMatchObject({ ok: true, value: { a: '1' } })
  })
})

describe('Keys that nobody knows', () => {
  it.each<[string, (index: number) => string]>([
    ['plain', (index) => `k${index}: v\n`],
    ['with anchors', (index) => `k${index}: &a${index} v\n`],
    ['as aliases', (index) => (index === 0 ? 'k: &a v\n' : `k${index}: *a\n`)],
  ])('are listed in seconds, ten with their places: %s', { timeout: hang }, (_, line) => {
    const text = `charts: []\n${Array.from({ length: 60_000 }, (_unused, index) => line(index)).join('')}`
    const read = parseChartsYaml({ file: 'charts.yaml', text })
    const messages = read.ok ? [] : read.problem.message.split('\n')
    expect(messages).toHaveLength(11)
    for (const message of messages.slice(0, 10)) expect(message).toMatch(/^charts\.yaml:\d+:1: /)
    expect(messages.at(-1)).toMatch(/^and \d+ more$/)
  })
})

describe('listMessages', () => {
  const messages = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`)
  it.each([
    [0, [''], undefined],
    [10, messages(10), undefined],
    [11, messages(10), 'and 1 more'],
    [100, messages(10), 'and 90 more'],
  ])('of %d messages shows ten at most', (count, shown, rest) => {
    const expected = rest === undefined ? shown : [...shown, rest]
    expect(listMessages(messages(count)).split('\n')).toEqual(expected)
  })
})
