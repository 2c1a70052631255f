import { CORE_SCHEMA, Type } from 'js-yaml'
import { chartNameKind, type ChartVersion } from '../../model/chart/chart.ts'
import { judgeNamed } from '../../model/internet/url.ts'
import { isOfKind } from '../../model/names/text-kind.ts'
import { inOrigin, type Origin } from '../../model/origin.ts'
import {
  failure,
  type Problem,
  type Result,
  reworded,
  sentenceOf,
  success,
} from '../../model/problem.ts'
import { similarNames } from '../../model/text/similar.ts'
import { budgetOf, type TreeBudget } from '../../model/tree/check.ts'
import { isTree, type ValuesTree } from '../../model/values/values.ts'
import { checkFast, loadFast } from '../../sources/yaml/fast.ts'
import type { SourceText } from '../../sources/yaml/read.ts'
import type { Http } from '../../tools/http/types.ts'
import { nearestVersions } from './nearest-versions.ts'

/** One version of a chart, as a repository's index lists it. */
export interface IndexEntry {
  readonly version: string
  /** Absolute address of the archive. */
  readonly url: string
  /** SHA-256 of the archive in hex, if the publisher provides it. */
  readonly sha256?: string
}

/** The charts of a repository. */
export interface ChartIndex {
  /** Returns the entries of one chart; none for a chart that the repository does not have. */
  readonly versionsOf: (chart: string) => readonly IndexEntry[]
  /** Names of its charts, for advice: some repositories list more than are read. */
  readonly names: readonly string[]
}

/** The largest index that is read; the largest public ones have some 20 MB. */
const maximumBytes = 64 * 1024 * 1024

/** Versions of one chart; public charts have a few thousand. Later entries are ignored. */
const maximumVersions = 20_000

/** Names of charts that are read; large public repositories have a few hundred charts. */
const maximumNames = 5_000

/** Loads `<repository>/index.yaml` with the given HTTP client. Resolves relative URLs against the repository. */
export async function loadIndex(
  http: Http,
  repository: string,
  signal: AbortSignal,
  origin: Origin,
): Promise<Result<ChartIndex>> {
  const url = `${repository}/index.yaml`
  const answer = await http.get(url, { signal, maximumBytes, deadline: 5 * 60_000 })
  if (!answer.ok) {
    const { problem } = answer
    const next = `check this chart's repository ${inOrigin(origin)}`
    return failure(
      problem.kind === 'not-found'
        ? {
            ...reworded(
              problem,
              (sentence) => `"${repository}" is not a chart repository: ${sentence}`,
            ),
            side: 'source',
            next,
          }
        : { ...problem, side: 'source' },
    )
  }
  const read = readIndex({ file: url, text: answer.value.body.toString('utf8') }, repository)
  if (read.ok) return read
  return failure({
    kind: 'invalid-input',
    side: 'source',
    message: `"${url}" is not a chart index: ${sentenceOf(read.problem)}`,
    next: `check this chart's repository ${inOrigin(origin)}`,
  })
}

/** Versions look like numbers and dates to YAML; a hand-written index may have merge keys. */
const schema = CORE_SCHEMA.extend({
  implicit: [
    new Type('tag:yaml.org,2002:merge', {
      kind: 'scalar',
      resolve: (text: string | null) => text === '<<',
    }),
  ],
})

/** Matches possible anchors: with them, a short text can expand to a large index. Others are found by the budget. */
const anchor = /[\s,[{}\]:?"']&\S/

/** Reads an index. Only entries of requested charts are converted into trees. */
function readIndex(source: SourceText, repository: string): Result<ChartIndex> {
  const isJson = source.text.trimStart().startsWith('{')
  const read = isJson ? loadJson(source.text) : loadFast(source, schema)
  if (!read.ok) return read
  if (!isJson && anchor.test(source.text)) {
    const whole = checkFast(source, read.value)
    if (!whole.ok) return whole
  }
  const entries = ownOf(read.value, 'entries')
  if (typeof entries !== 'object' || entries === null) return noIndex('it has no entries')
  const known = new Map<string, readonly IndexEntry[]>()
  const budget = budgetOf(source.text)
  return success({
    versionsOf: (chart) => {
      const found =
        known.get(chart) ?? readVersions(source, ownOf(entries, chart), { repository, budget })
      known.set(chart, found)
      return found
    },
    names: Object.keys(Array.isArray(entries) ? {} : entries)
      .slice(0, maximumNames)
      .filter((name) => isOfKind(chartNameKind, name)),
  })
}

function readVersions(
  source: SourceText,
  versions: unknown,
  { repository, budget }: { readonly repository: string; readonly budget: TreeBudget },
): IndexEntry[] {
  if (!Array.isArray(versions)) return []
  return versions.slice(0, maximumVersions).flatMap((data: unknown) => {
    // Describing what is wrong with each of many entries would cost more than reading them.
    if (budget.left < 0) return []
    // A malformed entry is skipped, like one without a version or a URL.
    const entry = checkFast(source, data, budget)
    return entry.ok && isTree(entry.value) ? readEntry(entry.value, repository) : []
  })
}

function loadJson(text: string): Result<unknown> {
  try {
    return success(JSON.parse(text))
  } catch (error) {
    return noIndex(error instanceof Error ? error.message : '')
  }
}

function noIndex(message: string): Result<never> {
  return failure({ kind: 'invalid-input', side: 'source', message })
}

function ownOf(data: unknown, key: string): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined
  return Object.getOwnPropertyDescriptor(data, key)?.value
}

function readEntry({ version, urls, digest }: ValuesTree, repository: string): IndexEntry[] {
  const first = Array.isArray(urls) ? urls[0] : undefined
  if (typeof version !== 'string' || typeof first !== 'string') return []
  if (!URL.canParse(first, `${repository}/`)) return []
  const sha256 = typeof digest === 'string' ? digest.replace(/^sha256:/, '') : ''
  return [
    {
      version,
      url: new URL(first, `${repository}/`).href,
      ...(/^[0-9a-f]{64}$/.test(sha256) && { sha256 }),
    },
  ]
}

function bare(version: string): string {
  return version.replace(/^v/, '')
}

/** Returns the version that differs from the given one only by its `v`. */
export function relativeVersion(
  entries: readonly IndexEntry[],
  version: string,
): string | undefined {
  return entries.find((entry) => bare(entry.version) === bare(version))?.version
}

/**
 * Finds a version exactly as written. A version that differs by its `v` does not count, because charts are pushed and
 * installed under their published version.
 */
export function findVersion(
  { versionsOf, names }: ChartIndex,
  { name, version, repository }: ChartVersion,
  origin: Origin,
): Result<IndexEntry> {
  const entries = versionsOf(name)
  const exact = entries.find((entry) => entry.version === version)
  if (exact !== undefined) {
    // Checked before anything is fetched; the network of the host is checked when it is contacted.
    const problem = judgeNamed(new URL(exact.url), new URL(`${repository}/`))
    return problem === undefined ? success(exact) : failure(problem)
  }
  if (entries.length === 0) return failure(noChart(name, repository, names, origin))
  const relative = relativeVersion(entries, version)
  const known = nearestVersions(
    version,
    entries.map((entry) => entry.version),
  )
  return failure({
    kind: 'not-found',
    side: 'source',
    message: `chart "${name}" has no version "${version}" in "${repository}"`,
    next:
      relative !== undefined
        ? publishedAdvice(relative, origin)
        : `available versions include ${known.join(', ')}`,
  })
}

/** Describes a chart without a usable version in an index: it is not listed at all, or every entry is malformed. */
function noChart(
  name: string,
  repository: string,
  names: readonly string[],
  origin: Origin,
): Problem {
  const problem = { kind: 'not-found', side: 'source' } as const
  if (names.includes(name)) {
    return {
      ...problem,
      message: `"${repository}" lists chart "${name}" without any usable version`,
      next: `report it to the publisher, or set another repository ${inOrigin(origin)}`,
    }
  }
  const similar = similarNames(name, names)
  return {
    ...problem,
    message: `"${repository}" has no chart "${name}"`,
    next:
      similar.length > 0
        ? `did you mean ${similar.join(' or ')}? Check its name ${inOrigin(origin)}`
        : `check its name and its repository ${inOrigin(origin)}`,
  }
}

/** Only a chart list has both a pinned and a published version of a chart. */
function publishedAdvice(relative: string, origin: Origin): string {
  const isListed = origin.kind === 'chart-list' || origin.kind === 'manifest'
  return isListed
    ? `it is published as "${relative}": set published: '${relative}' ${inOrigin(origin)} and regenerate`
    : `it is published as "${relative}": use that version ${inOrigin(origin)}`
}
