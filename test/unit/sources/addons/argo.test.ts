import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import { parseAddonsValues } from '../../../../scripts/lib/sources/values/addons-values.ts'
import { finish } from '../../../../scripts/lib/steps/steps.ts'

const read = (text: string) => unwrap(finish(parseAddonsValues({ file: 'apps.yaml', text })))
const short = (text: string) =>
  read(text).addons.map(({ release, name, repository, version = 'newest', namespace = '' }) =>
    `${release}: ${repository} ${name} ${version} ${namespace}`.trim(),
  )
const reasons = (text: string) =>
  read(text).incomplete.map(({ path, reason }) => `${path}: ${reason}`)

const application = (spec: string) =>
  `kind: Application\nmetadata: { name: metrics }\nspec:\n  destination: { namespace: kube-system }\n${spec}`
const source = (helm: string) =>
  application(
    `  source:\n    chart: metrics-server\n    repoURL: https://x.io\n    targetRevision: 3.12.2\n    helm:\n${helm}`,
  )
const valuesOf = (text: string) => {
  const [addon] = read(text).addons
  return addon && { ...addon.values }
}

describe('an application of Argo CD', () => {
  it('gives its chart its own name and namespace', () => {
    expect(short(source('      releaseName: ms\n'))).toEqual([
      'ms: https://x.io metrics-server 3.12.2 kube-system',
    ])
    expect(short(source('      version: v3\n'))).toEqual([
      'metrics: https://x.io metrics-server 3.12.2 kube-system',
    ])
  })

  it.each([
    ['valuesObject', '      valuesObject: { a: on, b: { c: "1" } }\n', { a: true, b: { c: '1' } }],
    ['values as text', '      values: |\n        a: 0644\n        b: [x]\n', { a: 420, b: ['x'] }],
    ['values in quotes', '      values: "a: 1"\n', { a: 1 }],
    [
      'valuesObject before values',
      '      values: "a: 1"\n      valuesObject: { b: 2 }\n',
      { b: 2 },
    ],
    [
      'parameters over both',
      '      valuesObject: { a: { b: 1 } }\n      parameters:\n        - { name: a.b, value: "2" }\n        - { name: "n.k\\\\.io/x", value: "true", forceString: true }\n        - { name: "l[0]", value: y }\n        - { name: m, value: "{p,q}" }\n        - { name: date, value: "0123" }\n',
      {
        a: { b: 2 },
        n: { 'k.io/x': 'true' },
        l: ['y'],
        m: ['p', 'q'],
        date: '0123',
      },
    ],
    ['no values', '      values: ""\n', {}],
  ])('has its values: %s', (_, helm, values) => {
    expect(JSON.parse(JSON.stringify(valuesOf(source(helm))))).toEqual(values)
  })

  it('names the lines of templates in values that are text', () => {
    const [addon] = read(
      source(
        '      values: |\n        a: 1\n        image:\n          tag: {{ .tag }}\n        {{- include "more" . | nindent 8 }}\n',
      ),
    ).addons
    expect(addon?.values).toEqual({ a: 1 })
    expect(addon?.templated).toEqual([
      {
        path: ['image', 'tag'],
        template: '{{ .tag }}',
        place: { file: 'apps.yaml', line: 13, column: 16 },
      },
    ])
    expect(addon?.unread).toEqual([
      {
        kind: 'template',
        names: ['{{- include "more" . | nindent 8 }}'],
        place: { file: 'apps.yaml', line: 14, column: 9 },
      },
    ])
  })

  it('says which values files are not here', () => {
    const [addon] = read(source('      valueFiles: [$values/a.yaml, b.yaml]\n')).addons
    expect(addon?.unread).toMatchObject([
      { kind: 'value-files', names: ['$values/a.yaml', 'b.yaml'] },
    ])
  })

  it('is incomplete when its values are not YAML', () => {
    expect(reasons(source('      values: |\n        a: [}\n'))).toEqual([
      expect.stringMatching(/^spec\.source: its values cannot be read: apps\.yaml:11:13: /),
    ])
  })

  it('has each of its sources', () => {
    const text = application(
      '  sources:\n    - { repoURL: "https://git.x.io/v", ref: values }\n    - { chart: a, repoURL: https://x.io }\n    - { repoURL: "https://git.x.io/v", path: charts/b }\n',
    )
    expect(short(text)).toEqual(['metrics: https://x.io a newest kube-system'])
    expect(reasons(text)).toEqual([
      'spec.sources[2]: it points to the path "charts/b" in "https://git.x.io/v", not to a chart',
    ])
  })

  it('may be one of many in a file, or in a list', () => {
    const many = [source('      x: 1\n'), source('      releaseName: other\n'), '# nothing\n'].join(
      '---\n',
    )
    expect(read(many).addons.map(({ path }) => path)).toEqual([
      'Application/metrics.spec.source',
      'Application/metrics.spec.source (2)',
    ])
    expect(
      short(
        'applications:\n  kd: { namespace: n, source: { chart: keda, repoURL: https://x.io } }\n',
      ),
    ).toEqual(['kd: https://x.io keda newest'])
  })
})

const applicationSet = (generators: string, template: string) =>
  `kind: ApplicationSet\nmetadata: { name: s }\nspec:\n  goTemplate: true\n  generators:\n${generators}  template:\n    metadata: { name: 'x-{{.name}}' }\n    spec:\n${template}`
const clusters = (values: string, indent = '    ') =>
  `${indent}- clusters:\n${indent}    values: { ${values} }\n`
const templated = `      sources:
        - { repoURL: '{{.metadata.annotations.repo}}', ref: values }
        - chart: '{{.values.addonChart}}'
          repoURL: '{{ .values.addonChartRepository }}'
          targetRevision: '{{values.addonChartVersion}}'
          helm:
            releaseName: '{{.values.addonChart}}'
            valuesObject: { image: { tag: 'v{{.values.addonChartVersion}}' }, cluster: '{{.name}}' }
`
const keda = "addonChart: keda, addonChartRepository: https://x.io, addonChartVersion: '2.16.1'"

describe('an ApplicationSet', () => {
  it('has the charts of its template, with what its generators say', () => {
    const [addon, ...others] = read(applicationSet(clusters(keda), templated)).addons
    expect(others).toEqual([])
    expect(addon).toMatchObject({
      release: 'keda',
      name: 'keda',
      version: '2.16.1',
      values: { image: { tag: 'v2.16.1' } },
      path: 'spec.template.spec.sources[1]',
    })
    expect(addon?.templated?.map(({ path }) => path)).toEqual([['cluster']])
  })

  it.each([
    [
      'a merge: each version that an environment has',
      `    - merge:\n        mergeKeys: [server]\n        generators:\n${clusters(keda, '          ')}${clusters("addonChartVersion: '2.17.0'", '          ')}${clusters("addonChartVersion: '2.16.1'", '          ')}`,
      ['keda 2.16.1', 'keda 2.17.0'],
    ],
    [
      'a matrix: what both say',
      `    - matrix:\n        generators:\n${clusters('addonChart: keda, addonChartRepository: https://x.io', '          ')}${clusters("addonChartVersion: '1.0.0'", '          ')}`,
      ['keda 1.0.0'],
    ],
    [
      'a list: each element',
      "    - list:\n        elements:\n          - { values: { addonChart: a, addonChartRepository: https://x.io, addonChartVersion: '1.0.0' } }\n          - { values: { addonChart: b, addonChartRepository: https://x.io, addonChartVersion: '2.0.0' } }\n",
      ['a 1.0.0', 'b 2.0.0'],
    ],
  ])('reads %s', (_, generators, expected) => {
    const { addons } = read(applicationSet(generators, templated))
    expect(addons.map(({ name, version = '' }) => `${name} ${version}`)).toEqual(expected)
    expect(new Set(addons.map(({ path }) => path)).size).toBe(expected.length)
  })

  it('of which more sets of parameters come than are read is reported', () => {
    const elements = Array.from({ length: 30 }, (_, index) => `{ c: c${index} }`).join(', ')
    const list = `          - list: { elements: [${elements}] }\n`
    const matrix = `    - matrix:\n        generators:\n${list}${list}`
    const templates = "      source: { chart: '{{c}}', repoURL: https://x.io }\n"
    expect(reasons(applicationSet(matrix, templates))).toEqual([
      'spec.generators: it produces more than 200 parameter sets; only the first 200 were read',
    ])
  })

  it('has what its generators name where no template makes use of it', () => {
    expect(short(applicationSet(clusters(keda), '      sources: []\n'))).toEqual([
      'keda: https://x.io keda 2.16.1',
    ])
  })

  it('is incomplete where its chart is not in the file', () => {
    expect(reasons(applicationSet(clusters('other: x'), templated))).toEqual([
      'spec.template.spec.sources[1]: its chart or repository is a template: "{{.values.addonChart}}", "{{ .values.addonChartRepository }}"',
    ])
  })
})

describe('the add-ons of gitops-bridge', () => {
  it.each([
    [
      'a chart that is called as its key',
      "aws_load_balancer_controller: { chartRepository: 'https://x.io', defaultVersion: 1.8.4 }\n",
      ['aws-load-balancer-controller: https://x.io aws-load-balancer-controller 1.8.4'],
    ],
    [
      'a registry with its namespace',
      'iam-chart: { chartNamespace: ack, chartRepository: public.ecr.aws, defaultVersion: "1.3.13" }\n',
      ['iam-chart: oci://public.ecr.aws/ack iam-chart 1.3.13'],
    ],
    [
      'versions of environments',
      'a: { chart: a, repoURL: https://x.io, targetRevision: 1.0.0, environments: [{ chartVersion: 2.0.0 }, { chartVersion: 1.0.0 }] }\n',
      ['a: https://x.io a 1.0.0', 'a: https://x.io a 2.0.0'],
    ],
    [
      'versions of environments alone',
      'l:\n  - { chart: a, repoURL: https://x.io, environments: [{ env: dev, version: 3.25.3 }] }\n',
      ['a: https://x.io a 3.25.3'],
    ],
    [
      'a namespace that is a template without braces',
      "a: { chart: a, repoUrl: https://x.io, namespace: '.metadata.annotations.ns' }\n",
      ['a: https://x.io a newest'],
    ],
  ])('%s', (_, text, expected) => {
    expect(short(text)).toEqual(expected)
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'on', '8080'])(
    'an add-on may be called %s',
    (name) => {
      const text = `addons:\n  ${name}: { chart: a, repoUrl: https://x.io, values: { ${name}: { b: 1 } } }\n`
      const [addon] = read(text).addons
      expect(addon?.name).toBe('a')
      expect(Object.keys(addon?.values ?? {})).toEqual([name === 'on' ? 'true' : name])
      expect(Object.hasOwn(Object.prototype, 'b')).toBe(false)
    },
  )

  it('an environment that cannot be read is reported', () => {
    const text =
      "a: { chart: a, repoURL: https://x.io, targetRevision: 1.0.0, environments: [{ chartVersion: '{{ .v }}' }, { version: 2.0.0, values: '[}' }] }\n"
    expect(short(text)).toEqual(['a: https://x.io a 1.0.0'])
    expect(reasons(text)).toEqual([
      'a.environments[0]: its version is a template: "{{ .v }}"',
      expect.stringMatching(/^a\.environments\[1\]: its values cannot be read: apps\.yaml:1:/),
    ])
  })

  it('a repository without a chart is reported', () => {
    expect(reasons('a: { repoUrl: https://x.io, targetRevision: 1.0.0 }\n')).toEqual([
      'a: repository "https://x.io" is given without a chart',
    ])
  })

  it('what a template prints is reported', () => {
    expect(
      reasons('addons:\n  a: { chart: a, repoUrl: {{ .x }} }\n  {{- include "more" . }}\n'),
    ).toEqual([
      'addons.a: its chart or repository is a template: "a", "{{ .x }}"',
      'apps.yaml:3:3: the output of the template "{{- include "more" . }}" is not known until it is rendered',
    ])
  })
})

describe('keys that are there twice', () => {
  it('are two add-ons in two branches of a template', () => {
    const text =
      '{{- if .x }}\na: { chart: a, repoUrl: https://x.io }\n{{- else }}\na: { chart: b, repoUrl: https://x.io }\n{{- end }}\n'
    expect(read(text).addons.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  it('leave a value to the chart, and a version to the repository', () => {
    const text =
      'a:\n  chart: a\n  repoUrl: https://x.io\n  {{- if .x }}\n  targetRevision: 1.0.0\n  {{- else }}\n  targetRevision: 2.0.0\n  {{- end }}\n  values:\n    {{- if .x }}\n    image: { tag: a }\n    {{- else }}\n    image: { tag: b }\n    {{- end }}\n    b: 1\n'
    const [addon] = read(text).addons
    expect(addon?.version).toBeUndefined()
    expect(addon?.values).toEqual({ b: 1 })
    expect(addon?.templated?.map(({ path }) => path)).toEqual([['image']])
  })

  it('are refused elsewhere, but for values, of which the last wins', () => {
    const twice = 'a: { chart: a, repoUrl: https://x.io, values: { b: 1, b: 2 } }\n'
    expect(read(twice).addons[0]?.values).toEqual({ b: 2 })
    const parsed = finish(parseAddonsValues({ file: 'apps.yaml', text: twice + twice }))
    expect(parsed.ok ? '' : parsed.problem.message).toBe(
      'apps.yaml:2:1: duplicate key "a": it is already defined on line 1',
    )
  })
})
