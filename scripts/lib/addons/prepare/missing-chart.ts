import { createAcquirer } from '../../charts/fetch/acquire.ts'
import { nearestVersions } from '../../charts/fetch/nearest-versions.ts'
import { stableVersions } from '../../charts/fetch/versions.ts'
import type { Session } from '../../session/session.ts'
import { type ChartSource, isOciRepository } from '../../model/chart/chart.ts'
import { type Problem, reworded } from '../../model/problem.ts'

/** HTTP repositories of projects whose charts are often looked for in a registry, with words that identify them. */
const httpRepositories: readonly (readonly [url: string, words: readonly string[]])[] = [
  [
    'https://argoproj.github.io/argo-helm',
    ['argo', 'argoproj', 'argo-helm', 'argo-cd', 'argo-rollouts', 'argo-workflows', 'argo-events'],
  ],
  [
    'https://prometheus-community.github.io/helm-charts',
    [
      'prometheus-community',
      'prometheus',
      'kube-prometheus-stack',
      'kube-state-metrics',
      'prometheus-node-exporter',
    ],
  ],
  [
    'https://grafana.github.io/helm-charts',
    ['grafana', 'loki', 'tempo', 'mimir-distributed', 'promtail', 'alloy'],
  ],
  ['https://charts.jetstack.io', ['jetstack', 'cert-manager']],
  [
    'https://aws.github.io/eks-charts',
    ['eks-charts', 'aws-load-balancer-controller', 'aws-for-fluent-bit'],
  ],
  ['https://kubernetes-sigs.github.io/metrics-server', ['metrics-server']],
  ['https://kubernetes-sigs.github.io/external-dns', ['external-dns']],
  ['https://kubernetes.github.io/ingress-nginx', ['ingress-nginx']],
  ['https://kubernetes.github.io/autoscaler', ['autoscaler', 'cluster-autoscaler']],
  ['https://charts.external-secrets.io', ['external-secrets']],
  ['https://kedacore.github.io/charts', ['kedacore', 'keda']],
  ['https://kyverno.github.io/kyverno', ['kyverno']],
  ['https://open-policy-agent.github.io/gatekeeper/charts', ['open-policy-agent', 'gatekeeper']],
  ['https://vmware-tanzu.github.io/helm-charts', ['vmware-tanzu', 'velero']],
  [
    'https://open-telemetry.github.io/opentelemetry-helm-charts',
    ['open-telemetry', 'opentelemetry-operator', 'opentelemetry-collector'],
  ],
  ['https://helm.releases.hashicorp.com', ['hashicorp', 'vault', 'consul']],
  ['https://helm.elastic.co', ['elastic', 'eck-operator']],
  ['https://istio-release.storage.googleapis.com/charts', ['istio', 'istiod']],
]

/** Returns the HTTP repository of a known project for a chart that a registry does not have. */
function httpAlternative({ name, repository }: ChartSource): string | undefined {
  const words = new Set([name, ...repository.split('/').slice(3)])
  return httpRepositories.find(([, known]) => known.some((word) => words.has(word)))?.[0]
}

/**
 * Adds advice to the problem of a chart that a registry did not return: an available version, or another repository.
 * Registries do not distinguish missing charts from those that the caller may not read.
 */
export async function explainMissing(
  chart: ChartSource & { readonly version?: string },
  problem: Problem,
  session: Session,
): Promise<Problem> {
  const isMissing = ['not-found', 'unauthorized', 'access-denied'].includes(problem.kind)
  const { name, repository, version } = chart
  if (!isMissing || !isOciRepository(repository)) return problem
  const versions = await stableVersions(chart, createAcquirer(session), session)
  if (versions.ok && versions.value.length > 0 && version !== undefined) {
    return {
      ...reworded(problem, () => `chart "${name}" has no version "${version}" in "${repository}"`),
      next: `available versions include ${nearestVersions(version, versions.value).join(', ')}`,
    }
  }
  const elsewhere = httpAlternative(chart)
  return {
    ...reworded(
      problem,
      (sentence) => `"${repository}" has no chart "${name}", or it is not public: ${sentence}`,
    ),
    next:
      elsewhere === undefined
        ? "check its name and repository, or use its project's HTTP repository"
        : `its project publishes it at ${elsewhere}: use that as the repository`,
  }
}
