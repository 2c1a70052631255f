import { actionsOf } from '../chart/actions.ts'
import { walkCharts } from '../chart/files.ts'
import type { ChartFiles } from '../chart/chart.ts'
import { isVolatileAction } from '../render/volatile.ts'

/** Facts that templates query and that a local render can only assume. */
export interface Assumptions {
  /** Templates may ask whether the release is upgraded: anything about it but its name and namespace, in any way. */
  readonly isUpgrade: boolean
  /** Files that read the release revision, by path. */
  readonly revision: readonly string[]
  /** Files that query the cluster (`lookup`), by path. */
  readonly lookup: readonly string[]
  /** Files that decide something by the clock or by random text, by path. */
  readonly volatile: readonly string[]
  /** Templates ask for the version of the cluster. */
  readonly asksVersion: boolean
  /** The APIs that templates ask for. */
  readonly apis: readonly string[]
}

const otherRelease = /\bRelease\b(?!\s*\.\s*(?:Name|Namespace|Service)\b)/
/** Functions that read a part of everything that a template gets, whose name may be composed. */
const indirectRelease = /\b(?:index|get|pluck|dig)\b[^{}]{0,300}?(?<![\w.$/-])[.$](?![\w.$/-])/
/** Runs a text as a template, which may be composed. */
const composedTemplate = /(?<![.\w-])tpl(?![.\w-])/
const condition = /^-?\s*(?:if|else\s+(?:if|with)|with|range)\b|\bternary\b/
const revision = /\bRevision\b/
const lookup = /(?<![.$\w"-])lookup(?![\w":-])/

const clusterVersion = /\bKubeVersion\b/
const apiWords = /\bAPIVersions\b|\bHas\b|"([^"]*)"|`([^`]*)`/g

/** Maximum length of the name of an API. */
const longestApi = 200

/** Maximum of APIs that are passed to helm at once. */
const maximumApis = 100

/** Searches every file of a chart and its subcharts, because values may contain templates as well. */
export function findAssumptions(root: ChartFiles): Assumptions {
  const found = {
    isUpgrade: false,
    asksVersion: false,
    volatile: [] as string[],
    revision: [] as string[],
    lookup: [] as string[],
  }
  const apis = new Set<string>()
  for (const { chart, folder } of walkCharts(root)) {
    for (const [path, content] of chart.files) {
      const text = content.toString('latin1')
      if (mayAskForUpgrade(text)) found.isUpgrade = true
      for (const action of actionsOf(text)) {
        if (revision.test(action)) found.revision.push(folder + path)
        if (lookup.test(action)) found.lookup.push(folder + path)
        if (condition.test(action) && isVolatileAction(action)) found.volatile.push(folder + path)
        if (clusterVersion.test(action)) found.asksVersion = true
        for (const api of apisAskedFor(action)) apis.add(api)
      }
    }
  }
  return {
    ...found,
    revision: distinct(found.revision),
    lookup: distinct(found.lookup),
    volatile: distinct(found.volatile),
    // Only what helm reads as an API: a group with its version, or with a kind.
    apis: [...apis].filter((api) => /^[\w.-]+(?:\/[\w.-]+){0,2}$/.test(api)).slice(0, maximumApis),
  }
}

/** Returns the texts that follow `APIVersions` and `Has` in an action. Scans it once, whatever it repeats. */
function apisAskedFor(action: string): string[] {
  const apis: string[] = []
  let awaited: 'APIVersions' | 'Has' | 'api' = 'APIVersions'
  for (const [word, quoted, raw] of action.matchAll(apiWords)) {
    const text = quoted ?? raw
    if (text !== undefined) {
      if (awaited === 'api' && text !== '' && text.length <= longestApi) apis.push(text)
      awaited = 'APIVersions'
    } else if (word === 'APIVersions') awaited = awaited === 'api' ? 'api' : 'Has'
    else if (awaited === 'Has') awaited = 'api'
  }
  return apis
}

/**
 * Looks at a whole file, because no pattern tells for sure where an action ends or what it composes. A wrong guess costs
 * one render.
 */
function mayAskForUpgrade(text: string): boolean {
  return [otherRelease, composedTemplate, indirectRelease].some((pattern) => pattern.test(text))
}

function distinct(paths: readonly string[]): string[] {
  return [...new Set(paths)].toSorted()
}

/**
 * Describes what a proof does not cover.
 *
 * @param assumed Kubernetes versions that were assumed, not given
 */
export function describeAssumptions(
  { revision: numbered, lookup: asking, volatile, asksVersion }: Assumptions,
  assumed: readonly string[] = [],
): string[] {
  return [
    ...(asksVersion && assumed.length > 0
      ? [`its templates ask for the cluster's version; Kubernetes ${assumed.join(', ')} is assumed`]
      : []),
    ...(asking.length > 0
      ? [`output that depends on the cluster (lookup) is not proven: ${asking.join(', ')}`]
      : []),
    ...(volatile.length > 0
      ? [
          `output that depends on the time or on random text is proven for these renders only: ${volatile.join(', ')}`,
        ]
      : []),
    ...(numbered.length > 0
      ? [
          `output that depends on the release revision is proven for the first revision only: ${numbered.join(', ')}`,
        ]
      : []),
  ]
}
