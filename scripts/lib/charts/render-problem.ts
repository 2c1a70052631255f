import { formatLeafPath } from '../model/leaf-path.ts'
import { inOrigin, type Origin, valuesInOrigin } from '../model/origin.ts'
import type { Problem } from '../model/problem.ts'
import type { RunResult } from '../tools/exec.ts'
import { classifyRun, redact } from '../tools/failures.ts'
import { type ChartFiles, walkCharts } from './chart-files.ts'

/** Words of helm that mean the schema itself is wrong, not the values. Seen with helm 4.2.4. */
const brokenSchema =
  /is not valid against metaschema|json-pointer .* not found|failed to compile|invalid jsonType|failing loading/

/**
 * Says why a chart did not render, in helm's words, and which value it asks for: read from the template's line that
 * helm names.
 */
export function explainRender(result: RunResult, chart: ChartFiles, origin: Origin): Problem {
  if (result.ending !== 'exited') return classifyRun(result)
  const said = redact(wordsOf(result.stderr))
  const { name, version } = chart.metadata
  const base = {
    side: 'input',
    message: `chart ${name} ${version} does not render: ${said}`,
  } as const
  if (said.includes('specifications of the schema')) {
    return {
      ...base,
      kind: 'invalid-schema',
      side: brokenSchema.test(said) ? 'source' : 'input',
      next: 'give values that the values.schema.json of the chart allows',
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
        ? `give the values that it asks for ${valuesInOrigin(origin)}`
        : `give it a value for "${leaf}" ${valuesInOrigin(origin, leaf)}`,
  }
}

/** Only a chart list says for which cluster a chart is rendered; elsewhere a flag does. */
function kubeVersionAdvice(origin: Origin): string {
  return origin.kind === 'chart-list' || origin.kind === 'manifest'
    ? `set kubeVersion of the chart ${inOrigin(origin)} to that of your cluster`
    : 'set --kube-version to that of your cluster'
}

/** All that helm says of the error; advice on its own debugging is left out. */
function wordsOf(stderr: string): string {
  const start = stderr.lastIndexOf('Error: ')
  return stderr
    .slice(start === -1 ? 0 : start + 'Error: '.length)
    .replace(/\n*Use --debug flag[^\n]*/, '')
    .trim()
}

/** How far above the failing line the condition may stand that made it fail. */
const reach = 8

/**
 * The value that a chart asks for: one that the message names and a template reads, else the first that is read on the
 * template line of the message, or on the nearest one above it.
 */
function leafAskedFor(said: string, chart: ChartFiles): string | undefined {
  const named = said
    .match(/[a-zA-Z][\w-]*(?:\.[a-zA-Z][\w-]*)+/g)
    ?.find((word) => isRead(word, chart))
  if (named !== undefined) return named.replace(/^(?:\.?Values)\./, '')
  for (const match of said.matchAll(/([\w.-]+(?:\/[\w.-]+)+):(\d+):\d+/g)) {
    const [, file = '', line = ''] = match
    for (const text of linesUpFrom(chart, file, Number(line))) {
      // `(.Values.a).b`, which a missing map does not stop, is read as well.
      const read = /\.Values((?:\)*\.[A-Za-z_]\w*)+)/.exec(text)?.[1]?.replaceAll(')', '')
      if (read !== undefined) return formatLeafPath([...scopeOf(file), ...read.slice(1).split('.')])
    }
  }
  return undefined
}

function isRead(word: string, chart: ChartFiles): boolean {
  const needle = `.Values.${word.replace(/^(?:\.?Values)\./, '')}`
  for (const { chart: each } of walkCharts(chart)) {
    for (const [path, content] of each.files) {
      if (path.startsWith('templates/') && content.includes(needle)) return true
    }
  }
  return false
}

/** Keys of the subcharts that a template's path leads through. */
function scopeOf(file: string): string[] {
  return [...file.matchAll(/\/charts\/([^/]+)\//g)].map((match) => match[1] ?? '')
}

function linesUpFrom(chart: ChartFiles, file: string, line: number): string[] {
  const path = file.slice(file.indexOf('/') + 1)
  for (const { chart: each, folder } of walkCharts(chart)) {
    if (!path.startsWith(folder)) continue
    const lines = each.files.get(path.slice(folder.length))?.toString('utf8').split('\n')
    if (lines !== undefined) return lines.slice(Math.max(0, line - reach), line).toReversed()
  }
  return []
}
