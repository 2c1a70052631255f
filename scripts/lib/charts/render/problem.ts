import { formatLeafPath } from '../../model/values/leaf-path.ts'
import { inOrigin, type Origin, valuesInOrigin } from '../../model/origin.ts'
import { hideTexts, privateTexts } from '../../model/text/given-texts.ts'
import type { ValuesTree } from '../../model/values/values.ts'
import type { Problem } from '../../model/problem.ts'
import type { RunResult } from '../../tools/process/exec.ts'
import { classifyRun, redact } from '../../tools/process/failures.ts'
import { readViolations } from './violations.ts'
import { walkCharts } from '../chart/files.ts'
import type { ChartFiles } from '../chart/chart.ts'

/** Words in helm's messages that mean the schema itself is wrong, not the values. Seen with helm 4.2.4. */
const brokenSchema =
  /is not valid against metaschema|json-pointer .* not found|failed to compile|invalid jsonType|failing loading/

/** Maximum length of helm's message that is examined. */
const longestWords = 64 * 1024

/** The chart that did not render. */
interface Rendered {
  readonly chart: ChartFiles
  readonly origin: Origin
  /** The values passed to helm. */
  readonly values: readonly ValuesTree[]
}

/**
 * Returns the problem of a failed render: helm's message, and the value that the chart requires, read from the template
 * line that helm names.
 */
export function explainRender(result: RunResult, { chart, origin, values }: Rendered): Problem {
  if (result.ending !== 'exited') return classifyRun(result)
  const words = wordsOf(result.stderr).slice(0, longestWords)
  const said = redact(hideTexts(words, privateTexts(values)))
  const { name, version } = chart.metadata
  const base = {
    side: 'input',
    message: `chart ${name} ${version} does not render: ${said}`,
  } as const
  if (said.includes('specifications of the schema')) {
    const isBroken = brokenSchema.test(said)
    return {
      ...base,
      kind: 'invalid-schema',
      side: isBroken ? 'source' : 'input',
      ...(!isBroken && { violations: readViolations(said) }),
      next: "set values that the chart's values.schema.json allows",
    }
  }
  if (said.includes('requires kubeVersion')) {
    return {
      ...base,
      kind: 'render-failed',
      next: kubeVersionAdvice(origin),
    }
  }
  const leaf = leafAskedFor(said, chart)
  return {
    ...base,
    kind: 'render-failed',
    ...(leaf !== undefined && { leaf }),
    next:
      leaf === undefined
        ? `set the values that it requires ${valuesInOrigin(origin)}`
        : `set a value for "${leaf}" ${valuesInOrigin(origin, leaf)}`,
  }
}

/** Returns where to set the Kubernetes version: in a chart list, or with a flag. */
function kubeVersionAdvice(origin: Origin): string {
  return origin.kind === 'chart-list' || origin.kind === 'manifest'
    ? `set the chart's kubeVersion ${inOrigin(origin)} to the version of your cluster`
    : 'set --kube-version to the version of your cluster'
}

/** Returns helm's error message without its debugging advice. */
function wordsOf(stderr: string): string {
  const start = stderr.lastIndexOf('Error: ')
  const said = stderr.slice(start === -1 ? 0 : start + 'Error: '.length)
  const advice = said.indexOf('Use --debug flag')
  if (advice === -1) return said.trim()
  const newline = said.indexOf('\n', advice)
  return `${said.slice(0, advice).trimEnd()}${newline === -1 ? '' : said.slice(newline)}`.trim()
}

/** How many lines above the failing line its condition may be. */
const reach = 8

/** Maximum template locations looked up per message. Nested includes name one each; these are the outermost. */
const maximumPlaces = 50

/**
 * Returns the value that a chart requires: one that the message names and a template reads, else the first one read on
 * the template line in the message, or on the nearest one above it.
 */
function leafAskedFor(said: string, chart: ChartFiles): string | undefined {
  const paths = dottedPaths(said).map((path) => path.replace(/^Values\./, ''))
  const read = readPaths(chart, new Set(paths))
  const named = paths.find((path) => read.has(path))
  if (named !== undefined) return named
  const linesOf = templateLines(chart)
  for (const { file, line } of placesIn(said).slice(0, maximumPlaces)) {
    const lines = linesOf(file)
    for (const text of lines.slice(Math.max(0, line - reach), line).toReversed()) {
      // Also matches the nil-safe form `(.Values.a).b`.
      const leaf = /\.Values((?:\)*\.[A-Za-z_]\w*)+)/.exec(text)?.[1]?.replaceAll(')', '')
      if (leaf !== undefined) return formatLeafPath([...scopeOf(file), ...leaf.slice(1).split('.')])
    }
  }
  return undefined
}

/** Returns words of a message that may be value paths: `image.tag`, `Values.image.tag`. */
function dottedPaths(said: string): string[] {
  const paths: string[] = []
  for (const [run] of said.matchAll(/[\w.-]+/g)) {
    let keys: string[] = []
    for (const part of [...run.split('.'), '']) {
      if (/^[a-zA-Z]/.test(part)) {
        keys.push(part)
        continue
      }
      if (keys.length > 1) paths.push(keys.join('.'))
      // `1a.b` is read as `a.b`.
      const rest = part.replace(/^[^a-zA-Z]+/, '')
      keys = rest === '' ? [] : [rest]
    }
  }
  return paths
}

/** Returns which of these paths templates read. Scans each template once, however many paths there are. */
function readPaths(chart: ChartFiles, wanted: ReadonlySet<string>): Set<string> {
  const read = new Set<string>()
  if (wanted.size === 0) return read
  const seen = new Set<string>()
  for (const { chart: each } of walkCharts(chart)) {
    for (const [path, content] of each.files) {
      if (!path.startsWith('templates/')) continue
      for (const [match] of content.toString('utf8').matchAll(/\.Values(?:\.[a-zA-Z_][\w-]*)+/g)) {
        if (seen.has(match)) continue
        if (seen.size === maximumReads) return read
        seen.add(match)
        const [, , ...keys] = match.split('.', maximumDepth)
        for (let length = 1; length <= keys.length; length += 1) {
          const prefix = keys.slice(0, length).join('.')
          if (wanted.has(prefix)) read.add(prefix)
        }
      }
    }
  }
  return read
}

/** Maximum different paths that are compared: they are only for the advice, and a chart can have millions. */
const maximumReads = 100_000

/** Maximum number of keys of a path that are compared. */
const maximumDepth = 20

/** Returns all locations in a message, such as `chart/templates/x.yaml:12:3`. */
function placesIn(said: string): { readonly file: string; readonly line: number }[] {
  return [...said.matchAll(/(?<![\w./-])([\w./-]+):(\d+):\d+/g)].flatMap(([, text = '', line]) => {
    const file = text.replace(/^\/+/, '')
    return file.includes('/') ? [{ file, line: Number(line) }] : []
  })
}

/** Returns the keys of the subcharts in a template's path. */
function scopeOf(file: string): string[] {
  return [...file.matchAll(/\/charts\/([^/]+)\//g)].map((match) => match[1] ?? '')
}

/** Creates a function that splits templates into lines, each once. */
function templateLines(chart: ChartFiles): (file: string) => readonly string[] {
  const files = new Map<string, readonly string[]>()
  const read = (file: string): readonly string[] => {
    const path = file.slice(file.indexOf('/') + 1)
    for (const { chart: each, folder } of walkCharts(chart)) {
      if (!path.startsWith(folder)) continue
      const content = each.files.get(path.slice(folder.length))
      if (content !== undefined) return content.toString('utf8').split('\n')
    }
    return []
  }
  return (file) => {
    const lines = files.get(file) ?? read(file)
    files.set(file, lines)
    return lines
  }
}
