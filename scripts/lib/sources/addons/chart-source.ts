import { type ChartSource, parseChartSource } from '../../model/chart/chart.ts'
import type { Result } from '../../model/problem.ts'
import { trimEndOf } from '../../model/text/trim.ts'

/**
 * Reads the many notations for a chart's location into one normal form: `argo-cd` of `https://…`, `karpenter/karpenter`
 * of `public.ecr.aws`, a chart with a separate namespace, or `oci://host/path/name` alone.
 */
export function readSource(
  chart: string,
  repository = '',
  namespaceInRegistry = '',
): Result<ChartSource> {
  const bare = trimEndOf(repository.trim(), '/')
  if (/^https?:\/\//.test(bare)) return parseChartSource(chart, bare)
  if (chart.startsWith('oci://')) return parseChartSource(lastOf(chart), chart)
  // A host without a scheme is a registry; an HTTP repository is always written with one.
  const base = bare.startsWith('oci://') ? bare : `oci://${bare}`
  const namespace = namespaceInRegistry
    .split('/')
    .filter((part) => part !== '')
    .join('/')
  const isSpelledOut = namespace !== '' || chart.includes('/')
  // A repository that ends with the chart's own name repeats it, unless it would have no path without it: the chart
  // karpenter of public.ecr.aws/karpenter is public.ecr.aws/karpenter/karpenter.
  const repeats = base.split('/').length > 4 && lastOf(base) === chart
  const url =
    repeats && !isSpelledOut
      ? base
      : [base, namespace, chart].filter((part) => part !== '').join('/')
  return parseChartSource(lastOf(url), url)
}

function lastOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1)
}
