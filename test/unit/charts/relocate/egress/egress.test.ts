import { describe, expect, it } from 'vitest'
import { findEgress } from '../../../../../scripts/lib/charts/relocate/egress/egress.ts'
import { summarizeEgress } from '../../../../../scripts/lib/charts/relocate/egress/summary.ts'
import { splitDocuments } from '../../../../../scripts/lib/charts/render/documents.ts'
import { finish } from '../../../../../scripts/lib/steps/steps.ts'
import { makeDocument } from '../../../support/charts.ts'

function egressIn(...bodies: readonly string[]) {
  const documents = splitDocuments(bodies.map((body) => makeDocument(body)).join(''))
  return finish(findEgress(documents))
}

const describeAll = (...bodies: readonly string[]) =>
  egressIn(...bodies).map(({ use, host, address }) => `${use} ${host} ${address}`)

const container = (fields: string) => `kind: Pod\nspec: { containers: [{ ${fields} }] }`
const text = (content: string, kind = 'ConfigMap') =>
  `kind: ${kind}\n${kind === 'Secret' ? 'stringData' : 'data'}:\n  a: |\n${content.replaceAll(/^/gm, '    ')}`
const field = (content: string) => `kind: Server\nspec: { ${content} }`

describe('an address is used', () => {
  it.each<readonly [string, string, readonly string[]]>([
    [
      'in an argument',
      container('args: ["--plugins=https://a.dev/x.zip"]'),
      ['address a.dev https://a.dev/x.zip'],
    ],
    [
      'in an argument after its flag',
      container('command: [sh, -f, "https://a.dev/x.yaml"]'),
      ['address a.dev https://a.dev/x.yaml'],
    ],
    [
      'in a variable',
      container('env: [{ name: MODEL_URL, value: "https://a.dev/m" }]'),
      ['address a.dev https://a.dev/m'],
    ],
    ['in a field', field('endpoint: "https://a.dev"'), ['address a.dev https://a.dev']],
    [
      'in a field with a getter',
      field('source: "git::https://a.dev/m.git"'),
      ['address a.dev https://a.dev/m.git'],
    ],
    ['in a bucket', field('storageUri: "s3://models/x"'), ['address s3://models s3://models/x']],
    [
      'of a model hub',
      field('storageUri: "hf://org/model"'),
      ['address huggingface.co hf://org/model'],
    ],
    [
      'of a repository over SSH',
      field('url: "git@github.com:org/x.git"'),
      ['address github.com ***@github.com:org/x.git'],
    ],
    ['in a script', text('curl -s https://a.dev/x'), ['address a.dev https://a.dev/x']],
    ['in YAML', text('plugins:\n  url: "https://a.dev/x"'), ['address a.dev https://a.dev/x']],
    ['in JSON', text('{"url":"https://a.dev/x"}'), ['address a.dev https://a.dev/x']],
    ['in a list', text('urls:\n  - https://a.dev/x'), ['address a.dev https://a.dev/x']],
    ['in a setting', text('url = https://a.dev/x'), ['address a.dev https://a.dev/x']],
    [
      'in a command over several lines',
      text('download \\\n  "https://a.dev/x" \\\n  -o y'),
      ['address a.dev https://a.dev/x'],
    ],
    ['at an IP address', field('url: "http://8.8.8.8/x"'), ['address 8.8.8.8 http://8.8.8.8/x']],
    [
      'without its password and query',
      field('url: "https://me:secret@a.dev/x?token=t"'),
      ['address a.dev https://***@a.dev/x'],
    ],
    [
      'in a Secret, by its host only',
      text('url: https://a.dev/services/t0ken', 'Secret'),
      ['address a.dev https://a.dev'],
    ],
  ])('%s', (_, body, expected) => {
    expect(describeAll(body)).toEqual(expected)
  })
})

describe('an address is not used', () => {
  it.each<readonly [string, string]>([
    [
      'in a definition',
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: { versions: [{ url: "https://a.dev" }] }',
    ],
    ['in an annotation', 'kind: Pod\nmetadata: { annotations: { url: "https://a.dev" } }'],
    ['in an example', 'kind: ConfigMap\ndata: { _example: "url: https://a.dev" }'],
    ['in a comment', text('# url: https://a.dev/x')],
    ['in a comment behind a setting', text('a: b # https://a.dev/x')],
    ['in a sentence', text('echo "Read https://a.dev/x"')],
    ['in a sentence of a field', field('hint: "see https://a.dev"')],
    ['as documentation', field('url: "https://a.dev/docs/x"')],
    ['under a key for people', field('homepage: "https://a.dev"')],
    ['in a variable for people', container('env: [{ name: DOCS_URL, value: "https://a.dev" }]')],
    ['as its own name', field('externalUrl: "https://a.dev"')],
    ['in a dashboard', text('{"panels":[{"url":"https://a.dev"}],"schemaVersion":1}')],
    ['as a registry, which is a question', field('url: "https://quay.io/v2/"')],
    ['as a placeholder', field('url: "https://a.example.com"')],
    ['in the cluster', field('url: "http://a.b.svc.cluster.local:80"')],
    ['of the API server', field('url: "https://kubernetes.default"')],
    ['on a private network', field('url: "http://10.0.0.1/x"')],
    ['on this machine', field('url: "http://localhost:80/x"')],
    ['as a pattern', field('regex: "https://(.+?)/x"')],
    ['as a private registry', field('url: "https://1.dkr.ecr.us-east-1.amazonaws.com/x"')],
  ])('%s', (_, body) => {
    expect(describeAll(body)).toEqual([])
  })

  it('by the service that the chart itself has, or a host that it serves', () => {
    const service = 'kind: Service\nmetadata: { name: api, namespace: shop }'
    const ingress = 'kind: Ingress\nspec: { rules: [{ host: shop.acme.dev }] }'
    const urls = field('urls: ["http://api.shop:80", "https://shop.acme.dev/x"]')
    expect(describeAll(service, ingress, urls)).toEqual([])
    expect(describeAll(urls)).toEqual([
      'address api.shop:80 http://api.shop:80',
      'address shop.acme.dev https://shop.acme.dev/x',
    ])
  })
})

describe('repositories for controllers are egress', () => {
  it.each<readonly [string, string, readonly string[]]>([
    [
      'of charts',
      "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: { source: { repoURL: 'https://charts.example.com/x', chart: a } }",
      ['charts charts.example.com https://charts.example.com/x'],
    ],
    [
      'of charts in a registry',
      "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nspec: { url: 'oci://ghcr.io/a' }",
      ['charts ghcr.io oci://ghcr.io/a'],
    ],
    [
      'of folders',
      "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: { source: { repoURL: 'git@github.com:a/b.git', path: a } }",
      ['source github.com ***@github.com:a/b.git'],
    ],
    [
      'of manifests',
      "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nspec: { url: 'https://git.example.com/x' }",
      ['source git.example.com https://git.example.com/x'],
    ],
    [
      'of other controllers',
      "apiVersion: addons.cluster.x-k8s.io/v1alpha1\nkind: HelmChartProxy\nspec: { chartName: a, repoURL: 'https://charts.example.com', version: 1.0.0 }",
      ['charts charts.example.com https://charts.example.com'],
    ],
  ])('%s', (_, body, expected) => {
    expect(describeAll(body)).toEqual(expected)
  })
})

it('a host is listed once, with its addresses, places and variants', () => {
  const sites = egressIn(
    field('b: "https://a.dev/2"'),
    field('a: "https://a.dev/1"'),
    field('c: "https://0.dev"'),
  )
  const summary = summarizeEgress([
    { variant: 'one', sites },
    { variant: 'two', sites: sites.slice(0, 1) },
  ])
  const place = { document: 'Server/', template: 'one/templates/a.yaml' }
  expect(summary).toEqual([
    {
      host: '0.dev',
      use: 'address',
      addresses: ['https://0.dev'],
      places: [{ variants: ['one'], path: 'spec.c', ...place }],
    },
    {
      host: 'a.dev',
      use: 'address',
      addresses: ['https://a.dev/1', 'https://a.dev/2'],
      places: [
        { variants: ['one', 'two'], path: 'spec.b', ...place },
        { variants: ['one'], path: 'spec.a', ...place },
      ],
    },
  ])
})
