import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { pod } from '../support/charts/relocating.ts'
import { relocateFolder } from '../support/charts/relocate.ts'

// Both ecr-airlift and helm read the output of a chart. A proof holds only where both read the same.

const image =
  '"{{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag }}"'

/** Relocates a chart with a pod that can be moved and one more template. Returns the faults of its proof. */
async function faultsWith(template: string, folder = 'templates'): Promise<readonly string[]> {
  const root = await mkdtemp(join(tmpdir(), 'airlift-reading-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  await mkdir(join(root, 'templates'))
  await mkdir(join(root, folder), { recursive: true })
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'values.yaml': 'image: { registry: quay.io, repository: acme/app, tag: "1.0" }\n',
    'templates/a.yaml': pod('a', image),
    [`${folder}/b.yaml`]: template,
  }
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text)
  const { result } = await relocateFolder(root)
  const [proof, ...others] = result.layouts.mirrored?.proofs ?? []
  expect(others).toEqual([])
  expect(proof?.result).toBe((proof?.faults.length ?? 0) === 0 ? 'proven' : 'unproven')
  return proof?.faults ?? []
}

const podWith = (name: string, ...lines: readonly string[]) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\n${lines.join('\n')}\n`
const configWith = (...lines: readonly string[]) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\n${lines.join('\n')}\n`
const long = (times: number) => `"{{ repeat ${times} "text, ü and more of it " }}"`

describe('A document that helm reads otherwise is not proven:', () => {
  it.each([
    [
      'an anchor on a key of the node that has the same anchor',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: b\n  annotations: &i\n    &i evil.example/img: x\nspec:\n  containers:\n  - name: b\n    image: *i\n',
    ],
    [
      'the same in a mapping that is merged',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: b\n  annotations: {a: b, <<: &i {&i evil.example/img: x}}\nspec:\n  containers:\n  - name: b\n    image: *i\n',
    ],
    [
      'a tag on the sign of a merge',
      podWith(
        'b',
        'spec:',
        '  containers:',
        '  - name: b',
        '    image: evil.example/img:1',
        `    !!str <<: {image: ${image}}`,
      ),
    ],
    [
      'a colon before the end of a mapping in braces',
      podWith('b', 'spec:', '  containers: [{name: b, image: evil.example/img:1, image:}]'),
    ],
    [
      'a question mark before a key in braces',
      podWith('b', 'spec:', `  containers: [{name: b, image: ${image}, ?image: busybox}]`),
    ],
    [
      'a list in a list with nothing behind its dash',
      podWith('b', 'spec:', '  k:', '  - -', '  - busybox'),
    ],
    ['a tag alone as a value', configWith('data:', '  k: ! ', '  l: x')],
    ['a tag alone as a key', configWith('data: {! }')],
    ['a question mark in a list in brackets', configWith('data: [?a]')],
  ])('%s', async (_, template) => {
    expect(await faultsWith(template)).toContainEqual(
      expect.stringMatching(
        /^\S+\/b is not valid YAML, or helm reads it differently, so its images are not known$/,
      ),
    )
  })

  it('one that differs only with the values of the proof', async () => {
    const honest = 'spec: { containers: [{ name: b }] }'
    const hostile = 'spec: { containers: [{ name: b, ?image: busybox }] }'
    const choice = `{{ if eq .Values.image.registry "quay.io" }}${honest}{{ else }}${hostile}{{ end }}`
    expect(await faultsWith(podWith('b', choice))).toContainEqual(
      expect.stringContaining('or helm reads it differently'),
    )
  })

  it('text in a crds file that looks like a line from helm, which is kept', async () => {
    const definitions = `apiVersion: v1
kind: Namespace
metadata: {name: x}
---
# a pod
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b", "annotations": {"a": "
# Source: "}}, "spec": {"containers": [{"name": "a", "image": "evil.example/img:1"}]}, "status": {"x": {"y": "
"}}}
`
    const faults = await faultsWith(definitions, 'crds')
    expect(faults).toEqual([expect.stringContaining('evil.example/img:1')])
  })
})

describe('An honest document is read as helm reads it:', () => {
  it.each([
    [
      'block scalars with and without a last line end',
      configWith(
        'data:',
        '  a: |',
        '    x',
        '',
        '    y',
        '  b: |-',
        '    x',
        '  c: |+',
        '    x',
        '',
        '  d: |',
      ),
    ],
    ['a block scalar at the end, with its line end', configWith('data:', '  a: |', '    x')],
    [
      'a block scalar at the end that keeps its line ends',
      configWith('data:', '  a: |+', '    x', '', ''),
    ],
    [
      'a block scalar at the end without a line end',
      configWith('data:', '  a: |-', '    x').trimEnd(),
    ],
    [
      'a block scalar with an indentation of its own',
      configWith('data:', '  a: |2', '      x', '    y'),
    ],
    [
      'folded text',
      configWith(
        'data:',
        '  a: >',
        '    x',
        '    y',
        '',
        '     z',
        '  b: >-',
        '    x',
        '',
        '    y',
      ),
    ],
    [
      'text in quotes on several lines',
      configWith('data:', '  a: "x', '    y', '', '    z\\', '    w"', "  b: 'it''s", "    so'"),
    ],
    [
      'anchors and aliases',
      configWith('data: &d', '  a: &x text', '  b: *x', 'other: *d', 'more: { <<: *d, c: 1 }'),
    ],
    [
      'long whole numbers',
      configWith(
        'data:',
        '  a: 9007199254740993',
        '  b: 9223372036854775807',
        '  c: -9223372036854775808',
        '  d: 18446744073709551615',
        '  e: 123456789012',
      ),
    ],
    [
      'fractions and exponents',
      configWith(
        'data:',
        '  a: 1.10',
        '  b: 1e21',
        '  c: 1e-7',
        '  d: -0.0',
        '  e: 3.0',
        '  f: 1_000',
        '  g: 0x1F',
        '  h: 0o17',
        '  i: 017',
      ),
    ],
    [
      'dates, words and what is empty',
      configWith(
        'data:',
        '  a: 2001-01-01',
        '  b: 2001-01-01T00:00:00Z',
        '  c: yes',
        '  d: ~',
        '  e:',
        '  f: off',
        '  g: ""',
        '  h: {}',
        '  i: []',
        '  j: 12:30:45',
      ),
    ],
    [
      'keys that are no text',
      configWith('data:', '  1: a', '  1.5: b', '  true: c', '  2001-01-01: d', '  yes: e'),
    ],
    [
      'braces and brackets',
      configWith(
        'data: { a: [1, 2, { b: c }], "d": "e", f: { }, g: [ ] }',
        'more: [',
        '  a,',
        '  b',
        ']',
      ),
    ],
    [
      'JSON',
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"},"data":{"a":"x\\u00e9\\n/"}}\n',
    ],
    [
      'tags of the core',
      configWith('data:', '  a: !!str 1', '  b: !!int "3"', '  c: !!binary aGk='),
    ],
    [
      'lines that end with a carriage return',
      configWith('data:', '  a: x', '  b: |', '    x', '    y', '  c: "x"').replaceAll(
        '\n',
        '\r\n',
      ),
    ],
    [
      'separators of lines in quotes',
      configWith('data:', '  a: "x\u2028y"', "  b: 'x\u2029y'", '  c: "x\u0085y"', '  d: "\\L\\N"'),
    ],
    [
      'characters of every kind',
      configWith(
        'data:',
        '  a: \u{1F600} ü 漢字',
        '  b: "\\x07\\u0000\\U0001F600"',
        '  c: "<>&"',
        '  __proto__: x',
        '  constructor: y',
      ),
    ],
    [
      'comments and empty lines',
      `# first\n\n${configWith('# here', 'data: # there', '  a: x # and there', '', '  # the last')}`,
    ],
    ['a document of megabytes', configWith('data:', `  a: ${long(120_000)}`)],
    [
      'documents of more than 4 MiB together',
      Array.from({ length: 12 }, () => configWith('data:', `  a: ${long(30_000)}`)).join('---\n'),
    ],
    [
      'hundreds of documents',
      `{{- range until 600 }}\n---\n${configWith('data:', '  n: {{ . }}')}{{- end }}\n`,
    ],
    [
      'a document of comments among others',
      `${configWith('data: {}')}---\n# nothing\n---\n${configWith('a: 1')}`,
    ],
  ])('%s', async (_, template) => {
    expect(await faultsWith(template)).toEqual([])
  })
})
