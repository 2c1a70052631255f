import { interruptible } from '../../../steps/interruptible.ts'
import { type HelmFile, hashFile } from '../../../charts/render/helm-file.ts'
import { outsideProblem } from '../../../charts/render/outside-schema.ts'
import { type Problem, ProblemError, reworded } from '../../../model/problem.ts'
import type { Session } from '../../../session/session.ts'
import type { Kubernetes } from '../../../tools/kubernetes/client.ts'
import type { Command } from '../../../tools/process/command.ts'
import type { RunResult } from '../../../tools/process/exec.ts'
import { installCommand, type ReleasePlace } from '../../../tools/process/helm.ts'
import {
  decideRelease,
  describeRelease,
  type WantedRelease,
} from '../../application/release-state.ts'
import type { Step } from '../../checklist.ts'
import { kubeconfigPlace } from '../../cluster/connection.ts'
import { diagnose, stateOfPods } from '../../cluster/diagnostics.ts'
import { aboutHelm, readRelease } from '../../cluster/release.ts'
import { having } from '../../findings.ts'
import type { StepDefinition } from '../definition.ts'

/** Installs the release. */
export const releaseStep: StepDefinition = {
  id: 'release',
  title: 'Installation',
  changes: () => true,

  plan: ({ flags }) =>
    `install release "${flags.namespace}" in namespace "${flags.namespace}"${
      flags.upgrade ? ', or upgrade it' : ''
    }; a release that is up to date is left unchanged`,

  async run({ request, session }, findings, step) {
    const { opened, installable } = having(findings, 'opened', 'installable')
    const { namespace, upgrade = false, helmTimeout } = request.flags
    const { chart, values, file } = installable
    const { name, version } = chart.chart.metadata
    await installRelease(
      {
        release: namespace,
        namespace,
        chart: `${name}-${version}`,
        chartDigest: chart.hash,
        values,
      },
      {
        place: kubeconfigPlace(opened.door, namespace),
        upgrade,
        chart: chart.path,
        values: file,
        timeoutSeconds: helmTimeout,
        schemaProblem: await interruptible(outsideProblem(chart.chart), session.signal),
        kubernetes: opened.kubernetes,
      },
      session,
      step,
    )
    return {}
  },
}

export interface ReleaseSettings {
  readonly place: ReleasePlace
  readonly upgrade: boolean
  /** Folder or archive of the chart. */
  readonly chart: string
  /** The proven file. */
  readonly values: HelmFile
  readonly timeoutSeconds: number
  /** The reason why helm skips checking the values against the chart's schemas. */
  readonly schemaProblem: Problem | undefined
  readonly kubernetes: Kubernetes
}

/** Installs the release, upgrades it if requested, or leaves it unchanged. Throws `ProblemError`. */
export async function installRelease(
  wanted: WantedRelease,
  settings: ReleaseSettings,
  session: Session,
  step: Step,
): Promise<void> {
  const { place, upgrade, schemaProblem } = settings
  const judged = decideRelease(await readRelease(place, session), wanted, { upgrade })
  if (judged.move === 'refuse') throw new ProblemError(judged.problem)
  if (judged.move === 'leave') return step.unchanged(judged.why)
  if (judged.move === 'upgrade') {
    for (const difference of judged.differences) step.note(difference.trim())
  }
  if (schemaProblem !== undefined) {
    step.note(
      `skipping the check of the values against the chart's schema: ${schemaProblem.message}`,
    )
  }
  await refuseChanged(settings.values)
  step.changing()
  const command = installCommand(session.helm.path, judged.move, settings.chart, place, {
    values: [settings.values.path],
    description: describeRelease(wanted.chartDigest),
    timeoutSeconds: settings.timeoutSeconds,
    skipSchema: schemaProblem !== undefined,
  })
  const result = await runWatched(command, settings, session, step)
  if (!result.ok) throw await explainFailure(result, settings, session, step)
  step.done(
    `release "${wanted.release}" ${judged.move === 'install' ? 'installed' : 'upgraded'} (${wanted.chart})`,
  )
}

/** Checks that helm will read the proven bytes. Throws `ProblemError` for a file that has changed since. */
async function refuseChanged({ path, sha256 }: HelmFile): Promise<void> {
  if ((await hashFile(path)) === sha256) return
  throw new ProblemError({
    kind: 'differs',
    side: 'local',
    message: `"${path}" changed after its values were checked`,
    next: 'find the process that writes to this file, then rerun the same command',
  })
}

const secondsBetweenLooks = 10
/** Number of waits that one helm process may do in turn, such as hooks, each up to its timeout. */
const mostWaits = 10
/** Grace period for an interrupted helm to record that in the cluster; otherwise its release stays pending forever. */
const graceMilliseconds = 30_000

/** Runs helm, and reports the state of the pods meanwhile. */
async function runWatched(
  command: Command,
  { timeoutSeconds, kubernetes, place }: ReleaseSettings,
  { run, surroundings, signal }: Session,
  step: Step,
): Promise<RunResult> {
  const began = performance.now()
  let told = ''
  const look = async () => {
    const pods = await kubernetes.pods(place.namespace)
    // The pods are only informative: helm continues without them and reports its own problems.
    const state = pods.ok ? stateOfPods(pods.value) : ''
    if (state !== '' && state !== told) step.wait(state, performance.now() - began)
    told = state
  }
  const timer = setInterval(() => void look(), secondsBetweenLooks * 1000)
  try {
    // helm's own timeout applies to each wait, one hook after the other; this one stops a helm that hangs.
    const deadline = (timeoutSeconds * mostWaits + 120) * 1000
    const options = { ...surroundings.helm, signal, deadline, grace: graceMilliseconds }
    return await run(command, options)
  } finally {
    clearInterval(timer)
  }
}

async function explainFailure(
  result: RunResult,
  { place, kubernetes }: ReleaseSettings,
  { signal }: Session,
  step: Step,
): Promise<ProblemError> {
  if (signal.aborted) {
    return new ProblemError({
      kind: 'interrupted',
      side: 'local',
      message: `helm was interrupted while installing release "${place.release}"`,
    })
  }
  for (const line of await diagnose(kubernetes, place.namespace)) step.note(line)
  const failed = (sentence: string) => `could not install release "${place.release}": ${sentence}`
  return new ProblemError({
    ...reworded(aboutHelm(result), failed),
    next: 'check the pod output above, fix the cause, then rerun with --upgrade',
  })
}
