import { describe, expect, it } from 'vitest'
import { findDeliveries } from '../../../../../scripts/lib/charts/find/delivery/delivery.ts'
import { splitDocuments } from '../../../../../scripts/lib/charts/render/documents.ts'
import { makeDocument } from '../../../support/charts.ts'

const source = (
  kind: string,
  namespace: string,
  spec: string,
  group = 'source.toolkit.fluxcd.io',
) =>
  `apiVersion: ${group}/v1\nkind: ${kind}\nmetadata: { name: all, namespace: ${namespace} }\nspec: ${spec}`
const release = (spec: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: r, namespace: blue }\nspec: ${spec}`
const byRepository = release(
  '{ chart: { spec: { chart: a, version: 1.0.0, sourceRef: { kind: HelmRepository, name: all } } } }',
)
const elsewhere = byRepository.replace('name: all', 'name: all, namespace: green')
const byReference = release('{ chartRef: { kind: OCIRepository, name: all } }')
const repository = (namespace: string, url: string) =>
  source('HelmRepository', namespace, `{ url: '${url}' }`)
const registry = (ref: string) =>
  source('OCIRepository', 'blue', `{ url: 'oci://ghcr.io/e/a', ref: ${ref} }`)
const set = (generator: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: s }\nspec: { generators: [${generator}] }`

/** Returns what is installed, as `address chart version`. */
function chartsOf(...bodies: readonly string[]): string[] {
  const documents = splitDocuments(bodies.map((body) => makeDocument(body)).join(''))
  return findDeliveries(documents).map((one) =>
    [one.repository, one.chart, one.version].join(' ').trim(),
  )
}

describe('what a controller installs', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    [
      'comes from the source of its namespace',
      [repository('blue', 'https://b.com'), repository('green', 'https://g.com'), byRepository],
      ['https://b.com a 1.0.0'],
    ],
    [
      'comes from the source of the namespace that it names',
      [repository('green', 'https://g.com'), repository('blue', 'https://b.com'), elsewhere],
      ['https://g.com a 1.0.0'],
    ],
    [
      'has no known address without a source in its namespace',
      [repository('green', 'https://g.com'), byRepository],
      ['HelmRepository/all a 1.0.0'],
    ],
    [
      'has no known address when two sources have its name',
      [repository('blue', 'https://b.com'), repository('blue', 'https://c.com'), byRepository],
      ['HelmRepository/all a 1.0.0'],
    ],
    [
      'is not named by a resource of another API',
      [source('HelmRepository', 'blue', "{ url: 'https://b.com' }", 'x.example.com'), byRepository],
      ['HelmRepository/all a 1.0.0'],
    ],
    [
      'has the name of the chart behind the address of its registry, even twice',
      [repository('blue', 'oci://ghcr.io/e/a'), byRepository],
      ['oci://ghcr.io/e/a/a a 1.0.0'],
    ],
    [
      'has the tag of its source',
      [registry('{ tag: 1.0.0 }'), byReference],
      ['oci://ghcr.io/e/a all 1.0.0'],
    ],
    [
      'has no known version when a range takes precedence',
      [registry("{ tag: 1.0.0, semver: '>=2' }"), byReference],
      ['oci://ghcr.io/e/a all'],
    ],
    [
      'has no known version when a digest takes precedence',
      [registry("{ tag: 1.0.0, digest: 'sha256:ab' }"), byReference],
      ['oci://ghcr.io/e/a all'],
    ],
    [
      'is unknown for a template in a generator',
      [set('{ list: { template: { spec: {} , a: 1 } } }')],
      ['s'],
    ],
    [
      'is unknown for a template in a generator of generators',
      [set('{ matrix: { generators: [{ list: { template: { a: 1 } } }] } }')],
      ['s'],
    ],
    [
      'is nothing for the elements of a generator',
      [set('{ list: { elements: [{ template: a }] } }')],
      [],
    ],
    [
      'is a folder that is rendered into a branch',
      [
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: s }\nspec: { sourceHydrator: { drySource: { repoURL: 'https://git.e.com/x', path: deploy, targetRevision: main } } }",
      ],
      ['https://git.e.com/x ./deploy main'],
    ],
  ])('%s', (_, bodies, expected) => {
    expect(chartsOf(...bodies)).toEqual(expected)
  })
})
