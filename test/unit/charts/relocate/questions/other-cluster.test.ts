import { finish } from '../../../../../scripts/lib/steps/steps.ts'
import { describe, expect, it } from 'vitest'
import { success } from '../../../../../scripts/lib/model/problem.ts'
import { emptyTree } from '../../../../../scripts/lib/model/values/values.ts'
import { findReferences } from '../../../../../scripts/lib/charts/find/find.ts'
import {
  compareElsewhere,
  findOtherCluster,
} from '../../../../../scripts/lib/charts/relocate/questions/other-cluster.ts'
import { findAssumptions } from '../../../../../scripts/lib/charts/relocate/assumptions.ts'
import type { VariantView } from '../../../../../scripts/lib/charts/relocate/view.ts'
import { splitDocuments } from '../../../../../scripts/lib/charts/render/documents.ts'
import type { RenderRequest } from '../../../../../scripts/lib/charts/render/render.ts'
import { makeChartFiles, makeDocument } from '../../../support/charts.ts'

const documents = (...images: readonly string[]) =>
  splitDocuments(
    makeDocument(
      `kind: Pod\nmetadata: { name: a }\nspec: { containers: [${images.map((image) => `{ image: "${image}" }`).join(', ')}] }`,
    ),
  )

/** What a chart asks for, when it renders a further image, and in how many renders that was found. */
async function ask(
  template: string,
  isThere: (request: RenderRequest) => boolean,
  assumes = { kubeVersion: true, apiVersions: true },
  kubeVersion = '',
) {
  const settings = { kubeVersion: '1.31.0', apiVersions: [], release: 'r', namespace: 'n' }
  const baseline = documents('quay.io/a/app:1')
  const view = {
    variant: { name: 'default', values: emptyTree(), settings, assumes },
    found: findReferences(baseline),
    skipsSchema: false,
  } as unknown as VariantView
  let renders = 0
  const assumptions = finish(
    findAssumptions(
      makeChartFiles('one', {
        'templates/a.yaml': template,
        'Chart.yaml': `name: one\nversion: 0.1.0\n${kubeVersion === '' ? '' : `kubeVersion: "${kubeVersion}"\n`}`,
      }),
    ),
  )
  const doors = {
    decide: () => undefined,
    registry: 'r.example.com',
    signal: new AbortController().signal,
    render: async (request: RenderRequest) => {
      renders += 1
      const more = isThere(request) ? ['quay.io/a/hidden:1'] : []
      return success(documents('quay.io/a/app:1', ...more))
    },
  }
  const elsewhere = await compareElsewhere(view, assumptions, doors)
  const questions = elsewhere.differs ? await findOtherCluster(view, assumptions, elsewhere) : []
  const others = questions.flatMap((one) => (one.kind === 'other-cluster' ? [one.other] : []))
  return { others, renders }
}

const version = '{{ .Capabilities.KubeVersion.Version }}'
const api = '{{ .Capabilities.APIVersions.Has "a.b/v1" }}'
const upgrade = '{{ .Release.IsUpgrade }}'
const hasApi = ({ apiVersions }: RenderRequest) => apiVersions.includes('a.b/v1')
const outdated = '{{ .Capabilities.APIVersions.Has "policy/v1beta1" }}'
const isCurrent = ({ hiddenApis = [] }: RenderRequest) => hiddenApis.includes('policy/v1beta1')
const isEks = ({ kubeVersion }: RenderRequest) => kubeVersion.includes('eks')
const minor = ({ kubeVersion }: RenderRequest) => Number(kubeVersion.split('.')[1])

describe('images that only another cluster renders', () => {
  it.each<readonly [string, string, (request: RenderRequest) => boolean, readonly string[]]>([
    ['on a newer one', version, (one) => minor(one) > 33, ['Amazon EKS 1.36.0']],
    ['where the version names EKS', version, isEks, ['Amazon EKS 1.36.0']],
    ['with a further API', api, hasApi, ['a cluster with a.b/v1']],
    [
      'with a further API on an older one',
      version + api,
      (one) => hasApi(one) && minor(one) < 36,
      ['a cluster with a.b/v1'],
    ],
    [
      'on a newer one without a further API',
      version + api,
      (one) => !hasApi(one) && minor(one) > 33,
      ['Amazon EKS 1.36.0'],
    ],
    [
      'on a newer one with a further API',
      version + api,
      (one) => hasApi(one) && isEks(one),
      ['Amazon EKS 1.36.0, a cluster with a.b/v1'],
    ],
    ['without an outdated API', outdated, isCurrent, ['a cluster without policy/v1beta1']],
    [
      'without an outdated API and with a further one',
      outdated + api,
      (one) => isCurrent(one) && hasApi(one),
      ['a cluster with a.b/v1, a cluster without policy/v1beta1'],
    ],
    [
      'in an upgrade with a further API',
      api + upgrade,
      (one) => hasApi(one) && one.isUpgrade === true,
      ['a cluster with a.b/v1, in an upgrade'],
    ],
    ['nowhere', version + api, () => false, []],
  ])('%s', async (_, template, isThere, expected) => {
    expect((await ask(template, isThere)).others).toEqual(expected)
  })

  it.each([
    ['nothing', 'a: b', 0],
    ['the version', version, 1],
    ['an API', api, 1],
    ['an outdated API', outdated, 1],
    ['the version and an outdated API', version + outdated, 1],
    ['an API and an upgrade', api + upgrade, 1],
    ['all of these in one template', version + api + outdated, 3],
  ])('are looked for in as few renders as possible: %s', async (_, template, renders) => {
    expect((await ask(template, () => false)).renders).toBe(renders)
  })

  it('are looked for on a plain version if the chart accepts no other one', async () => {
    const isPlain = ({ kubeVersion }: RenderRequest) => kubeVersion === '1.36.0'
    expect((await ask(version, isPlain, undefined, '>=1.25.0')).others).toEqual([
      'Kubernetes 1.36.0',
    ])
    expect((await ask(version, isEks, undefined, '>=1.25.0-0')).others).toEqual([
      'Amazon EKS 1.36.0',
    ])
  })

  it('are not looked for when the cluster is known', async () => {
    const known = { kubeVersion: false, apiVersions: false }
    expect((await ask(version + api, () => true, known)).renders).toBe(0)
  })
})
