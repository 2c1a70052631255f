import { describe, expect, it } from 'vitest'
import { treeOf } from '../../../../scripts/lib/model/values/values.ts'
import { explainRender } from '../../../../scripts/lib/charts/render/problem.ts'
import type { Problem } from '../../../../scripts/lib/model/problem.ts'
import type { RunResult } from '../../../../scripts/lib/tools/process/exec.ts'
import { makeChartFiles } from '../../support/charts.ts'

const failed = (stderr: string, rest: Partial<RunResult> = {}): RunResult => ({
  command: { tool: 'helm', args: ['template'] },
  ok: false,
  exitCode: 1,
  ending: 'exited',
  stdout: '',
  stderr,
  ...rest,
})

const sub = makeChartFiles('sub', {
  'templates/s.yaml': 'a: 1\nb: {{ required "a bucket" .Values.bucket.name }}\n',
})
const chart = makeChartFiles(
  'one',
  {
    'templates/a.yaml': [
      '{{- if not .Values.cluster.name }}',
      '{{- fail "name the cluster" }}',
      '{{- end }}',
      'x: {{ (.Values.deep).er.value }}',
      'kind: Pod',
    ].join('\n'),
    'templates/NOTES.txt': '{{ .Values.notes.key }}',
  },
  [sub],
)

interface Row {
  readonly that: string
  readonly stderr: string
  readonly kind: string
  readonly side?: string
  readonly says: string
  readonly violations?: Problem['violations']
  readonly next: string
}

const rows: readonly Row[] = [
  {
    that: 'a value that the template line reads',
    stderr:
      'Error: execution error at (one/charts/sub/templates/s.yaml:2:6): a bucket\n\nUse --debug flag to render out invalid YAML\n',
    kind: 'render-failed',
    says: 'a bucket',
    next: '"sub.bucket.name"',
  },
  {
    that: 'a value that stands in a line above',
    stderr: 'Error: execution error at (one/templates/a.yaml:2:4): name the cluster\n',
    kind: 'render-failed',
    says: 'name the cluster',
    next: '--set cluster.name=…',
  },
  {
    that: 'a value that is read with parentheses',
    stderr: 'Error: one/templates/a.yaml:4:8: nil pointer evaluating interface {}.value\n',
    kind: 'render-failed',
    says: 'nil pointer',
    next: '"deep.er.value"',
  },
  {
    that: 'a value that the words name',
    stderr: 'Error: execution error at (one/templates/a.yaml:2:4): notes.key must be set\n',
    kind: 'render-failed',
    says: 'notes.key must be set',
    next: '"notes.key"',
  },
  {
    that: 'a value that the words name with .Values',
    stderr: 'Error: execution error at (one/templates/a.yaml:5:1): set .Values.notes.key\n',
    kind: 'render-failed',
    says: 'set .Values.notes.key',
    next: '"notes.key"',
  },
  {
    that: 'no value at all',
    stderr: 'Error: something went wrong\n',
    kind: 'render-failed',
    says: 'something went wrong',
    next: 'set the values that it requires',
  },
  {
    that: 'another Kubernetes',
    stderr:
      'Error: chart requires kubeVersion: >=1.33.0-0 which is incompatible with Kubernetes v1.31.0\n',
    kind: 'render-failed',
    says: '>=1.33.0-0',
    next: '--kube-version',
  },
  {
    that: 'values that the schema refuses',
    stderr:
      "Error: values don't meet the specifications of the schema(s) in the following chart(s):\none:\n- at '/image': additional properties 'x' not allowed\n",
    kind: 'invalid-schema',
    says: "additional properties 'x' not allowed",
    violations: [{ chart: 'one', path: '/image', rule: "additional properties 'x' not allowed" }],
    next: 'values.schema.json',
  },
  {
    that: 'a schema that is itself invalid',
    stderr:
      'Error: values don\'t meet the specifications of the schema(s) in the following chart(s):\none:\n"file:///values.schema.json#" is not valid against metaschema\n',
    kind: 'invalid-schema',
    side: 'source',
    says: 'is not valid against metaschema',
    next: 'values.schema.json',
  },
]

const rendered = { chart, origin: { kind: 'command-line' }, values: [] } as const

describe('explainRender tells a chart that asks for', () => {
  it.each(rows.map((row) => [row.that, row] as const))('%s', (_, row) => {
    const problem = explainRender(
      failed(`level=WARN msg="Error: not this"\n${row.stderr}`),
      rendered,
    )
    expect(problem).toMatchObject({ kind: row.kind, side: row.side ?? 'input' })
    expect(problem.message).toMatch(/^chart one 0\.1\.0 does not render: /)
    expect(problem.message).toContain(row.says)
    expect(problem.message).not.toContain('--debug')
    expect(problem.next).toContain(row.next)
    expect(problem.violations).toEqual(row.violations)
  })

  it.each([
    ['deadline', 'timeout'],
    ['aborted', 'interrupted'],
    ['not-found', 'tool-missing'],
  ] as const)('nothing when helm ended by %s', (ending, kind) => {
    expect(explainRender(failed('', { ending, exitCode: null as never }), rendered)).toMatchObject({
      kind,
    })
  })

  it('nothing secret', () => {
    const { message } = explainRender(failed('Error: GET https://u:p4ss@x.io/y failed\n'), rendered)
    expect(message).not.toContain('p4ss')
  })

  it('no text of the values that helm was given, except where an image is', () => {
    const values = [treeOf({ db: { password: 'hunter2' }, image: 'quay.io/acme/app', on: 'true' })]
    const { message } = explainRender(
      failed(`Error: at '/db/password': 'hunter2' is not true; quay.io/acme/app\n`),
      { ...rendered, values },
    )
    expect(message).toContain(`at '/db/password': '***' is not true; quay.io/acme/app`)
  })
})

describe('what helm says in megabytes is explained in seconds', () => {
  const letters = 'a'.repeat(500_000)

  it.each<[string, string]>([
    ['one word', letters],
    ['words with dots', 'a.b.'.repeat(200_000)],
    ['empty lines', '\n'.repeat(1_000_000)],
    ['places of no file', 'a/b:1:2 '.repeat(100_000)],
    ['folders without end', 'a/'.repeat(500_000)],
    ['places of a large file', 'one/templates/large.yaml:99999:2 '.repeat(500)],
    [
      'thousands of values',
      Array.from({ length: 100_000 }, (_, index) => `value.of${index} `).join(''),
    ],
  ])('%s', { timeout: 20_000 }, (_, words) => {
    const large = makeChartFiles('one', {
      'templates/large.yaml': 'x: {{ .Values.some.value }}\n'.repeat(100_000),
    })
    const problem = explainRender(failed(`Error: ${words} Use --debug flag to see`), {
      ...rendered,
      chart: large,
    })
    expect(problem.kind).toBe('render-failed')
    expect(problem.message.length).toBeLessThan(20_000)
  })
})

it('a chart that reads values without end is explained in seconds', { timeout: 20_000 }, () => {
  const reads = '.Values.a.b.c.d.e.f.g.h '.repeat(200_000)
  const files = Array.from({ length: 25 }, (_, index) => [`templates/${index}.yaml`, reads])
  const problem = explainRender(failed('Error: a.b.c.d is missing'), {
    ...rendered,
    chart: makeChartFiles('one', Object.fromEntries(files)),
  })
  expect(problem).toMatchObject({ kind: 'render-failed', leaf: 'a.b.c.d' })
})
