import { ProblemError, sentenceOf } from '../../model/problem.ts'
import type { Kubernetes } from '../../tools/kubernetes/client.ts'
import type { Step } from '../checklist.ts'
import type { OpenCluster } from '../findings.ts'
import type { BootstrapJob } from '../job.ts'
import { isTransient, type WaitOptions, waitFor } from '../wait.ts'
import { kubeconfigPlace } from './connection.ts'
import { refuseBlocked } from './release.ts'

/** Reports missing access and a conflicting release now, not after everything is copied. */
export async function checkEntry(
  { request, session, context, doors }: BootstrapJob,
  { kubernetes, door }: OpenCluster,
  patience: number,
  step: Step,
): Promise<void> {
  const { namespace, upgrade = false } = request.flags
  const waiting = { signal: context.signal, clock: doors.clock }
  await reach(kubernetes, namespace, patience, step, waiting)
  await refuseBlocked(kubeconfigPlace(door, namespace), upgrade, session)
}

/** Attempts to reach the cluster: one lost connection does not make it unreachable. */
const blipMilliseconds = 5_000
/** A new access entry takes effect after some seconds. */
export const accessMilliseconds = 60_000

/**
 * Asks the API server for the pods of the namespace before anything is copied: otherwise an unreachable cluster or
 * missing access would only show an hour later. Retries a refusal for the given time.
 */
async function reach(
  kubernetes: Kubernetes,
  namespace: string,
  patience: number,
  step: Step,
  { signal, clock }: Required<Pick<WaitOptions, 'signal' | 'clock'>>,
): Promise<void> {
  const began = clock.ticks()
  const until = began + patience
  const options = {
    what: 'access to the cluster',
    deadline: patience + 60_000,
    signal,
    clock,
    tell: step.wait,
    next: 'rerun the same command',
  }
  await waitFor(options, async () => {
    const pods = await kubernetes.pods(namespace)
    if (pods.ok) return { done: undefined }
    const now = clock.ticks()
    const isRefused = pods.problem.kind === 'access-denied'
    if (isRefused && now < until) return { state: 'access has not been granted yet' }
    if (isTransient(pods.problem) && now < began + blipMilliseconds) {
      return { state: sentenceOf(pods.problem) }
    }
    throw new ProblemError(pods.problem)
  })
}
