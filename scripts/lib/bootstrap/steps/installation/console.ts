import { ProblemError, sentenceOf } from '../../../model/problem.ts'
import { render } from '../../../tools/process/exec.ts'
import type { Command } from '../../../tools/process/command.ts'
import type { Kubernetes } from '../../../tools/kubernetes/client.ts'
import type { Surroundings } from '../../../tools/process/environment.ts'
import { findOnPath } from '../../../tools/install/cache.ts'
import type { Step } from '../../checklist.ts'
import type { BootstrapDoors } from '../../doors.ts'
import type { ClusterConnection } from '../../cluster/connection.ts'
import { stateOfPods } from '../../cluster/diagnostics.ts'
import { isTransient, type WaitLimits, waitFor } from '../../wait.ts'
import { having } from '../../findings.ts'
import { waitLimits } from '../../job.ts'
import type { StepDefinition } from '../definition.ts'

/** Waits for the console, and opens a shell in it. */
export const consoleStep: StepDefinition = {
  id: 'console',
  title: 'Console',
  changes: () => false,

  plan: ({ flags }) =>
    `wait for the pod ${pod}${flags.skipConsoleExec ? '' : ', and open a shell in it'}`,

  async run(job, findings, step) {
    const { door, kubernetes } = having(findings, 'opened').opened
    const { namespace, skipConsoleExec } = job.request.flags
    await waitForConsole(kubernetes, namespace, step, waitLimits(job))
    const { talk } = job.doors
    if (skipConsoleExec || talk === undefined) {
      step.unchanged(`ready; open a shell with ${consoleHint(namespace)}`)
      return {}
    }
    const surroundings = job.session.surroundings.kubectl
    await openConsole(door, namespace, { talk, env: job.context.env, surroundings }, step)
    return {}
  },
}

const pod = 'migration-console-0'

/** Waits until the console's pod is ready. Throws `ProblemError`. */
async function waitForConsole(
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
function consoleHint(namespace: string): string {
  return render({ tool: 'kubectl', args: ['--namespace', namespace, ...shell] })
}

/**
 * Opens a shell in the console until the user leaves it. Everything is installed by then, so a shell that cannot be
 * opened is reported but is not a failure.
 */
async function openConsole(
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
