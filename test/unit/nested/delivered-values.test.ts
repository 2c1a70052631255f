import { describe, expect, it } from 'vitest'
import { findDeliveries } from '../../../scripts/lib/charts/find/delivery/delivery.ts'
import { splitDocuments } from '../../../scripts/lib/charts/render/documents.ts'
import { formatLeafPath } from '../../../scripts/lib/model/values/leaf-path.ts'
import {
  fieldsByName,
  readDelivered,
  readMappings,
} from '../../../scripts/lib/nested/delivered-values.ts'
import { makeDocument } from '../support/charts.ts'
import { idleSession } from '../support/session.ts'

const argo = (spec: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: app }\nspec: ${spec}`
const source = (helm: string) =>
  `{ source: { repoURL: 'https://e.com', chart: a, targetRevision: 1.0.0, helm: ${helm} } }`
const flux = (spec: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: app, namespace: own }\nspec: { chart: { spec: { chart: a, version: 1.0.0, sourceRef: { kind: HelmRepository, name: e } } }, ${spec} }`
const k3s = (spec: string) =>
  `apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: { name: app }\nspec: { repo: 'https://e.com', chart: a, ${spec} }`

function installOf(body: string) {
  const [document] = splitDocuments(makeDocument(body))
  const [delivery] = document === undefined ? [] : findDeliveries([document])
  return { root: document?.root, install: delivery?.install }
}

describe('an object passes on', () => {
  it.each<readonly [string, string, object, readonly (string | undefined)[], readonly string[]]>([
    ['nothing', argo(source('{}')), {}, ['app', undefined], []],
    ['a text', argo(source("{ values: 'a: 1' }")), { a: 1 }, ['app', undefined], []],
    [
      'an object, which replaces the text',
      argo(source("{ values: 'a: 1', valuesObject: { b: 2 } }")),
      { b: 2 },
      ['app', undefined],
      [],
    ],
    [
      'its release and namespace',
      argo(source('{ releaseName: rel, namespace: ns }')),
      {},
      ['rel', 'ns'],
      [],
    ],
    [
      'values from other files',
      argo(source('{ valueFiles: [$x/a.yaml], fileParameters: [{ name: a, path: b }] }')),
      {},
      ['app', undefined],
      ['spec.source.helm.valueFiles', 'spec.source.helm.fileParameters'],
    ],
    ['values of Flux', flux('values: { a: 1 }'), { a: 1 }, ['app', 'own'], []],
    [
      'a target namespace of Flux, which is part of the release',
      flux('targetNamespace: jobs'),
      {},
      ['jobs-app', 'jobs'],
      [],
    ],
    [
      'values of Flux from elsewhere',
      flux('valuesFrom: [{ kind: Secret, name: s }]'),
      {},
      ['app', 'own'],
      ['spec.valuesFrom'],
    ],
    [
      'settings of its own',
      argo(source('{ kubeVersion: 1.16.0, apiVersions: [a.b/v1] }')),
      {},
      ['app', undefined],
      ['spec.source.helm.apiVersions', 'spec.source.helm.kubeVersion'],
    ],
    [
      'a parameter that Argo CD fills in',
      argo(source("{ parameters: [{ name: a, value: 'x-$NAME' }] }")),
      {},
      ['app', undefined],
      ['spec.source.helm.parameters'],
    ],
    [
      'patches of what the chart renders',
      flux('postRenderers: [{ kustomize: { patches: [] } }]'),
      {},
      ['app', 'own'],
      ['spec.postRenderers'],
    ],
    [
      'names of images only',
      flux('postRenderers: [{ kustomize: { images: [] } }]'),
      {},
      ['app', 'own'],
      [],
    ],
    [
      'one values file of the chart',
      flux('').replace('version:', 'valuesFile: a.yaml, version:'),
      {},
      ['app', 'own'],
      ['spec.chart.spec.valuesFile'],
    ],
    [
      'values of k3s',
      k3s("valuesContent: 'a: 1', targetNamespace: jobs"),
      { a: 1 },
      ['app', 'jobs'],
      [],
    ],
  ])('%s', (_, body, values, names, elsewhere) => {
    const { root, install } = installOf(body)
    if (install === undefined) throw new Error('the object names no chart')
    expect(readMappings(root, install)).toEqual({ ok: true, value: values })
    expect([install.release, install.namespace]).toEqual(names)
    expect(install.elsewhere.map(formatLeafPath)).toEqual(elsewhere)
  })

  it('a leaf by its name', () => {
    const { root, install } = installOf(
      argo(source("{ valuesObject: { b: 1 }, parameters: [{ name: a.b, value: '1' }] }")),
    )
    if (install === undefined) throw new Error('the object names no chart')
    expect([...fieldsByName(root, install)]).toEqual([
      ['a.b', ['spec', 'source', 'helm', 'parameters']],
    ])
  })
})

it('a template of applications installs nothing that is known', () => {
  const body = argo(source("{ values: 'a: {{ x }}' }")).replace(
    'kind: Application',
    'kind: ApplicationSet',
  )
  expect(installOf(body.replace('spec: {', 'spec: { template: { spec: {') + ' } }').install).toBe(
    undefined,
  )
})

it('Values in several documents are not read, because only some versions of helm read the second one', () => {
  const { root, install } = installOf(argo(source('{ values: "a: 1\\n---\\na: 2\\n" }')))
  if (install === undefined) expect.unreachable()
  expect(readMappings(root, install)).toMatchObject({
    ok: false,
    problem: { message: expect.stringContaining('one document expected') },
  })
})

it.each([
  ['that add up', ['a[60000]', 'b[60001]']],
  ['with a sign', ['a[+60000]']],
  ['with a backslash', [String.raw`a[6\0000]`]],
])('Lists that a few names make long are not read: indices %s', async (_, names) => {
  const parameters = names.map((name) => `{ name: '${name}' }`)
  const { root, install } = installOf(argo(source(`{ parameters: [${parameters.join(', ')}] }`)))
  if (install === undefined) expect.unreachable()
  expect(await readDelivered(root, install, idleSession(''))).toMatchObject({
    ok: false,
    problem: { message: 'the list indices in its values add up to more than 100000' },
  })
})
