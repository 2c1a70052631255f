import { describe, expect, it } from 'vitest'
import { toValues } from '../../../../scripts/lib/sources/located/node.ts'
import { hideTemplates } from '../../../../scripts/lib/sources/templates/hide.ts'
import { readTemplatedYaml } from '../../../../scripts/lib/sources/values/templated-yaml.ts'

const read = (text: string) => {
  const result = readTemplatedYaml({ file: 'f.yaml', text })
  if (!result.ok) return result.problem.message
  return result.value.documents.map(toValues)
}

describe('what YAML reads is read as it is', () => {
  it.each([
    ['a quoted template', `a: '{{ .x }}'\n`, { a: '{{ .x }}' }],
    [
      'a quoted template of several lines',
      `a: 'x-{{- if .a -}}\n    {{ .b }}\n  {{- end -}}.yaml'\n`,
      { a: 'x-{{- if .a -}} {{ .b }} {{- end -}}.yaml' },
    ],
    [
      'a template in double quotes',
      `a: "{{ index .a \\"b\\" }}"\nb: 1\n`,
      { a: '{{ index .a "b" }}', b: 1 },
    ],
    [
      'a block of text',
      'a: |\n  {{ .x }}\n  - {{ .y }}\nb: 1\n',
      { a: '{{ .x }}\n- {{ .y }}\n', b: 1 },
    ],
    ['a template within a word', 'a: x-{{ .y }}\n', { a: 'x-{{ .y }}' }],
    ['a comment', '# {{- if .x }}\na: 1 # {{ .y }}\n', { a: 1 }],
    ['braces of flow', 'a: { b: { c: 1 } }\n', { a: { b: { c: 1 } } }],
  ])('%s', (_, text, value) => {
    expect(read(text)).toEqual([value])
  })
})

describe('what YAML does not read is read as text', () => {
  it.each([
    ['a value', 'a: {{ .x }}\nb: on\n', { a: '{{ .x }}', b: true }],
    ['a value with a filter', 'a: {{ .x | quote }}\n', { a: '{{ .x | quote }}' }],
    [
      'a part of a word',
      'a: {{ .x }}-{{ .y }}.z\nb: {{ .z }}\n',
      { a: '{{ .x }}-{{ .y }}.z', b: '{{ .z }}' },
    ],
    ['an item', 'a:\n  - {{ . }}\n  - b\n', { a: ['{{ . }}', 'b'] }],
    ['a value after a dash', 'a:\n  - k: {{ .x }}\n    l: 1\n', { a: [{ k: '{{ .x }}', l: 1 }] }],
    ['a key', '{{ .k }}: 1\nb: 2\n', { '{{ .k }}': 1, b: 2 }],
    ['a part of a key', 'x-{{ .k }}: { w: {{ .z }} }\n', { 'x-{{ .k }}': { w: '{{ .z }}' } }],
    ['a list in flow', 'a: [{{ .x }}, 2]\n', { a: ['{{ .x }}', 2] }],
    ['a map in flow', 'a: {b: {{ .x }}}\nc: 1\n', { a: { b: '{{ .x }}' }, c: 1 }],
    [
      'commas and brackets of a template in flow',
      'a: [{{ list "a" "b]," }}, {{ dict "k" (list 1) }}]\n',
      { a: ['{{ list "a" "b]," }}', '{{ dict "k" (list 1) }}'] },
    ],
    ['braces in a string', 'a: {{ "}}" }}\nb: 1\n', { a: '{{ "}}" }}', b: 1 }],
    ['braces in a raw string', 'a: {{ `{{ .x }}` }}\nb: 1\n', { a: '{{ `{{ .x }}` }}', b: 1 }],
    [
      'a template of several lines',
      'a: {{ if .x\n  }}b{{ end }}\nc: 1\n',
      { a: '{{ if .x\n  }}b{{ end }}', c: 1 },
    ],
    [
      'its own quotes in quotes',
      `a: "{{ index .a "b" }}"\nc: {{ .x }}\n`,
      { a: '{{ index .a "b" }}', c: '{{ .x }}' },
    ],
    ['quotes beside it', `a: 'it''s'\nb: {{ .x }}\n`, { a: "it's", b: '{{ .x }}' }],
    ['a comment after it', 'a: {{ .x }} # y\n', { a: '{{ .x }}' }],
    ['a hash within it', 'a: {{ "#" }}\n', { a: '{{ "#" }}' }],
    ['an anchor before it', 'a: &x {{ .x }}\nb: *x\n', { a: '{{ .x }}', b: '{{ .x }}' }],
  ])('%s', (_, text, value) => {
    expect(read(text)).toEqual([value])
  })
})

describe('a template in lines of its own is left out', () => {
  it.each([
    ['a condition', '{{- if .x }}\na: 1\n{{- end }}\nb: 2\n', { a: 1, b: 2 }],
    ['a loop', 'a:\n  {{- range .x }}\n  - {{ . }}\n  {{- end }}\n', { a: ['{{ . }}'] }],
    ['an assignment', '{{- $x := .y }}\na: 1\n', { a: 1 }],
    ['a comment', '{{/* a: { */}}\na: 1\n', { a: 1 }],
    ['a comment of several lines', '{{- /*\n  a: {\n  "}}"\n*/ -}}\na: 1\n', { a: 1 }],
    ['in flow', 'a: [\n  {{- if .x }}\n  1,\n  {{- end }}\n  2]\n', { a: [1, 2] }],
    [
      'left of a block of text',
      'a: |\n  x\n{{- if .y }}\n  z\n{{- end }}\nb: {{ .c }}\n',
      { a: 'x\n\nz\n\n', b: '{{ .c }}' },
    ],
    ['several in a line', 'a: 1\n{{ end }} {{ end }} # x\n', { a: 1 }],
    [
      'the value of the key before it',
      'a:\n  {{- toYaml .x | nindent 2 }}\nb: 1\n',
      { a: '{{- toYaml .x | nindent 2 }}', b: 1 },
    ],
    [
      'the same left of its key',
      'z:\n  a: # y\n{{ include "x" . }}\n  b: 1\n',
      { z: { a: '{{ include "x" . }}', b: 1 } },
    ],
  ])('%s', (_, text, value) => {
    // What is blanked within a block of text leaves its spaces.
    const normal: unknown = JSON.parse(
      JSON.stringify(read(text)).replaceAll(/\\n +\\n/g, String.raw`\n\n`),
    )
    expect(normal).toEqual([value])
  })
})

it('what prints in lines of its own and is no value is named', () => {
  const text = 'a:\n  b: {{ .x }}\n  {{- include "more" . | nindent 2 }}\nc: 1\n'
  const result = readTemplatedYaml({ file: 'f.yaml', text })
  expect(result.ok && result.value.printed).toEqual([
    { at: { line: 3, column: 3 }, template: '{{- include "more" . | nindent 2 }}' },
  ])
})

describe('faults have the lines and columns of the file', () => {
  it.each([
    ['after templates', '{{- if .x }}\na: {{ .y }}\nb: [}\n{{- end }}\n', 'f.yaml:3:5'],
    ['after one of several lines', 'a: {{ if .x\n  }}b{{ end }}\nc: *d\n', 'f.yaml:3:4'],
    ['a template without an end', 'a: {{ x\nb: 1\n', 'f.yaml:1:4'],
  ])('%s', (_, text, place) => {
    const faults = read(text)
    expect(typeof faults === 'string' ? faults.split(': ')[0] : faults).toBe(place)
  })

  it('are at most ten, and how many more there are', () => {
    const broken = Array.from({ length: 300 }, (_, index) => `  b${index}: { chart: c }\n`).join('')
    const lines = JSON.stringify(read(`addons:\n  a: {{ x\n${broken}`)).split(String.raw`\n`)
    expect(lines.length).toBeLessThanOrEqual(11)
  })
})

describe('hidden templates', () => {
  it('move nothing', () => {
    const text = 'a: {{ .x\n  }}\n{{- if .y }}\nb: "{{ index .z "q" }}"\n{{ end }}\n'
    const hidden = hideTemplates(text).text
    expect(hidden).not.toContain('{{')
    expect(hidden.split('\n').map(({ length }) => length)).toEqual(
      text.split('\n').map(({ length }) => length),
    )
  })

  it.each([
    ['openings alone', '{{'],
    ['openings and quotes', '{{ "'],
    ['openings and raw strings', '{{ `'],
    ['comments without an end', '{{/*'],
    ['lines of openings', '{{\n'],
    ['lines of templates', '{{ x }}\n'],
    ['blocks and templates', 'a: |\n{{ x }}\n'],
    ['quotes', '"{{'],
    ['braces', '{'],
  ])('are found in time in proportion to the text: %s', (_, part) => {
    const time = (count: number) => {
      const text = `a: ${part.repeat(count)}`
      const began = performance.now()
      hideTemplates(text)
      return performance.now() - began
    }
    time(2_000)
    expect(time(100_000)).toBeLessThan(10_000)
  })
})
