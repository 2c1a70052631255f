import { describe, expect, it } from 'vitest'
import { splitDocuments } from '../../../../scripts/lib/charts/render/documents.ts'
import { relocateChart } from '../../../../scripts/lib/charts/relocate/relocate.ts'
import { summarize } from '../../../../scripts/lib/charts/relocate/result.ts'
import type { Render, RenderRequest } from '../../../../scripts/lib/charts/render/render.ts'
import { subjectOf } from '../../../../scripts/lib/model/chart/question-text.ts'
import { failure, type Problem, success, unwrap } from '../../../../scripts/lib/model/problem.ts'
import { emptyTree, isTree } from '../../../../scripts/lib/model/values/values.ts'
import { makeChartFiles, makeDocument } from '../../support/charts.ts'

const pod = (image: string) =>
  makeDocument(`kind: Pod\nmetadata: { name: x }\nspec: { containers: [{ image: "${image}" }] }`)
const install = 'quay.io/a/app:1'
/** An upgrade that has the same image from the same value. */
const same = 'same'
const template = '{{ if .Release.IsUpgrade }}{{ end }}'

/** Relocates a chart that renders one pod; the image of an upgrade is another value of its own. */
async function viewsOf(
  upgrade: string,
  text = template,
  path = 'templates/a.yaml',
  kind: Problem['kind'] = 'render-failed',
) {
  const chart = makeChartFiles('one', {
    'values.yaml': `install: ${install}\nupgrade: ${upgrade}\n`,
    [path]: text,
  })
  const render: Render = async ({ values, isUpgrade = false, hiddenApis = [] }) => {
    if (hiddenApis.length > 0) return success(splitDocuments(pod('quay.io/a/current:3')))
    const key = isUpgrade && upgrade !== same ? 'upgrade' : 'install'
    const given = values.findLast((tree) => isTree(tree) && tree[key] !== undefined)?.[key]
    const image = typeof given === 'string' ? given : key === 'upgrade' ? upgrade : install
    if (image !== 'refused') return success(splitDocuments(pod(image)))
    return failure({ kind, side: 'input', message: 'a password is required' })
  }
  const relocation = unwrap(
    await relocateChart({
      chart,
      variants: [
        {
          name: 'default',
          values: emptyTree(),
          settings: { kubeVersion: '1.31.0', apiVersions: [], release: 'r', namespace: 'n' },
        },
      ],
      layouts: ['mirrored'],
      target: { registry: 'r.example.com', prefix: '' },
      decide: () => undefined,
      render,
      signal: new AbortController().signal,
    }),
  )
  const { views, layouts } = relocation
  const assigned = layouts.flatMap(({ assignments }) =>
    assignments.map((assignment) => assignment.path.join('.')),
  )
  return {
    views: views.map(({ variant }) => variant.name),
    assigned,
    notices: summarize(relocation, '').notices,
  }
}

describe('An upgrade counts as a variant of its own', () => {
  it.each([
    ['another tag', 'quay.io/a/app:2'],
    ['another image', 'quay.io/a/other:1'],
    ['another registry', 'ghcr.io/a/app:1'],
    ['the same text from another value', install],
  ])('when it has %s at the same place', async (_, upgrade) => {
    const { views, assigned } = await viewsOf(upgrade)
    expect(views).toEqual(['default', 'default/upgrade'])
    expect(assigned).toEqual(expect.arrayContaining(['install', 'upgrade']))
  })

  it.each([
    ['in its values', 'values.yaml', 'x: "{{ .Release.IsUpgrade }}"\n'],
    ['in a file that a template reads', 'files/a.txt', template],
    [
      'in text that hides it',
      'templates/a.yaml',
      '{{ if contains "sUpgrade" (toJson $x) }}{{ end }}',
    ],
    ['in no text', 'templates/a.yaml', 'kind: Pod'],
  ])('when the chart asks for it %s', async (_, path, text) => {
    expect((await viewsOf('quay.io/a/app:2', text, path)).views).toHaveLength(2)
  })
})

describe('A render without APIs that a cluster may lack counts as a variant of its own', () => {
  it.each([
    ['asks for one', '"policy/v1beta1"', ['default', 'default/current-apis']],
    ['asks for a stable one', '"policy/v1"', ['default']],
    ["asks for one of the chart's own kinds", '"a.example.com/v1beta1"', ['default']],
  ])('when a template %s', async (_, api, expected) => {
    const asking = `{{ if not (.Capabilities.APIVersions.Has ${api}) }}{{ end }}`
    expect((await viewsOf(same, asking)).views).toEqual(expected)
  })
})

it('An upgrade is also found in a chart that asks for APIs', async () => {
  const asking = `${template}{{ .Capabilities.APIVersions.Has "a.b/v1" }}`
  expect((await viewsOf('quay.io/a/app:2', asking)).views).toEqual(['default', 'default/upgrade'])
})

describe('An upgrade is no variant', () => {
  it.each([
    ['when it renders what an install does', same, template],
    ['when the chart refuses it', 'refused', template],
  ])('%s', async (_, upgrade, text) => {
    expect((await viewsOf(upgrade, text)).views).toEqual(['default'])
  })
})

describe('An upgrade that does not render', () => {
  it('is said where the chart refuses it', async () => {
    expect((await viewsOf('refused')).notices).toEqual([
      'it does not render as an upgrade, so an upgrade is not proven: a password is required',
    ])
    expect((await viewsOf(same)).notices).toEqual([])
  })

  it.each([
    ['', template],
    [' if the chart asks for APIs, too', `${template}{{ .Capabilities.APIVersions.Has "a.b/v1" }}`],
  ])('is a failure for any other reason%s', async (_, text) => {
    await expect(viewsOf('refused', text, 'templates/a.yaml', 'timeout')).rejects.toMatchObject({
      problems: [{ kind: 'timeout' }],
    })
  })

  it('is named once in a chart that asks for APIs', async () => {
    const asking = `${template}{{ .Capabilities.APIVersions.Has "a.b/v1" }}`
    expect((await viewsOf('refused', asking)).notices).toEqual([
      'it does not render as an upgrade, so an upgrade is not proven: a password is required',
    ])
  })
})

describe('What a proof does not cover', () => {
  it.each([
    ['{{ if gt (now | unixEpoch | int) 1900000000 }}{{ end }}', 'the time or on random text'],
    ['{{- if eq (randInt 0 40) 7 }}{{ end }}', 'the time or on random text'],
    ['{{ if semverCompare ">=4" .Capabilities.HelmVersion.Version }}{{ end }}', "helm's version"],
    ['{{ if and "}}" (lookup "v1" "Secret" "" "a") }}{{ end }}', 'the cluster (lookup)'],
  ])('is named: %s', async (text, words) => {
    const { notices } = await viewsOf(install, text)
    expect(notices).toEqual([expect.stringContaining(words)])
    expect(notices[0]).toContain('templates/a.yaml')
  })

  it('is not every use of the time', async () => {
    expect((await viewsOf(install, '{{ now | quote }}{{ randAlphaNum 8 }}')).notices).toEqual([])
  })
})

describe('Something else that is open', () => {
  const app = 'quay.io/a/app:1'
  const settings = { kubeVersion: '1.31.0', apiVersions: [], release: 'r', namespace: 'n' }

  /** Relocates a chart that renders more in some way; returns its variants and questions. */
  async function openWith(more: string, isThere: (request: RenderRequest) => boolean) {
    const chart = makeChartFiles('one', { 'values.yaml': `image: ${app}\n` })
    const render: Render = async (request) => {
      const image = request.values.findLast((tree) => tree['image'] !== undefined)?.['image'] ?? app
      const text = pod(typeof image === 'string' ? image : app)
      return success(splitDocuments(isThere(request) ? text + makeDocument(more) : text))
    }
    const { views, questions } = unwrap(
      await relocateChart({
        chart,
        variants: [
          {
            name: 'default',
            values: emptyTree(),
            settings,
            assumes: { kubeVersion: true, apiVersions: true },
          },
        ],
        layouts: ['mirrored'],
        target: { registry: 'r.example.com', prefix: '' },
        decide: (text) => (text === 'ghcr.io' ? 'ignore' : undefined),
        render,
        signal: new AbortController().signal,
      }),
    )
    return {
      views: views.map(({ variant }) => variant.name),
      questions: questions.map((one) => `${one.kind} ${subjectOf(one)}`),
    }
  }

  const unread = 'kind: Pod\n spec: { x: "quay\\x2eio/e/x:1" }\n'
  const setting = 'kind: ConfigMap\nmetadata: { name: c }\ndata: { registry: quay.io }'
  const odd = 'kind: Pod\nmetadata: { name: odd }\nspec: { containers: [{ image: "no image" }] }'
  const nested =
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: { source: { repoURL: "https://e.com", chart: a } }'

  it.each([
    ['a document that cannot be read', unread],
    ['the host of a public registry', setting],
    ['a field without an image', odd],
    ['a chart that a controller installs', nested],
  ])('in an upgrade alone makes it a variant: %s', async (_, more) => {
    const { views } = await openWith(more, ({ isUpgrade }) => isUpgrade === true)
    expect(views).toEqual(['default', 'default/upgrade'])
  })

  it.each([
    ['a document that cannot be read', unread, ['unread-document Pod/']],
    ['the host of a public registry', setting, ['public-host quay.io']],
    ['a field without an image', odd, ['unread-field no image']],
    ['a chart that a controller installs', nested, ['nested-chart a']],
  ])('on other clusters alone is asked about: %s', async (_, more, expected) => {
    const { questions } = await openWith(more, ({ kubeVersion }) => kubeVersion !== '1.31.0')
    expect(questions).toEqual(expected)
  })

  it.each([
    ['that is also open where the chart was rendered', setting, () => true],
    [
      'that the user has settled',
      setting.replace('quay.io', 'ghcr.io'),
      ({ isUpgrade }: RenderRequest) => isUpgrade === true,
    ],
  ])('is not asked about twice: %s', async (_, more, isThere) => {
    expect((await openWith(more, isThere)).views).toEqual(['default'])
  })
})
