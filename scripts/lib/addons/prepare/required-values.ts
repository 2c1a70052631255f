import { emptyTree, treeOf, type ValuesTree } from '../../model/values/values.ts'

/**
 * The least that well-known charts ask for before they render at all. Each only names something; none switches a part
 * of its chart on or off, or images would be added or lost.
 */
const requiredValues: ReadonlyMap<string, ValuesTree> = new Map(
  Object.entries({
    'aws-load-balancer-controller': { clusterName: 'placeholder' },
    karpenter: { settings: { clusterName: 'placeholder', clusterEndpoint: 'https://placeholder' } },
    'cluster-autoscaler': { autoDiscovery: { clusterName: 'placeholder' } },
    'aws-cloudwatch-metrics': { clusterName: 'placeholder' },
    'appmesh-controller': { region: 'us-east-1', accountId: '000000000000' },
    // Its notes refuse to say anything without an image for collectors; this is the one that the chart's own test names.
    'opentelemetry-operator': {
      manager: { collectorImage: { repository: 'otel/opentelemetry-collector-k8s' } },
    },
  }).map(([chart, values]) => [chart, treeOf(values)]),
)

/** The least that a chart asks for; nothing for most charts. */
export function requiredFor(chart: string): ValuesTree {
  return requiredValues.get(chart) ?? emptyTree()
}
