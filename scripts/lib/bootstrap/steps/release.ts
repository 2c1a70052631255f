import { z } from 'zod'
import { type HelmFile, hashFile } from '../../charts/render/helm-file.ts'
import type { Session } from '../../session/session.ts'
import { type Problem, ProblemError, reworded } from '../../model/problem.ts'
import { describeTreeFault } from '../../model/tree/fault-text.ts'
import { parseJson } from '../../model/tree/json.ts'
import { emptyTree, isTree, type ValuesNode } from '../../model/values/values.ts'
import type { RunResult } from '../../tools/process/exec.ts'
import type { Command } from '../../tools/process/command.ts'
import { classifyRun } from '../../tools/process/failures.ts'
import {
  getValuesCommand,
  historyCommand,
  installCommand,
  listCommand,
  type ReleasePlace,
} from '../../tools/process/helm.ts'
import type { Kubernetes } from '../../tools/kubernetes/client.ts'
import type { Step } from '../checklist.ts'
import { diagnose, stateOfPods } from './diagnostics.ts'
import {
  blockage,
  describeRelease,
  decideRelease,
  type ReleaseState,
  type WantedRelease,
} from '../application/release-state.ts'

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

const listSchema = z.array(
  z.object({ chart: z.string(), status: z.string(), revision: z.coerce.number() }),
)
const historySchema = z.array(z.object({ description: z.string() }))

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

/** Checks for a conflicting release before anything is copied. Throws `ProblemError` when there is one. */
export async function refuseBlocked(
  place: ReleasePlace,
  upgrade: boolean,
  session: Session,
): Promise<void> {
  const state = await readRelease(place, session)
  const problem = state && blockage(state, place, upgrade)
  if (problem !== undefined) throw new ProblemError(problem)
}

/** Returns the release as reported by helm; nothing when there is none. Throws `ProblemError` when helm fails. */
async function readRelease(
  place: ReleasePlace,
  session: Session,
): Promise<ReleaseState | undefined> {
  const helm = session.helm.path
  const [listed] = listSchema.parse(await runJson(listCommand(helm, place), session))
  if (listed === undefined) return undefined
  const [last] = historySchema.parse(await runJson(historyCommand(helm, place), session))
  const values = await runJson(getValuesCommand(helm, place), session)
  return {
    ...listed,
    description: last?.description ?? '',
    values: isTree(values) ? values : emptyTree(),
  }
}

async function runJson(
  command: Command,
  { run, surroundings, signal }: Session,
): Promise<ValuesNode> {
  const options = { ...surroundings.helm, signal, deadline: 2 * 60_000 }
  const result = await run(command, options)
  if (!result.ok) throw new ProblemError(aboutHelm(result))
  const read = parseJson(result.stdout)
  if (read.ok) return read.value
  throw new ProblemError({
    kind: 'unknown',
    side: 'target',
    message: `helm ${command.args[0] ?? ''} did not print valid JSON: ${describeTreeFault(read.problem.fault, read.problem.words)}`,
  })
}

function aboutHelm(result: RunResult): Problem {
  const problem = classifyRun(result)
  return { ...problem, side: problem.side === 'source' ? 'target' : problem.side }
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
