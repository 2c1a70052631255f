import { describe, expect, it } from 'vitest'
import { splitDocuments } from '../../../../scripts/lib/charts/render/documents.ts'
import { findReferences } from '../../../../scripts/lib/charts/find/find.ts'
import { makeDocument } from '../../support/charts.ts'

// Each of these takes a second at most, and minutes where a text is gone through again for each of its words.
const patience = { timeout: 20_000 }

const many = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join('')

const countIn = (render: string) => findReferences(splitDocuments(render)).occurrences.length

const configMap = (text: string) =>
  makeDocument(`kind: ConfigMap\ndata:\n  file: ${JSON.stringify(text)}`)

const dashboard = (panels: number) =>
  JSON.stringify({
    panels: Array.from({ length: panels }, (_, index) => ({
      title: `Panel ${index}`,
      expr: `sum(rate(requests{job="j${index}",image!=""}[5m])) by (pod)`,
      url: 'https://example.com/a/b',
      image: { repository: `example/app${index}`, tag: `1.${index}` },
    })),
  })

const letters = 'a'.repeat(500_000)
const blanks = ' '.repeat(500_000)

describe('a ConfigMap of megabytes is searched in seconds when it holds', () => {
  it.each<[string, () => string, number]>([
    ['a dashboard in one line', () => dashboard(5_000), 5_000],
    [
      'a dashboard of many lines',
      () => JSON.stringify(JSON.parse(dashboard(5_000)), null, 2),
      5_000,
    ],
    [
      'a list of references',
      () => `images:\n${many(20_000, (n) => `- quay.io/a/b${n}:1.${n}\n`)}`,
      20_000,
    ],
    [
      'a list far below its key',
      () => `images:\n${'\n'.repeat(500_000)}${many(20_000, (n) => `- a/b${n}:1.${n}\n`)}`,
      20_000,
    ],
    [
      'lists that are indented ever more',
      () => many(1_500, (n) => `${' '.repeat(n)}k${n}:\n${' '.repeat(n)}- a/b:1.${n}\n`),
      0,
    ],
    ['references in one line', () => many(20_000, (n) => `quay.io/a/b${n}:1.${n} `), 20_000],
    ['keys and references in one line', () => many(20_000, (n) => `image=a/b${n}:1.${n},`), 20_000],
    ['one long word before a reference', () => `${letters} image: a/b:1.2`, 1],
    ['colons alone', () => ':a'.repeat(500_000), 0],
    ['empty lines', () => `a/b:1.2\n${'\n'.repeat(2_000_000)}image: a/b:1.2`, 2],
    [
      'maps whose tags are nowhere',
      () => `{"a": [${many(30_000, (n) => `{"image":"a/b${n}","t\\u0061g":"1.${n}"},`)}0]}`,
      0,
    ],
    [
      'values that go on in the next key',
      () => `{"repository": "a/b", "tag": "1.2", "x": "${'tag:'.repeat(300_000)}"}`,
      1,
    ],
  ])('%s', patience, (_, make, count) => {
    expect(countIn(configMap(make()))).toBeGreaterThanOrEqual(count)
  })
})

describe('a resource definition of megabytes is searched in seconds when it holds', () => {
  const definition = (text: string) => makeDocument(`kind: CustomResourceDefinition\n${text}`)

  it.each<[string, string, number]>([
    ['empty lines', `a: 1${'\n'.repeat(2_000_000)}b: 2`, 0],
    ['lines of blanks', `a: 1\n${`${' '.repeat(1_000)}\n`.repeat(2_000)}b: 2`, 0],
    ['carriage returns', `a: 1${'\r'.repeat(500_000)}b: 2`, 0],
    [
      'defaults far from their values',
      `default:${'\n'.repeat(500_000)}quay.io/a/b:1${'\n'.repeat(500_000)}x: 1`,
      1,
    ],
    ['defaults without values', `${'default:\n'.repeat(300_000)} x y`, 0],
    ['defaults in one line', 'default: default:'.repeat(200_000), 0],
    ['a default in quotes without end', `default: "${letters}`, 0],
    [
      'defaults and empty lines in turns',
      many(20_000, (n) => `  default: quay.io/a/b:${n}${'\n'.repeat(60)}`),
      20_000,
    ],
  ])('%s', patience, (_, text, count) => {
    expect(countIn(definition(text))).toBe(count)
  })
})

describe('a document of megabytes is searched in seconds when it holds', () => {
  const pod = (field: string) => makeDocument(`kind: Pod\nspec:\n  containers:\n  - ${field}`)
  const long = 'k'.repeat(900)

  it.each<[string, string, number]>([
    [
      'a list of references',
      makeDocument(`kind: Foo\nimages:\n${many(20_000, (n) => `- quay.io/a/b${n}:1.${n}\n`)}`),
      20_000,
    ],
    [
      'variables that make up images',
      pod(
        `env:\n${many(20_000, (n) => `    - {name: A${n}_IMAGE, value: a/b${n}}\n    - {name: A${n}_TAG, value: '1.${n}'}\n`)}`,
      ),
      20_000,
    ],
    [
      'flags that make up images',
      pod(
        `args:\n${many(20_000, (n) => `    - --a${n}-image=a/b${n}\n    - --a${n}-tag=1.${n}\n`)}`,
      ),
      20_000,
    ],
    [
      'one tag of a megabyte for thousands of images',
      pod(
        `args:\n    - --x-tag=${letters}${letters}\n${many(30_000, () => '    - --x-image=a/b\n')}`,
      ),
      0,
    ],
    [
      'maps that make up images',
      makeDocument(
        `kind: Foo\nlist:\n${many(20_000, (n) => `- {image: {repository: a/b${n}, tag: '1.${n}'}}\n`)}`,
      ),
      20_000,
    ],
    [
      'thousands of references below a long path',
      makeDocument(`kind: Foo\n? ${long}\n: [${many(20_000, (n) => `'a/b:1.${n}',`)}]`),
      0,
    ],
    [
      'thousands of references in the text of a key of a megabyte',
      makeDocument(
        `kind: ConfigMap\ndata: {? ${letters} : "${many(20_000, (n) => `quay.io/a/b:1.${n} `)}"}`,
      ),
      20_000,
    ],
    [
      'thousands of references below a key of a megabyte',
      makeDocument(`kind: Foo\n? ${letters}\n: [${many(20_000, (n) => `"quay.io/a/b:1.${n}",`)}]`),
      20_000,
    ],
  ])('%s', patience, (_, render, count) => {
    expect(countIn(render)).toBeGreaterThanOrEqual(count)
  })
})

describe('a render of megabytes is split in seconds when it holds', () => {
  it.each<[string, string, number]>([
    [
      'thousands of documents',
      many(20_000, (n) => `---\n# Source: a/templates/${n}.yaml\nkind: A\n`),
      20_000,
    ],
    [
      'one source of a megabyte',
      `---\n# Source: ${letters}\n${many(20_000, () => '---\nkind: A\n')}`,
      20_000,
    ],
    ['kinds without names', `kind: CustomResourceDefinition\n${'kind:\n'.repeat(300_000)}`, 1],
    ['separators and blanks', `${`--- ${blanks}\n`.repeat(4)}kind: A`, 1],
    ['comments alone', '# a\n'.repeat(500_000), 0],
  ])('%s', patience, (_, render, count) => {
    expect(splitDocuments(render)).toHaveLength(count)
  })
})

it('references in a hundred thousand places have keys that differ', patience, () => {
  const render = makeDocument(`kind: Foo\nimages:\n${many(100_000, () => '- quay.io/a/b:1\n')}`)
  const keys = findReferences(splitDocuments(render)).occurrences.map(({ key }) => key)
  expect(new Set(keys).size).toBe(100_000)
})
