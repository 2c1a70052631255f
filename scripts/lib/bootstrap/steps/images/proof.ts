import type { Context } from '../../../cli/main.ts'
import { count } from '../../../cli/text.ts'
import { chartVersionOf } from '../../../model/manifest/manifest.ts'
import { describeQuestion } from '../../../model/chart/question-text.ts'
import type { Lock } from '../../../model/manifest/lock.ts'
import { ProblemError, sentenceOf, unwrap } from '../../../model/problem.ts'
import type { EcrRegistry } from '../../../model/image/registry.ts'
import { emptyTree, isTree, nodeAt, type ValuesTree } from '../../../model/values/values.ts'
import type { Session } from '../../../session/session.ts'
import type { ServedCluster } from '../../../model/chart/served-cluster.ts'
import { answeredBy } from '../../../verify/answered.ts'
import { askRegistry } from '../../../verify/against-registry.ts'
import { judgementFaults, judgeSubjects, type Subject } from '../../../verify/judge.ts'
import { installerFaults } from '../../../verify/installer.ts'
import { valueRoutesOf } from '../../../verify/routes.ts'
import type { Step } from '../../checklist.ts'
import type { Patches } from '../../patches.ts'
import type { System } from '../../system.ts'
import { having } from '../../findings.ts'
import type { StepDefinition } from '../definition.ts'

/** Proves that nothing public is left in the installation. */
export const proofStep: StepDefinition = {
  id: 'proof',
  title: 'Proof',
  changes: () => false,

  plan({ mirror, flags }) {
    if (!mirror) return undefined
    const otherwise = flags.allowUnproven
      ? 'otherwise the failing references are listed and helm runs anyway'
      : 'otherwise helm does not run'
    return `render everything with all values, and check that every reference is private and in the registry; ${otherwise}`
  },

  async run({ request, session, context }, findings, step) {
    const { mirrored, installable, opened } = having(findings, 'mirrored', 'installable', 'opened')
    const { namespace, allowUnproven = false } = request.flags
    const { values } = installable
    // Templates decide by what helm will see in this cluster.
    const cluster = unwrap(await opened.kubernetes.served())
    const input = { ...mirrored, values, namespace, cluster, allowUnproven }
    await proveSystem(input, session, context, step)
    return { missing: mirrored.missing }
  },
}

interface ProofInput {
  readonly system: System
  readonly patches: Patches
  /** All values that helm gets, including the override. */
  readonly values: ValuesTree
  readonly registry: EcrRegistry
  readonly lock: Lock
  readonly namespace: string
  readonly cluster: ServedCluster
  readonly allowUnproven: boolean
}

/**
 * Renders what helm will install: the umbrella with all its values, and each of its charts with the values that the
 * umbrella passes on. Every reference has to point to its place in the registry and to exist there. Throws
 * `ProblemError` with every reference that does not, unless that is allowed.
 */
async function proveSystem(
  input: ProofInput,
  session: Session,
  context: Context,
  step: Step,
): Promise<void> {
  const { system, registry, lock, cluster } = input
  const routes = valueRoutesOf(system.manifest, 'mirrored', system.target)
  const settings = {
    target: system.target,
    routes,
    session,
    countsOwn: true,
    cluster,
    isAnswered: answeredBy(system.manifest),
  }
  const { checked, problems, questions, notices } = await judgeSubjects(subjectsOf(input), settings)
  const presence = await askRegistry(checked, registry, lock, context)
  const faults = [
    ...problems,
    ...judgementFaults(checked, presence, false),
    ...installerFaults(input.values, {
      routes,
      registry: system.target.registry,
      charts: system.charts.map(({ name }) => name),
      isComplete: true,
    }),
  ]
  const [places, images] = [checked.length, new Set(checked.map(({ reference }) => reference)).size]
  for (const notice of notices) step.note(notice)
  for (const { chart, question } of questions) {
    step.note(`open question about ${chart}: ${describeQuestion(question)}`)
  }
  if (faults.length === 0) {
    const open = questions.length === 0 ? '' : `; ${count(questions.length, 'open question')}`
    step.done(
      `${count(places, 'reference')} to ${count(images, 'image')}, all private and in the registry${open}`,
    )
    return
  }
  if (!input.allowUnproven) throw new ProblemError(faults)
  for (const fault of faults) step.note(sentenceOf(fault))
  step.done(
    `${count(faults.length, 'reference is', 'references are')} not proven, as allowed by --allow-unproven`,
  )
}

function subjectsOf({ system, patches, values, namespace }: ProofInput): Subject[] {
  const { local, given, own, charts, acquirer } = system
  const [variant = 'umbrella'] = Object.keys(own.variants)
  const umbrella: Subject = {
    chart: { ...own, namespace, variants: { [variant]: given } },
    local: () => Promise.resolve(local),
    // The same file and release that helm gets.
    over: values,
    isWhole: true,
    release: namespace,
    ...(patches.umbrella && { installed: patches.umbrella.local }),
  }
  return [
    umbrella,
    ...charts.map((chart): Subject => {
      const handed = nodeAt(values, ['charts', chart.name, 'values'])
      const copy = patches.charts.get(chart.name)
      return {
        chart,
        local: async () => unwrap(await acquirer.published(chartVersionOf(chart))),
        over: isTree(handed) ? handed : emptyTree(),
        ...(copy && { installed: copy.local }),
      }
    }),
  ]
}
