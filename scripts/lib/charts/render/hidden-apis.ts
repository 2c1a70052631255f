import { walkCharts } from '../chart/files.ts'
import type { ChartFiles } from '../chart/chart.ts'

/**
 * Returns the APIs of a list that a cluster may no longer serve, although helm assumes them: `helm template` answers for
 * every API of its client library, including those that Kubernetes removed years ago. Stable versions stay.
 *
 * @param served APIs that the cluster is known to serve
 */
export function outdatedApis(apis: readonly string[], served: readonly string[] = []): string[] {
  return apis.filter((api) => {
    if (served.includes(api)) return false
    const [group = '', version = ''] = api.split('/')
    const isOwn = !group.includes('.') || group.endsWith('.k8s.io')
    return isOwn && /^v\d+(?:alpha|beta)\d+$/.test(version)
  })
}

/** A name that no cluster serves, in place of an API. */
const unserved = 'unserved.ecr-airlift.invalid/v1'

/**
 * Returns the files of a chart, by path, in which templates ask for an API that no cluster serves instead of one of
 * these. helm has no flag that takes an API away.
 */
export function withoutApis(chart: ChartFiles, apis: readonly string[]): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  for (const { chart: each, folder } of walkCharts(chart)) {
    for (const [path, content] of each.files) {
      files.set(folder + path, mayAsk(path, content) ? hide(content, apis) : content)
    }
  }
  return files
}

/** True for templates, and for other files with text that a template may run. */
function mayAsk(path: string, content: Buffer): boolean {
  return path.startsWith('templates/') || content.includes('APIVersions')
}

function hide(content: Buffer, apis: readonly string[]): Buffer {
  const text = content.toString('latin1')
  const hidden = apis.reduce(
    (rest, api) =>
      rest
        .replaceAll(`"${api}"`, `"${unserved}"`)
        .replaceAll(`\\"${api}\\"`, `\\"${unserved}\\"`)
        .replaceAll(`\`${api}\``, `\`${unserved}\``),
    text,
  )
  return hidden === text ? content : Buffer.from(hidden, 'latin1')
}
