import { sentenceOf } from '../../model/problem.ts'
import type { Kubernetes, KubernetesEvent, Pod } from '../../tools/kubernetes/client.ts'

/** Returns the state of a namespace's pods in one line. */
export function stateOfPods(pods: readonly Pod[]): string {
  const phases = new Map<string, number>()
  for (const { phase } of pods) phases.set(phase, (phases.get(phase) ?? 0) + 1)
  const counts = [...phases].map(([phase, number]) => `${number} ${phase}`)
  const troubled = pods.flatMap(({ name, troubles }) =>
    troubles.slice(0, 1).map((trouble) => `${name}: ${trouble}`),
  )
  return [
    ...(counts.length > 0 ? [`pods: ${counts.join(', ')}`] : []),
    ...troubled.slice(0, 3),
  ].join(' · ')
}

const shownEvents = 20

/**
 * Returns everything in a namespace that shows why an installation failed: pods that do not run, the logs of Jobs that
 * did not succeed, and the latest warnings. Parts that cannot be read are reported, and do not hide the others.
 */
export async function diagnose(kubernetes: Kubernetes, namespace: string): Promise<string[]> {
  const [pods, events] = await Promise.all([
    kubernetes.pods(namespace),
    kubernetes.events(namespace),
  ])
  return [
    ...(pods.ok ? await aboutPods(kubernetes, namespace, pods.value) : [sentenceOf(pods.problem)]),
    ...(events.ok ? aboutEvents(events.value) : [sentenceOf(events.problem)]),
  ]
}

async function aboutPods(
  kubernetes: Kubernetes,
  namespace: string,
  pods: readonly Pod[],
): Promise<string[]> {
  const bad = pods.filter(
    ({ phase, troubles, job }) =>
      troubles.length > 0 || phase !== (job === undefined ? 'Running' : 'Succeeded'),
  )
  const lines = bad
    .filter(({ phase, job }) => job !== undefined || phase !== 'Succeeded')
    .map(({ name, phase, troubles }) => `pod ${name}: ${[phase, ...troubles].join(', ')}`)
  // A failed Job has a pod for each attempt; the last one is the most informative.
  const latest = bad
    .filter(({ job }) => job !== undefined)
    .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
    .slice(-3)
  for (const { name, containers } of latest) {
    for (const container of containers) {
      const log = await kubernetes.log(namespace, name, container)
      const text = log.ok ? log.value.trimEnd() : sentenceOf(log.problem)
      if (text === '') continue
      lines.push(`log of ${name}/${container}:`, ...text.split('\n').map((line) => `  ${line}`))
    }
  }
  return lines
}

function aboutEvents(events: readonly KubernetesEvent[]): string[] {
  return events
    .filter(({ type }) => type === 'Warning')
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .slice(-shownEvents)
    .map(({ about, reason, message }) => `event: ${about} ${reason}: ${message}`)
}
