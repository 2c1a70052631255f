import { describe, expect, it } from 'vitest'
import { findRetagged } from '../../../../../scripts/lib/charts/relocate/questions/delivered.ts'
import { splitDocuments } from '../../../../../scripts/lib/charts/render/documents.ts'
import { describeFound, makeDocument } from '../../../support/charts.ts'

const digest = `sha256:${'a'.repeat(64)}`
const argo = 'apiVersion: argoproj.io/v1alpha1\nmetadata: { name: a }\n'
const source = "repoURL: 'https://git.example.com/a', path: deploy"
const application = (images: string) =>
  `${argo}kind: Application\nspec: { source: { ${source}, kustomize: { images: ${images} } } }`
const folder = (images: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: a }\nspec: { images: ${images} }`
const release = (spec: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: a }\nspec: ${spec}`
const k3s = (spec: string) =>
  `apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: { name: a }\nspec: ${spec}`
const sourcePath = 'spec.source.kustomize.images'

describe('an image is found', () => {
  it.each<readonly [string, string, readonly string[]]>([
    [
      'in the place of another name',
      application('[app=quay.io/e/app:1.0.0]'),
      [`certain quay.io/e/app:1.0.0 @ ${sourcePath}.0`],
    ],
    [
      'with a digest in the place of another name',
      application(`["quay.io/e/old=quay.io/e/app@${digest}"]`),
      [`certain quay.io/e/app@${digest} @ ${sourcePath}.0`],
    ],
    [
      'without a tag, whose tag is in the folder',
      application('[app=quay.io/e/app]'),
      [`potential quay.io/e/app @ ${sourcePath}.0`],
    ],
    [
      'in one of several sources of an application set',
      `${argo}kind: ApplicationSet\nspec: { template: { spec: { sources: [{ ${source}, kustomize: { images: [a=quay.io/e/app:1.0.0] } }] } } }`,
      ['certain quay.io/e/app:1.0.0 @ spec.template.spec.sources.0.kustomize.images.0'],
    ],
    [
      'in a folder of Flux, in its parts',
      folder('[{ name: app, newName: quay.io/e/app, newTag: 1.0.0 }]'),
      ['certain quay.io/e/app:1.0.0 @ spec.images.0.newName + spec.images.0.newTag'],
    ],
    [
      'with a digest, which counts more than the tag',
      folder(`[{ name: app, newName: quay.io/e/app, newTag: 1.0.0, digest: '${digest}' }]`),
      [`certain quay.io/e/app@${digest} @ spec.images.0.newName + spec.images.0.digest`],
    ],
    [
      'in a post-renderer of a release',
      release(
        '{ postRenderers: [{ kustomize: { images: [{ name: app, newName: quay.io/e/app, newTag: 1.0.0 }] } }] }',
      ),
      [
        'certain quay.io/e/app:1.0.0 @ spec.postRenderers.0.kustomize.images.0.newName + spec.postRenderers.0.kustomize.images.0.newTag',
      ],
    ],
    [
      'in parameters of a chart',
      `${argo}kind: Application\nspec: { source: { repoURL: 'https://e.com', chart: a, helm: { parameters: [{ name: image.repository, value: quay.io/e/app }, { name: image.tag, value: '1.0.0' }] } } }`,
      [
        'embedded quay.io/e/app:1.0.0 @ spec.source.helm.parameters.0.value + spec.source.helm.parameters.1.value',
      ],
    ],
    [
      'in one parameter',
      `${argo}kind: Application\nspec: { source: { repoURL: 'https://e.com', chart: a, helm: { parameters: [{ name: image, value: e/app:1.0.0 }] } } }`,
      ['embedded docker.io/e/app:1.0.0 @ spec.source.helm.parameters.0.value'],
    ],
    [
      'in the settings of a chart of k3s',
      k3s('{ chart: a, set: { image.repository: quay.io/e/app, image.tag: 1.0.0 } }'),
      ['embedded quay.io/e/app:1.0.0 @ spec.set.image.repository + spec.set.image.tag'],
    ],
  ])('%s', (_, body, expected) => {
    expect(describeFound(makeDocument(body))).toEqual(expected)
  })
})

describe('no image is', () => {
  it.each<readonly [string, string]>([
    [
      'the address of a chart in a registry',
      `${argo}kind: Application\nspec: { source: { repoURL: 'oci://ghcr.io/e/charts', chart: a, targetRevision: 1.0.0 } }`,
    ],
    [
      'the address of a source of Flux',
      "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nspec: { url: 'oci://ghcr.io/e/charts/a', ref: { tag: 1.0.0 } }",
    ],
    ['a chart of k3s', k3s("{ chart: 'oci://ghcr.io/e/charts/a', version: 1.0.0 }")],
    [
      'the coordinates of a chart for another controller',
      "apiVersion: helm.crossplane.io/v1beta1\nkind: Release\nspec: { forProvider: { chart: { name: a, repository: 'oci://ghcr.io/e/charts', version: 1.0.0 } } }",
    ],
    ['a name with a new tag', folder('[{ name: quay.io/e/app, newTag: 1.0.0 }]')],
    ['a name with a new tag in a text', application('[quay.io/e/app:1.0.0]')],
    ['text that cannot be read', application('["a=b=c", "", "a b"]')],
  ])('%s', (_, body) => {
    expect(describeFound(makeDocument(body))).toEqual([])
  })
})

describe('a question is asked about', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['a name with a new tag', folder('[{ name: nginx, newTag: 1.0.0 }]'), ['spec.images[0].name']],
    [
      'a name with a new digest in a text',
      application(`["quay.io/e/app@${digest}"]`),
      [`${sourcePath}[0]`],
    ],
    ['nothing when the name is another one', application('[a=quay.io/e/app:1.0.0]'), []],
  ])('%s', (_, body, expected) => {
    const questions = findRetagged('default', splitDocuments(makeDocument(body)))
    const places = questions.map((question) => ('path' in question ? question.path : ''))
    expect(places).toEqual(expected)
  })
})
