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
import { isPassing, type Patience, waitFor } from './wait.ts'

const pod = 'migration-console-0'

/** Waits until the console's pod is ready. Throws `ProblemError`. */
export async function waitForConsole(
  kubernetes: Kubernetes,
  namespace: string,
  step: Step,
  patience: Patience,
): Promise<void> {
  const options = {
    what: `pod "${pod}"`,
    ...patience,
    tell: step.wait,
    next: `see "kubectl --namespace ${namespace} describe pod ${pod}", and run the same command again`,
  }
  await waitFor(options, async () => {
    const pods = await kubernetes.pods(namespace)
    if (!pods.ok) {
      if (isPassing(pods.problem)) return { state: sentenceOf(pods.problem) }
      throw new ProblemError(pods.problem)
    }
    const found = pods.value.find(({ name }) => name === pod)
    if (found?.isReady) return { done: undefined }
    return {
      state:
        found === undefined
          ? `${pod} is not there yet · ${stateOfPods(pods.value)}`
          : stateOfPods([found]),
    }
  })
}

const shell = ['exec', '--stdin', '--tty', pod, '--', '/bin/bash']

/** The command that opens a shell in the console. */
export function shellCommand(
  kubectl: string,
  { kubeconfig, context }: Pick<ClusterConnection, 'kubeconfig' | 'context'>,
  namespace: string,
): Command {
  const place = [`--kubeconfig=${kubeconfig}`, `--context=${context}`, `--namespace=${namespace}`]
  return { tool: kubectl, args: [...place, ...shell] }
}

/** How a user opens the console later, by their own kubeconfig. */
export function consoleHint(namespace: string): string {
  return render({ tool: 'kubectl', args: ['--namespace', namespace, ...shell] })
}

/**
 * Opens a shell in the console, for as long as the user stays. Everything is installed by then, so that a shell that
 * cannot be opened is said and is no failure.
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
  const hint = `open a shell in it with ${consoleHint(namespace)}`
  const kubectl = await findOnPath('kubectl', env)
  if (kubectl === undefined) {
    step.note('there is no kubectl on PATH, which a shell in the console needs')
    return step.unchanged(`ready; ${hint}`)
  }
  const ended = await talk(shellCommand(kubectl, door, namespace), surroundings)
  const { exitCode, reason = `it ended with exit code ${exitCode ?? 'none'}` } = ended
  if (exitCode !== 0) step.note(`kubectl: ${reason}; ${hint}`)
  return step.unchanged('ready')
}
