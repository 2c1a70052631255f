import type { Kubernetes, Pod } from '../tools/kubernetes.ts'

/** What a namespace's pods are doing, in one line. */
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
 * Everything of a namespace that tells why an installation failed: pods that do not run, the logs of Jobs that did not
 * succeed, and the latest warnings. What cannot be read is said, and hides nothing else.
 */
export async function diagnose(kubernetes: Kubernetes, namespace: string): Promise<string[]> {
  const [pods, events] = await Promise.all([
    kubernetes.pods(namespace),
    kubernetes.events(namespace),
  ])
  if (!pods.ok) return [pods.problem.message]
  const bad = pods.value.filter(
    ({ phase, troubles }) => !['Running', 'Succeeded'].includes(phase) || troubles.length > 0,
  )
  const lines = bad.map(
    ({ name, phase, troubles }) => `pod ${name}: ${[phase, ...troubles].join(', ')}`,
  )
  // A Job that fails for good has a pod for each attempt, the last of which says most.
  for (const { name, containers } of bad.filter(({ job }) => job !== undefined).slice(-3)) {
    for (const container of containers) {
      const log = await kubernetes.log(namespace, name, container)
      const text = log.ok ? log.value.trimEnd() : log.problem.message
      if (text === '') continue
      lines.push(`log of ${name}/${container}:`, ...text.split('\n').map((line) => `  ${line}`))
    }
  }
  if (!events.ok) return [...lines, events.problem.message]
  const warnings = events.value
    .filter(({ type }) => type === 'Warning')
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .slice(-shownEvents)
  return [
    ...lines,
    ...warnings.map(({ about, reason, message }) => `event: ${about} ${reason}: ${message}`),
  ]
}
