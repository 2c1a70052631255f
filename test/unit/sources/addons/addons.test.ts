import { describe, expect, it } from 'vitest'
import { parseAddonsValues } from '../../../../scripts/lib/sources/values/addons-values.ts'
import { finish } from '../../../../scripts/lib/steps/steps.ts'
import { parseCatalog, renderCatalog } from '../../../../scripts/lib/sources/catalog.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'

const read = (text: string) => unwrap(finish(parseAddonsValues({ file: 'values.yaml', text })))
const short = (text: string) =>
  read(text).addons.map(
    ({ release, name, repository, version = 'newest' }) =>
      `${release}: ${repository} ${name} ${version}`,
  )

describe('add-ons of a values file', () => {
  it.each([
    [
      'a map',
      'addons:\n  argocd:\n    chart: argo-cd\n    repoUrl: https://argoproj.github.io/argo-helm\n    targetRevision: 7.8.0\n    releaseName: argo\n',
      ['argo: https://argoproj.github.io/argo-helm argo-cd 7.8.0'],
    ],
    [
      'a list',
      'addons:\n  - chart: metrics-server\n    repository: https://kubernetes-sigs.github.io/metrics-server/\n    version: 3.12.2\n',
      ['metrics-server: https://kubernetes-sigs.github.io/metrics-server metrics-server 3.12.2'],
    ],
    [
      'older names, deep inside',
      'a:\n  b:\n    - c:\n        addonChart: keda\n        addonChartRepository: https://kedacore.github.io/charts\n        addonChartVersion: 2.16.0\n',
      ['keda: https://kedacore.github.io/charts keda 2.16.0'],
    ],
    [
      'a registry without a scheme',
      'k: { chart: karpenter/karpenter, repoUrl: public.ecr.aws, targetRevision: 1.3.0 }\n',
      ['karpenter: oci://public.ecr.aws/karpenter karpenter 1.3.0'],
    ],
    [
      'a registry with the namespace apart',
      'k: { chart: karpenter, repository: oci://public.ecr.aws, oci_namespace: karpenter, version: "1.3.0" }\n',
      ['karpenter: oci://public.ecr.aws/karpenter karpenter 1.3.0'],
    ],
    [
      'a whole address',
      'k: { chart: "oci://ghcr.io/a/charts/thing", version: "1.0.0" }\n',
      ['thing: oci://ghcr.io/a/charts thing 1.0.0'],
    ],
    [
      'a version that YAML would take for a number',
      'k: { chart: a, repository: https://x.io, version: 1.10 }\n',
      ['a: https://x.io a 1.10'],
    ],
    [
      'go templates in strings and bare ones',
      'k:\n  chart: a\n  repoUrl: https://x.io\n  targetRevision: {{ .Values.version }}\n  releaseName: "{{ .name }}-x"\n{{- if .Values.more }}\nl: { chart: b, repoUrl: https://x.io, targetRevision: "2.0.0" }\n{{- end }}\n',
      ['a: https://x.io a newest', 'b: https://x.io b 2.0.0'],
    ],
  ])('are found in %s', (_, text, expected) => {
    expect(short(text)).toEqual(expected)
  })

  it('keep what they set, and leave what is a template to the chart', () => {
    const [addon] = read(
      'k:\n  enabled: false\n  namespace: n\n  chart: a\n  repoUrl: https://x.io\n  valuesObject:\n    cluster: "{{ .name }}-blue"\n    replicas: 2\n    list: ["{{ .x }}", 1]\n    hosts: ["{{ .host }}"]\n',
    ).addons
    expect(addon).toMatchObject({
      enabled: false,
      namespace: 'n',
      path: 'k',
      file: 'values.yaml',
      line: 2,
      values: { replicas: 2, list: [1] },
      written: { cluster: '{{ .name }}-blue', replicas: 2, list: ['{{ .x }}', 1] },
    })
    const places = addon?.templated?.map(
      ({ path, place }) => `${path.join('.')} ${place.line}:${place.column}`,
    )
    expect(places).toEqual(['cluster 7:14', 'list.0 9:12', 'hosts.0 10:13'])
  })

  it('are reported with their place when they are incomplete', () => {
    const list = read(
      'addons:\n  a: { chart: a }\n  b: { repoUrl: https://git.example.com/x, path: charts/b }\n  c: { chart: "{{ .c }}", repoUrl: https://x.io }\n  d: { chart: ok, repoUrl: https://x.io }\n',
    )
    expect(list.addons.map(({ name }) => name)).toEqual(['ok'])
    expect(list.incomplete).toEqual([
      { path: 'addons.a', reason: 'chart "a" has no repository' },
      {
        path: 'addons.b',
        reason: 'it points to the path "charts/b" in "https://git.example.com/x", not to a chart',
      },
      {
        path: 'addons.c',
        reason: 'its chart or repository is a template: "{{ .c }}", "https://x.io"',
      },
    ])
  })

  it.each([
    [
      'a release',
      'releaseName: --output-dir=/tmp/x',
      '"--output-dir=/tmp/x" is not a release name',
    ],
    ['a release', 'release: "a\\n--b"', String.raw`"a\n--b" is not a release name`],
    ['a release', 'release: A', '"A" is not a release name'],
    ['a namespace', 'namespace: --kubeconfig=x', '"--kubeconfig=x" is not a namespace'],
    ['a chart', 'chart: --devel', '"--devel" is not a chart name'],
    [
      'a registry',
      'repoUrl: --insecure',
      'repository "oci://--insecure/a" is not a chart repository',
    ],
  ])('are reported with their place when %s is none: %s', (_, field, reason) => {
    const [key = ''] = field.split(':')
    const fields = [
      ...Object.entries({ chart: 'a', repoUrl: 'https://x.io' })
        .filter(([name]) => name !== key)
        .map(([name, value]) => `${name}: ${value}`),
      field,
    ]
    const list = read(`addons:\n  bad:\n${fields.map((line) => `    ${line}\n`).join('')}`)
    expect(list.addons).toEqual([])
    expect(list.incomplete).toEqual([
      { path: 'addons.bad', reason: expect.stringContaining(reason) },
    ])
  })

  it('without a release are called as near to their chart as a release can be', () => {
    expect(short('k: { chart: My_Chart, repository: https://x.io }\n')).toEqual([
      'my-chart: https://x.io My_Chart newest',
    ])
  })

  it.each([
    ['a tab', 'a:\n\tb: 1\n', /^values\.yaml:2:1: /],
    ['a key that is there twice', 'a: 1\na: 2\n', /^values\.yaml:2:1: duplicate key/],
    ['no add-on', 'a: { chart: { name: x } }\n', /^values\.yaml: no add-ons found/],
    ['nothing', '', /^values\.yaml: no add-ons found/],
  ])('are refused with the place of the mistake: %s', (_, text, message) => {
    const parsed = finish(parseAddonsValues({ file: 'values.yaml', text }))
    expect(parsed.ok ? '' : parsed.problem.message).toMatch(message)
  })
})

describe('the catalog', () => {
  const text = `addons:
  - chart: argo-cd
    repository: https://argoproj.github.io/argo-helm
    oci_namespace: null
    version: "1.10"
    release: argo
  - chart: karpenter
    repository: oci://public.ecr.aws
    oci_namespace: karpenter
    version: null
    release: karpenter
    namespace: kube-system
`
  it('reads back as it was written', () => {
    const { addons } = unwrap(parseCatalog({ file: 'catalog.yaml', text }))
    expect(renderCatalog(addons)).toBe(text)
    expect(renderCatalog(addons.toReversed())).toBe(text)
  })

  it.each([
    [
      'an unquoted number as version',
      'addons: [{ chart: a, repository: https://x.io, version: 1.10 }]',
      'quote it',
    ],
    [
      'an unknown key',
      'addons: [{ chart: a, repository: https://x.io, tag: 1 }]',
      'unknown key "tag"',
    ],
    ['no repository', 'addons: [{ chart: a }]', 'repository'],
    [
      'a release like a flag',
      'addons: [{ chart: a, repository: https://x.io, release: --post-renderer=sh }]',
      'addons.0.release: "--post-renderer=sh" is not a release name',
    ],
    [
      'a namespace with a line break',
      'addons: [{ chart: a, repository: https://x.io, namespace: "a\\nb" }]',
      'addons.0.namespace: .* is not a namespace',
    ],
    ['no list', 'chart: a', 'addons'],
  ])('refuses %s', (_, broken, words) => {
    const parsed = parseCatalog({ file: 'catalog.yaml', text: broken })
    expect(parsed.ok ? '' : parsed.problem.message).toMatch(
      new RegExp(`^catalog\\.yaml:1:\\d+: .*${words}`),
    )
  })
})
