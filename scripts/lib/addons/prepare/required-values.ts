import { emptyTree, treeOf, type ValuesTree } from '../../model/values/values.ts'

/**
 * Minimal values that well-known charts require before they render. They only name things; none enables or disables a
 * part of its chart, which would add or hide images.
 */
const requiredValues: ReadonlyMap<string, ValuesTree> = new Map(
  Object.entries({
    'aws-load-balancer-controller': { clusterName: 'placeholder' },
    karpenter: { settings: { clusterName: 'placeholder', clusterEndpoint: 'https://placeholder' } },
    'cluster-autoscaler': { autoDiscovery: { clusterName: 'placeholder' } },
    'aws-cloudwatch-metrics': { clusterName: 'placeholder' },
    'appmesh-controller': { region: 'us-east-1', accountId: '000000000000' },
    // Its notes fail without an image for collectors; this is the one in the chart's own test.
    'opentelemetry-operator': {
      manager: { collectorImage: { repository: 'otel/opentelemetry-collector-k8s' } },
    },
  }).map(([chart, values]) => [chart, treeOf(values)]),
)

/** Returns the minimal values that a chart requires; empty for most charts. */
export function requiredFor(chart: string): ValuesTree {
  return requiredValues.get(chart) ?? emptyTree()
}
