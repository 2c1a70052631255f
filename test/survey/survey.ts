import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pLimit from 'p-limit'
import type { OperatorKnowledge } from '../../scripts/lib/charts/relocate/operators/expect.ts'
import { loadOperators } from '../../scripts/lib/sources/operators-yaml.ts'
import { openLocal, rendererOf } from '../../scripts/lib/charts/fetch/acquire.ts'
import { relocateChart } from '../../scripts/lib/charts/relocate/relocate.ts'
import { summarize } from '../../scripts/lib/charts/relocate/result.ts'
import type { Context } from '../../scripts/lib/cli/main.ts'
import { defaultKubeVersion, rendersAtOnce } from '../../scripts/lib/manifest/discover.ts'
import { subjectOf } from '../../scripts/lib/model/chart/question-text.ts'
import { stateOf } from '../../scripts/lib/model/chart/verdict.ts'
import { releaseNameOf } from '../../scripts/lib/model/names/kubernetes.ts'
import { sentenceOf } from '../../scripts/lib/model/problem.ts'
import { emptyTree } from '../../scripts/lib/model/values/values.ts'
import { withSession, type Session } from '../../scripts/lib/session/session.ts'
import { replaceFile } from '../../scripts/lib/tools/files/files.ts'
import type { SurveyFlags } from './command.ts'
import { searchIndependently, unexplainedTexts } from './independent.ts'
import { renderSurvey, type SurveyRow } from './table.ts'

/** Runs the survey. Returns the exit code. */
export async function runSurvey(
  folder: string,
  { out, every = 1 }: SurveyFlags,
  context: Context,
): Promise<number> {
  const all = (await readdir(folder)).filter((name) => name.endsWith('.tgz')).toSorted()
  const archives = all.filter((_, index) => index % every === 0)
  const operators = { catalog: await loadOperators(), systems: [] }
  const options = { isQuiet: false, values: 'declared', origin: { kind: 'command-line' } } as const
  const rows = await withSession(context, options, (session) => {
    const limit = pLimit(rendersAtOnce)
    return Promise.all(
      archives.map((archive) =>
        limit(async () => {
          const row = await surveyChart(join(folder, archive), operators, session)
          context.log(`${row.name} ${row.version}: ${row.state}, ${row.seconds.toFixed(1)} s`)
          return row
        }),
      ),
    )
  })
  await replaceFile(resolve(out), renderSurvey(rows, new Date().toISOString().slice(0, 10)))
  context.log(`wrote ${out}`)
  return rows.every(({ unexplained }) => unexplained.length === 0) ? 0 : 1
}

const target = { registry: '123456789012.dkr.ecr.us-east-1.amazonaws.com', prefix: '' }

async function surveyChart(
  path: string,
  operators: OperatorKnowledge,
  session: Session,
): Promise<SurveyRow> {
  const began = performance.now()
  const nothing = { images: 0, questions: 0, unexplained: [], renders: 0, seconds: 0 }
  const local = await openLocal(path, session)
  if (!local.ok) {
    const name = path.replace(/^.*\//, '')
    return {
      name,
      version: '',
      state: 'not rendered',
      ...nothing,
      reason: sentenceOf(local.problem),
    }
  }
  const { name, version } = local.value.chart.metadata
  const renderer = rendererOf(local.value, session)
  const relocated = await relocateChart({
    chart: local.value.chart,
    variants: [
      {
        name: 'default',
        values: emptyTree(),
        assumes: { kubeVersion: true, apiVersions: true },
        settings: {
          kubeVersion: defaultKubeVersion,
          apiVersions: [],
          release: releaseNameOf(name),
          namespace: 'default',
        },
      },
    ],
    layouts: ['mirrored'],
    target,
    operators,
    decide: () => undefined,
    render: renderer.render,
    signal: session.signal,
  })
  if (!relocated.ok) {
    // Only facts: the message has text from the chart.
    const { kind, leaf } = relocated.problem
    const reason = leaf === undefined ? kind : `it requires ${leaf}`
    return { name, version, state: 'not rendered', ...nothing, reason }
  }
  const { images, runtime, undecided, questions, layouts } = summarize(
    relocated.value,
    local.value.hash,
  )
  const proofs = layouts.mirrored?.proofs ?? []
  const known = [
    ...[...images, ...runtime, ...undecided].map(({ reference }) => reference),
    ...questions.map(subjectOf),
  ]
  const seen = relocated.value.views.map(({ baseline }) => searchIndependently(baseline))
  return {
    name,
    version,
    state: stateOf(proofs),
    images: images.length + runtime.length,
    questions: questions.length + undecided.length,
    unexplained: unexplainedTexts(new Set(seen.flatMap((texts) => [...texts])), known),
    renders: renderer.counts().asked,
    seconds: (performance.now() - began) / 1000,
    reason: proofs.flatMap(({ faults }) => faults)[0] ?? '',
  }
}
