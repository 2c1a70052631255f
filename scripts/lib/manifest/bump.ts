import { isMap, isScalar, isSeq, parseDocument, type Scalar } from 'yaml'
import { isChartVersion } from '../model/chart/chart.ts'
import { invalidInput, type Result, success } from '../model/problem.ts'

/** A chart and its new version, as published. */
export interface Bump {
  readonly name: string
  readonly version: string
}

/** Parses `NAME=VERSION`. */
export function parseBump(text: string): Result<Bump> {
  const match = /^([^=]+)=(.+)$/.exec(text)
  const [, name = '', version = ''] = match ?? []
  if (match === null)
    return invalidInput(
      `--bump "${text}" is not NAME=VERSION`,
      'use the form NAME=VERSION, for example grafana=8.15.0',
    )
  if (version !== 'latest' && !isChartVersion(version)) {
    return invalidInput(
      `--bump "${text}": "${version}" is not a chart version`,
      'use a version with three parts, for example 8.15.0, or "latest" for the newest stable version',
    )
  }
  return success({ name, version })
}

/**
 * Changes the version of one chart in the text of a chart list and nothing else: comments, order, quotes and layout
 * stay. `published` is kept only where the publisher's spelling differs from the pinned one.
 */
export function bumpText(text: string, { name, version }: Bump): Result<string> {
  const charts = parseDocument(text).get('charts', true)
  const entry = isSeq(charts)
    ? charts.items.find((item) => isMap(item) && item.get('name') === name)
    : undefined
  if (!isMap(entry)) {
    return invalidInput(`chart "${name}" is not in the chart list`, 'check the name in --bump')
  }
  const pinned = entry.get('version', true)
  const published = entry.get('published', true)
  if (!isScalar(pinned)) return invalidInput(`chart "${name}" has no version in the chart list`)
  if (!isScalar(published)) return success(replaceScalar(text, pinned, version))
  const bare = version.replace(/^v/, '')
  // From the end, so that the first range stays valid.
  const ranges = [
    [published, version],
    [pinned, String(pinned.value).startsWith('v') ? version : bare],
  ] as const
  return success(
    ranges
      .toSorted(([a], [b]) => (b.range?.[0] ?? 0) - (a.range?.[0] ?? 0))
      .reduce((changed, [scalar, value]) => replaceScalar(changed, scalar, value), text),
  )
}

function replaceScalar(text: string, { range, type }: Scalar, value: string): string {
  const [start = 0, end = 0] = range ?? []
  const quote = type === 'QUOTE_DOUBLE' ? '"' : "'"
  return `${text.slice(0, start)}${quote}${value}${quote}${text.slice(end)}`
}
