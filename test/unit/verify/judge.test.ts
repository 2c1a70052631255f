import { describe, expect, it } from 'vitest'
import type { LocalChart } from '../../../scripts/lib/charts/fetch/acquire.ts'
import type { ListedChart } from '../../../scripts/lib/model/chart/chart-list.ts'
import { emptyTree } from '../../../scripts/lib/model/values/values.ts'
import { subjectOf } from '../../../scripts/lib/model/chart/question-text.ts'
import type { Run } from '../../../scripts/lib/tools/process/exec.ts'
import { judgeSubjects } from '../../../scripts/lib/verify/judge.ts'
import type { Routes } from '../../../scripts/lib/verify/routes.ts'
import { makeChartFiles, makeDocument } from '../support/charts.ts'
import { makeTempFolder } from '../support/temp-folder.ts'
import { idleSession } from '../support/session.ts'

const registry = 'r.example.com'
const source = 'quay.io/a/app:1'
const moved = `${registry}/a/app:1`
const pod = (image: string) =>
  makeDocument(`kind: Pod\nmetadata: { name: good }\nspec: { containers: [{ image: "${image}" }] }`)
const podOf = (image: string) =>
  `{"kind":"Pod","metadata":{"name":"good"},"spec":{"containers":[{"image":"${image}"}]}}`
const config = makeDocument('kind: ConfigMap\nmetadata: { name: other }\ndata: { a: b }')
const configOf = (data: string) => `{"kind":"ConfigMap","metadata":{"name":"other"},"data":${data}}`
const unread = makeDocument('kind: Pod\nmetadata: { name: hidden }\nspec: *nowhere')
const definition = makeDocument(
  'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x\nspec: {}',
)

const shop: ListedChart = {
  name: 'shop',
  repository: 'https://charts.example.com',
  version: '1.0.0',
  group: 'it',
  apiVersions: [],
  variants: { default: emptyTree() },
  runtime: [],
  decisions: [],
}

const routes: Routes = {
  destinationOf: () => moved,
  sourceOf: (destination) => (destination === moved ? source : undefined),
  hasImages: () => true,
  addressOf: () => undefined,
  versionOf: () => undefined,
  isChart: () => false,
}

/** The questions of the last judgement. */
let asked: readonly string[] = []

/** Judges a chart that renders this before and after; helm reads what it has rendered as the JSON of each document. */
async function judge(before: string, after: string, read: readonly string[]) {
  // An upgrade renders the same.
  const renders = [before, after, before, after]
  const once = [
    [podOf(source), ...read],
    [podOf(moved), ...read],
  ]
  const readings = [...once, ...once]
  const run: Run = (command) => {
    const isReading = command.args.includes('reading')
    const answers = readings.shift() ?? expect.unreachable()
    if (!isReading) readings.unshift(answers)
    const stdout = isReading
      ? answers.map((json, index) => `document${index}: ${btoa(json)}\n`).join('')
      : (renders.shift() ?? expect.unreachable())
    return Promise.resolve({ command, ending: 'exited', ok: true, exitCode: 0, stdout, stderr: '' })
  }
  const cache = { read: () => Promise.resolve(undefined), store: () => Promise.resolve() }
  const session = {
    ...idleSession(makeTempFolder()),
    run,
    renders: { kept: cache, thisRun: cache },
  }
  const local: LocalChart = {
    path: '/shop.tgz',
    chart: makeChartFiles('shop'),
    hash: 'sha256:0123456789abcdef',
  }
  const { checked, problems, questions } = await judgeSubjects(
    [{ chart: shop, local: () => Promise.resolve(local), over: emptyTree() }],
    {
      target: { registry, prefix: '' },
      routes,
      session,
      isAnswered: (_, question) => subjectOf(question) === 'docker.io/answered/app:1.0',
    },
  )
  asked = questions.map(
    ({ chart, question }) => `${chart}: ${question.kind} ${subjectOf(question)}`,
  )
  expect(checked.map(({ verdict, reference }) => `${verdict} ${reference}`)).toEqual([
    `private ${moved}`,
  ])
  return problems
}

describe('judgeSubjects finds a problem in', () => {
  it.each([
    ['a document that cannot be read', unread, 'Pod/'],
    ['each of several', unread + unread.replace('Pod', 'Job'), 'Pod/', 'Job/'],
  ])('%s', async (_, more, ...titles) => {
    const problems = await judge(pod(source) + more, pod(moved) + more, [])
    expect(problems).toEqual(
      titles.map((title) => ({
        kind: 'unproven',
        side: 'source',
        message: `shop: ${title}, from one/templates/a.yaml, is not valid YAML, or helm reads it differently, so its images are not known`,
        next: "report it to the chart's publisher: helm or the cluster may read it differently",
      })),
    )
  })

  it('a document that helm reads otherwise', async () => {
    const problems = await judge(pod(source) + config, pod(moved) + config, [
      configOf('{"a":"evil.example/img:1"}'),
    ])
    expect(problems.map(({ kind, message }) => [kind, message])).toEqual([
      [
        'unproven',
        expect.stringMatching(
          /^shop: ConfigMap\/other, from .* helm reads it differently, so its images are not known/,
        ),
      ],
    ])
  })
})

it('judgeSubjects finds a problem in an image field that names no image', async () => {
  const odd = makeDocument(
    'kind: Pod\nmetadata: { name: odd }\nspec: { containers: [{ image: "not an image" }] }',
  )
  const read =
    '{"kind":"Pod","metadata":{"name":"odd"},"spec":{"containers":[{"image":"not an image"}]}}'
  const problems = await judge(pod(source) + odd, pod(moved) + odd, [read])
  expect(problems.map(({ message }) => message)).toEqual([
    'shop: Pod/odd spec.containers[0].image is "not an image", which is not an image reference',
  ])
})

describe('judgeSubjects finds no problem', () => {
  it.each<[string, string, string[]]>([
    ['where all is read as helm reads it', config, [configOf('{"a":"b"}')]],
    ['in a definition of resources, which is never read', definition, []],
  ])('%s', async (_, more, read) => {
    expect(await judge(pod(source) + more, pod(moved) + more, read)).toEqual([])
  })

  it('in what could be read no better without the values', async () => {
    expect(await judge(pod(source) + unread, pod(moved), [])).toEqual([])
  })
})

describe('judgeSubjects judges an upgrade as well', () => {
  const template = '{{ if .Release.IsUpgrade }}{{ end }}'

  /** Judges a chart that renders these documents as an install and as an upgrade, with the values. */
  async function judgeUpgrade(
    files: Readonly<Record<string, string>>,
    upgrade: string | undefined,
  ) {
    const notices: string[] = []
    const run: Run = (command) => {
      const isUpgrade = command.args.includes('--is-upgrade')
      const isReading = command.args.includes('reading')
      const isFailed = isUpgrade && upgrade === undefined
      const image = isUpgrade ? upgrade : moved
      const stdout = isReading ? '' : pod(image ?? '')
      const rest = { stdout, stderr: isFailed ? 'Error: a password is required' : '' }
      return Promise.resolve(
        isFailed
          ? { command, ending: 'exited', ok: false, exitCode: 1, ...rest }
          : { command, ending: 'exited', ok: true, exitCode: 0, ...rest },
      )
    }
    const cache = { read: () => Promise.resolve(undefined), store: () => Promise.resolve() }
    const session = {
      ...idleSession(makeTempFolder()),
      run,
      notice: (text: string) => notices.push(text),
      renders: { kept: cache, thisRun: cache },
    }
    const chart = makeChartFiles('shop', files)
    const local: LocalChart = { path: '/shop.tgz', chart, hash: 'sha256:0123456789abcdef' }
    const { checked, problems } = await judgeSubjects(
      [{ chart: shop, local: () => Promise.resolve(local), over: emptyTree() }],
      { target: { registry, prefix: '' }, routes, session, isAnswered: () => false },
    )
    return {
      checked: checked.map(
        ({ variant, verdict, reference }) => `${variant} ${verdict} ${reference}`,
      ),
      problems: problems.map(({ message }) => message),
      notices,
    }
  }
  it.each<[string, string, string | undefined, string[], string[]]>([
    [
      'that shows another image',
      template,
      'quay.io/evil/pub:1',
      [`default private ${moved}`, 'default/upgrade public quay.io/evil/pub:1'],
      [],
    ],
    ['that shows the same', template, moved, [`default private ${moved}`], []],
    [
      'that no text asks for',
      '',
      'quay.io/evil/pub:1',
      [`default private ${moved}`, 'default/upgrade public quay.io/evil/pub:1'],
      [],
    ],
    [
      'that does not render',
      template,
      undefined,
      [`default private ${moved}`],
      ['shop: it does not render as an upgrade, so an upgrade is not proven'],
    ],
  ])('%s', async (_, text, upgrade, checked, notices) => {
    const judged = await judgeUpgrade({ 'templates/a.yaml': text }, upgrade)
    expect(judged.checked).toEqual(checked)
    expect(judged.notices).toEqual(notices.map((notice) => expect.stringContaining(notice)))
  })
})

describe('judgeSubjects asks about what values bring', () => {
  const argo = (url: string) =>
    `{"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"other"},"spec":{"source":{"repoURL":"${url}","path":"a"}}}`
  it.each([
    ['a public registry', configOf('{"registry":"quay.io"}'), ['shop: public-host quay.io']],
    ['a chart', argo('https://e.com/x'), ['shop: nested-chart ./a']],
    [
      'an image that is passed on to a chart',
      '{"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"other"},"spec":{"source":{"repoURL":"https://e.com/x","chart":"a","helm":{"valuesObject":{"image":"quay.io/e/a:1.0.0"}}}}}',
      ['shop: nested-chart a', 'shop: delivered-image quay.io/e/a:1.0.0'],
    ],
    [
      'text that may be an image',
      configOf('{"x":"my/app:1.0"}'),
      ['shop: possible-image docker.io/my/app:1.0'],
    ],
    ['nothing that is known', configOf('{"x":"answered/app:1.0"}'), []],
    ['nothing', configOf('{"a":"b"}'), []],
  ])('%s', async (_, json, expected) => {
    const [first, second] = [pod(source) + makeDocument(json), pod(moved) + makeDocument(json)]
    expect(await judge(first, second, [json])).toEqual([])
    expect(asked).toEqual(expected)
  })
})
