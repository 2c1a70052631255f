import { ProblemError, sentenceOf } from '../../model/problem.ts'
import { render } from '../../tools/process/exec.ts'
import type { Command } from '../../tools/process/command.ts'
import type { Kubernetes } from '../../tools/kubernetes/client.ts'
import type { Surroundings } from '../../tools/process/environment.ts'
import { findOnPath } from '../../tools/install/cache.ts'
import type { Step } from '../checklist.ts'
import type { BootstrapDoors } from '../doors.ts'
import type { ClusterConnection } from './cluster.ts'
import { stateOfPods } from './diagnostics.ts'
import { isTransient, type WaitLimits, waitFor } from './wait.ts'

const pod = 'migration-console-0'

/** Waits until the console's pod is ready. Throws `ProblemError`. */
export async function waitForConsole(
  kubernetes: Kubernetes,
  namespace: string,
  step: Step,
  patience: WaitLimits,
): Promise<void> {
  const options = {
    what: `pod "${pod}"`,
    ...patience,
    tell: step.wait,
    next: `check "kubectl --namespace ${namespace} describe pod ${pod}", then rerun the same command`,
  }
  await waitFor(options, async () => {
    const pods = await kubernetes.pods(namespace)
    if (!pods.ok) {
      if (isTransient(pods.problem)) return { state: sentenceOf(pods.problem) }
      throw new ProblemError(pods.problem)
    }
    const found = pods.value.find(({ name }) => name === pod)
    if (found?.isReady) return { done: undefined }
    return {
      state:
        found === undefined
          ? `${pod} does not exist yet · ${stateOfPods(pods.value)}`
          : stateOfPods([found]),
    }
  })
}

const shell = ['exec', '--stdin', '--tty', pod, '--', '/bin/bash']

/** Returns the command that opens a shell in the console. */
export function shellCommand(
  kubectl: string,
  { kubeconfig, context }: Pick<ClusterConnection, 'kubeconfig' | 'context'>,
  namespace: string,
): Command {
  const place = [`--kubeconfig=${kubeconfig}`, `--context=${context}`, `--namespace=${namespace}`]
  return { tool: kubectl, args: [...place, ...shell] }
}

/** Returns the command with which a user opens the console later, with their own kubeconfig. */
export function consoleHint(namespace: string): string {
  return render({ tool: 'kubectl', args: ['--namespace', namespace, ...shell] })
}

/**
 * Opens a shell in the console until the user leaves it. Everything is installed by then, so a shell that cannot be
 * opened is reported but is not a failure.
 */
export async function openConsole(
  door: Pick<ClusterConnection, 'kubeconfig' | 'context'>,
  namespace: string,
  {
    talk,
    env,
    surroundings,
  }: {
    readonly talk: NonNullable<BootstrapDoors['talk']>
    readonly env: NodeJS.ProcessEnv
    readonly surroundings: Surroundings
  },
  step: Step,
): Promise<void> {
  const hint = `open a shell with ${consoleHint(namespace)}`
  const kubectl = await findOnPath('kubectl', env)
  if (kubectl === undefined) {
    step.note('a shell in the console requires kubectl, which is not on PATH')
    return step.unchanged(`ready; ${hint}`)
  }
  const ended = await talk(shellCommand(kubectl, door, namespace), surroundings)
  const { exitCode, reason = `exited with code ${exitCode ?? 'none'}` } = ended
  if (exitCode !== 0) step.note(`kubectl: ${reason}; ${hint}`)
  return step.unchanged('ready')
}
