import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Result } from '../../../scripts/lib/model/problem.ts'
import { writeJson } from '../../../scripts/lib/model/tree/json.ts'
import {
  treeFrom,
  type ValuesNode,
  type ValuesTree,
} from '../../../scripts/lib/model/values/values.ts'
import { readHelmYaml } from '../../../scripts/lib/sources/yaml/helm-yaml.ts'
import { printYaml } from '../../../scripts/lib/sources/yaml/print.ts'
import { readValuesText } from '../../../scripts/lib/sources/values/values-file.ts'
import {
  type HelmReading,
  readTextsWithHelm,
  readValuesWithHelm,
} from '../support/charts/helm-values.ts'

// Files that ecr-airlift writes for helm, and files that it reads in helm's place, compared with the real helm.

const scalars =
  '0o17 0O17 017 0_17 0x1F 0X1f +0x1F -0x1F 0b11 -0b11 0B1 1_000 1__0 1_ +1 -1 + +.5 -.5 .5 .5_0 5. 5.e3 1e3 1E3 1e+3 1e-3 .1e3 1e400 -1e400 1e-400 12345678901234567890 18446744073709551615 18446744073709551616 -9223372036854775808 0x 0o 0b 0x_1 08 09 0o8 0b2 00 0 -0 000 007 1.2.3 1:2 190:20:30 2001-01-01 2001-01-01T00:00:00Z 1e 1e+ .e3 ._5 .5.5 _1 y Y yes Yes n N no on On ON off oFF true TRUE tRue ~ null NULL nUll = 1.0 1.10 1.50 123456789012 0644 1e21 0x1p3 1f 0xFFFFFFFFFFFFFFFF 0x10000000000000000 1.7976931348623157e308 4.9e-324 -0o7 0o_7 .5e .5E+3'.split(
    ' ',
  )

const hostile = [
  ...scalars,
  '',
  ' ',
  '  x',
  'x  ',
  '\n',
  'a\n',
  'a\n\n',
  '\na',
  'a\nb',
  'a\n\n\nb\n',
  'a \n b',
  '\ta',
  'a\tb',
  'a\r\nb',
  'a\rb',
  '\u0000',
  '\u0007',
  '\u001B[31m',
  '\u007F',
  '\u0080',
  '\u0085',
  'a\u0085b: c',
  '\u00A0',
  '\u2028',
  'a\u2028b: c',
  '# x\u2028image: y',
  '\u2029',
  '\uFEFF',
  'a\uFEFF',
  '\uFFFD',
  '\uFFFE',
  '\uFFFF',
  '\u{1F600}',
  '\u202E',
  'ü',
  '漢字',
  '<<',
  '__proto__',
  'constructor',
  'toString',
  '- a',
  '? a',
  ': a',
  'a: b',
  'a:',
  'a #b',
  '#',
  '&a',
  '*a',
  '!a',
  '!!int 3',
  '|',
  '>',
  '>-\n  a',
  '%YAML 1.1',
  '---',
  '--- a',
  '...',
  '[',
  ']',
  '{',
  '}',
  ',',
  '@a',
  '`a',
  '"',
  "'",
  '\\',
  '\\x41',
  '{{ .x }}',
  '"quoted"',
  "it's",
  'x'.repeat(900),
  `${'word '.repeat(60)}end`,
  'a\n'.repeat(30),
  'null\n',
  'on\n',
]

const samples = [
  ...hostile,
  ...fc.sample(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.string({ unit: 'binary-ascii', maxLength: 20 }),
      fc.array(fc.constantFrom(...hostile), { maxLength: 4 }).map((parts) => parts.join('')),
      fc
        .array(fc.constantFrom(...' \n\t\r:#-&*!|>%@`"\'\\{}[],?\u0085\u2028a0'.split('')), {
          maxLength: 8,
        })
        .map((parts) => parts.join('')),
    ),
    { seed: 13, numRuns: 600 },
  ),
]

/** A tree with every sample as a key, as a value, in a list and beside nested ones. */
function treeOfSamples(): ValuesTree {
  const keys = samples.filter((key) => key.length <= 1000)
  return treeFrom([
    ['values', treeFrom(samples.map((text, index) => [`k${index}`, text]))],
    ['keys', treeFrom(keys.map((key, index) => [key, index]))],
    ['list', [...samples]],
    [
      'nested',
      [
        treeFrom(
          samples.map((text) => [text.slice(0, 1000), treeFrom([[text.slice(0, 1000), [text]]])]),
        ),
      ],
    ],
    ['scalars', [0, -1.5, 1e21, 1e-7, 123456789012, true, false, null, [], treeFrom([])]],
  ])
}

describe('helm reads the same tree from', () => {
  const tree = treeOfSamples()
  const meant: unknown = JSON.parse(JSON.stringify(tree))

  test('the YAML printed for people', async () => {
    const read = await readValuesWithHelm(printYaml(tree))
    expect(read).toEqual(meant)
  })

  test('the JSON that it is given', async () => {
    const text = writeJson(tree)
    expect(await readValuesWithHelm(text.ok ? text.value : '')).toEqual(meant)
  })
})

/** Documents in which readers of YAML differ. */
const documents = [
  ...scalars.filter((text) => !['1e400', '-1e400'].includes(text)).map((text) => `a: ${text}\n`),
  'b: 1\n<<: { b: 2, c: 3 }\n',
  '<<: { b: 2, c: 3 }\nb: 1\n',
  '<<: [{ b: 2, c: 3 }, { b: 4, d: 5 }]\ne: 1\n',
  'x: { <<: { a: 1 }, <<: { b: 2 } }\n',
  'a: &a { b: 1 }\nc: { <<: *a, d: 2 }\ne: *a\n',
  '"<<": { a: 1 }\nb: <<\n',
  'a: 1 # c\u2028b: 2\n',
  'a: 1\u0085b: 2\n',
  'a: 1\u2029b: 2\n',
  'a: |\n  x\u2028b: 1\n',
  "a: 'x \u0085  y'\n",
  'a: 1\na: 2\n',
  'a: { b: 1 }\na: { c: 2 }\n',
  'a: !foo { b: 1 }\nc: !bar x\n',
  'a: !!str 1\nb: !!int "3"\nc: !!float 3\nd: !!bool "yes"\ne: !!null ""\n',
  'a: !!timestamp 2001-01-01\n',
  'a: "\\x41\\u0042\\U00000043\\/"\n',
  'a: "\\u2028\\u0085\\N\\L\\P\\_\\0"\n',
  'a: "x\n  y\n\n  z"\n',
  "a: 'it''s'\n",
  'a: >-\n  x\n  y\n\n  z\n',
  'a: |+\n  x\n\n',
  'a: |2\n   x\n',
  'a: [1, 2,]\nb: {c: 1,}\n',
  'a: {b, c: }\n',
  'a: - b\n',
  '? a\n: b\n',
  '? [a]\n: b\n',
  '{"a":1, "b":{"c":"d"}}\n',
  'a:\tb\n',
  'a: b\t# c\n',
  'a: b#c\n',
  'a: "b"#c\n',
  'a: *b\n',
  'a: &a [*a]\n',
  'a: @b\n',
  'a: %b\n',
  'a: `b\n',
  '%YAML 1.2\n---\na: yes\n',
  '%YAML 1.1\n---\na: yes\n',
  '%TAG !x! tag:yaml.org,2002:\n---\na: !x!str 1\n',
  '---\na: 1\n...\n',
  'a: "x\\x2fy"\n...\n] what nobody reads\n',
  'a: 1\n... b: 2\n',
  '\uFEFFa: 1\n',
  'a: x\uFEFFy\n',
  'a: \u{1F600}\n',
  'a: \u007F\n',
  'a: "\\ud800"\n',
  '__proto__: { a: 1 }\nconstructor: 2\ntoString: { prototype: 3 }\n',
  'null: 1\n',
  '~: 1\n',
  'a: .inf\n',
]

describe('values are read as helm reads them, or rejected', () => {
  const fuzz = fc.sample(
    fc
      .array(
        fc.constantFrom(
          'a',
          'b',
          ':',
          ' ',
          '\n',
          '  ',
          '- ',
          '{',
          '}',
          '[',
          ']',
          ',',
          '"',
          "'",
          '&x ',
          '*x',
          '<<',
          '|',
          '>',
          '#',
          '!',
          '? ',
          '\u2028',
          '1',
          'y',
          '\t',
          'image: q',
          '---',
        ),
        { minLength: 3, maxLength: 14 },
      )
      .map((parts) => `a: 1\n${parts.join('')}\n`),
    { seed: 13, numRuns: 1500 },
  )
  const texts = [...documents, ...fuzz]

  test('by the reader of charts', async () => {
    expect(differencesTo(await readTextsWithHelm(texts), texts, readFast)).toEqual([])
  })

  test('by the reader of values files, with keys that are not text', async () => {
    const keys = scalars.map((text) => `${text}: 1\n`)
    const all = [...texts, ...keys, '1.5: a\n123456.789: b\n1.10: d\n']
    expect(differencesTo(await readTextsWithHelm(all), all, readSlowly)).toEqual([])
  })

  test('honest ones, which are read', async () => {
    const readings = await readTextsWithHelm(documents)
    const refused = documents.filter((text, index) => {
      const helm = readings[index]
      return helm !== undefined && 'data' in helm && !readHelmYaml({ file: 'x', text }).ok
    })
    expect(refused).toEqual([])
  })
})

type Reader = (text: string) => Result<ValuesNode>
const readFast: Reader = (text) => readHelmYaml({ file: 'x', text })
const readSlowly: Reader = (text) => readValuesText('x', text)

/** Where one of our readers makes something else of a text than helm does. A text that one of the two refuses is none. */
function differencesTo(readings: readonly HelmReading[], texts: readonly string[], read: Reader) {
  return texts.flatMap((text, index) => {
    const helm = readings[index]
    const ours = read(text)
    if (helm === undefined || !('data' in helm) || !ours.ok) return []
    const [found, meant] = [ours.value, helm.data].map((node) => JSON.stringify(sorted(node)))
    return found === meant ? [] : [{ text, found, meant }]
  })
}

/** With keys in order, and line ends of YAML 1.1 within a text as spaces: there only the structure has to be the same. */
function sorted(node: unknown): unknown {
  if (typeof node === 'string') return node.replaceAll(/\s*[\n\u2028\u2029]\s*/g, ' ')
  if (Array.isArray(node)) return node.map(sorted)
  if (typeof node !== 'object' || node === null) return node
  return Object.entries(node)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, child]: [string, unknown]) => [sorted(key), sorted(child)])
}
