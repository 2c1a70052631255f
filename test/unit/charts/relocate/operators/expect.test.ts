import { expect, test } from 'vitest'
import { effectiveValues } from '../../../../../scripts/lib/charts/chart/values.ts'
import { findReferences } from '../../../../../scripts/lib/charts/find/find.ts'
import { expectPulls } from '../../../../../scripts/lib/charts/relocate/operators/expect.ts'
import type { VariantView } from '../../../../../scripts/lib/charts/relocate/view.ts'
import { splitDocuments } from '../../../../../scripts/lib/charts/render/documents.ts'
import { pulledKey } from '../../../../../scripts/lib/model/chart/operator.ts'
import { describeQuestion } from '../../../../../scripts/lib/model/chart/question-text.ts'
import type { LeafAssignment } from '../../../../../scripts/lib/model/chart/relocation.ts'
import { parseReference } from '../../../../../scripts/lib/model/image/reference.ts'
import { unwrap } from '../../../../../scripts/lib/model/problem.ts'
import { formatLeafPath } from '../../../../../scripts/lib/model/values/leaf-path.ts'
import { parseOperatorsYaml } from '../../../../../scripts/lib/sources/operators-yaml.ts'
import { loadYaml } from '../../../../../scripts/lib/charts/chart/metadata.ts'
import { emptyTree, isTree } from '../../../../../scripts/lib/model/values/values.ts'
import { makeChartFiles, makeDocument } from '../../../support/charts.ts'

const catalog = unwrap(
  parseOperatorsYaml({
    file: 'operators.yaml',
    text: `operators:
  - chart: op
    addresses: [example.com/op]
    pulls: nodes
    decidedBy: the field
    source: https://example.com/op
    releases:
      - versions: '*'
        source: https://example.com/op
        images:
          - repository: quay.io/e/node
            tag: 'v{app}'
            when: always
            leaves: { node.registry: registry, global.path: path }
          - repository: quay.io/e/kubectl
            tag: 'v{kubernetes}'
            when: a job runs
`,
  }),
)

const op = makeChartFiles('op', {
  'Chart.yaml': 'name: op\nversion: 1.0.0\nappVersion: v2.0.0\nhome: https://example.com/op\n',
})
/** A chart that has the operator as a subchart under another name. */
const parent = makeChartFiles(
  'parent',
  {
    'Chart.yaml':
      'name: parent\nversion: 1.0.0\ndependencies: [{ name: op, alias: inner, version: 1.0.0, repository: "" }]\n',
  },
  [op],
)

interface Case {
  readonly chart?: typeof op
  /** The template that renders something. */
  readonly source?: string
  readonly image?: string
  readonly values?: string
  readonly restored?: readonly LeafAssignment[]
  readonly isAssumed?: boolean
  readonly declared?: string
  readonly images: readonly string[]
  readonly questions?: readonly RegExp[]
}

const node = 'quay.io/e/node:v2.0.0 node.registry global.path'
const kubectl = 'quay.io/e/kubectl:v1.31.0 '

function viewOf({ chart = op, ...given }: Case): VariantView {
  const { source = 'op/templates/a.yaml', image = 'quay.io/e/op:1', isAssumed = false } = given
  const tree = loadYaml(given.values ?? '{}')
  const values = isTree(tree) ? tree : emptyTree()
  const pod = `kind: Pod\nmetadata: { name: x }\nspec: { containers: [{ image: "${image}" }] }`
  const baseline = splitDocuments(makeDocument(pod, source))
  const fail = () => Promise.reject(new Error('nothing is rendered here'))
  return {
    variant: {
      name: 'default',
      values,
      restored: (given.restored ?? []).map((one) => ({ ...one, given: '<registry>' })),
      assumes: { kubeVersion: isAssumed, apiVersions: false },
      settings: { kubeVersion: '1.31.0', apiVersions: [], release: 'x', namespace: 'default' },
    },
    values: effectiveValues(chart, values),
    named: [],
    baseline,
    found: findReferences(baseline),
    wanted: [],
    undecided: [],
    followers: new Set(),
    skipsSchema: false,
    taintAt: fail,
    companions: [],
    renderTried: fail,
    renderWith: fail,
    renderAgain: fail,
  }
}

test.each<readonly [string, Case]>([
  ['of its chart', { images: [node, kubectl] }],
  [
    'of a subchart, with its leaves below the alias and global ones at the root',
    {
      chart: parent,
      source: 'parent/charts/inner/templates/a.yaml',
      images: ['quay.io/e/node:v2.0.0 inner.node.registry global.path', kubectl],
    },
  ],
  [
    'not of a subchart that renders nothing',
    { chart: parent, source: 'parent/templates/a.yaml', images: [] },
  ],
  ['apart from found ones', { image: 'quay.io/e/node:v2.0.0', images: [kubectl] }],
  ['with another tag than found ones', { image: 'quay.io/e/node:v1.9.9', images: [node, kubectl] }],
  ['apart from those listed by hand', { declared: 'quay.io/e/node:v2.0.0', images: [kubectl] }],
  [
    'apart from those that the values send elsewhere',
    {
      values: 'node: { registry: my.example.com }',
      images: [kubectl],
      questions: [/^"quay\.io\/e\/node:v2\.0\.0" is pulled .* your values set "node\.registry"/],
    },
  ],
  [
    'apart from those that the values send to a place that the render shows',
    {
      values: 'node: { registry: my.example.com }',
      image: 'my.example.com/x/node:v2.0.0',
      images: [kubectl],
    },
  ],
  [
    'also with the published value',
    { values: 'node: { registry: quay.io }', images: [node, kubectl] },
  ],
  [
    'also with values that point to the target',
    {
      values: 'global: { path: x }',
      restored: [{ path: ['node', 'registry'], value: null }],
      images: [node, kubectl],
    },
  ],
  [
    'with a question about an assumed cluster',
    {
      isAssumed: true,
      images: [node, kubectl],
      questions: [/^"quay\.io\/e\/kubectl:v1\.31\.0" is pulled .* set --kube-version to that$/],
    },
  ],
])('images of an operator are expected %s', (_, given) => {
  const declared = given.declared === undefined ? [] : [unwrap(parseReference(given.declared))]
  const knowledge = { catalog, systems: [] }
  const { images, questions } = expectPulls(given.chart ?? op, [viewOf(given)], knowledge, declared)
  const shown = images.map(
    (image) =>
      `${pulledKey(image)} ${image.leaves.map(({ path }) => formatLeafPath(path)).join(' ')}`,
  )
  expect(shown).toEqual(given.images)
  const words = questions.map(describeQuestion)
  expect(words).toHaveLength(given.questions?.length ?? 0)
  for (const [index, pattern] of (given.questions ?? []).entries()) {
    expect(words[index]).toMatch(pattern)
  }
})
