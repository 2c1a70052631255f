import { load } from 'js-yaml'
import type { ChartVersion } from '../model/chart.ts'
import { inOrigin, type Origin } from '../model/origin.ts'
import { failure, type Result, success } from '../model/problem.ts'
import type { Http } from '../tools/http.ts'
import { nearestVersions } from './nearest-versions.ts'

/** One version of a chart, as a repository's index lists it. */
export interface IndexEntry {
  readonly version: string
  /** Absolute address of the archive. */
  readonly url: string
  /** SHA-256 of the archive in hex, where the publisher gives it. */
  readonly sha256?: string
}

interface RawEntry {
  readonly version?: unknown
  readonly urls?: unknown
  readonly digest?: unknown
}

/** Entries of one chart in an index. */
export type ChartIndex = (chart: string) => readonly IndexEntry[]

/** The largest index that is read; the largest public ones have some 20 MB. */
const maximumBytes = 128 * 1024 * 1024

/** Loads `<repository>/index.yaml` through the HTTP door. Relative addresses are resolved against the repository. */
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
    const next = `check the repository of this chart ${inOrigin(origin)}`
    return failure(
      problem.kind === 'not-found'
        ? {
            ...problem,
            side: 'source',
            message: `"${repository}" is not a chart repository: ${problem.message}`,
            next,
          }
        : { ...problem, side: 'source' },
    )
  }
  try {
    return success(readIndex(answer.value.body.toString('utf8'), repository))
  } catch (error) {
    return failure({
      kind: 'invalid-input',
      side: 'source',
      message: `"${url}" is not an index of charts: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      next: `check the repository of this chart ${inOrigin(origin)}`,
    })
  }
}

/** Reads an index. js-yaml, because it is nine times as fast on the large ones and positions are not needed here. */
function readIndex(text: string, repository: string): ChartIndex {
  const index: unknown = text.trimStart().startsWith('{') ? JSON.parse(text) : load(text)
  const entries = isRecord(index) ? index['entries'] : undefined
  if (!isRecord(entries)) throw new Error('it has no entries')
  return (chart) => {
    const versions = entries[chart]
    if (!Array.isArray(versions)) return []
    return versions.filter(isRecord).flatMap((entry) => readEntry(entry, repository))
  }
}

function readEntry({ version, urls, digest }: RawEntry, repository: string): IndexEntry[] {
  const first: unknown = Array.isArray(urls) ? urls[0] : undefined
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function bare(version: string): string {
  return version.replace(/^v/, '')
}

/** The version that differs from the one given by its `v` alone. */
export function relativeVersion(
  entries: readonly IndexEntry[],
  version: string,
): string | undefined {
  return entries.find((entry) => bare(entry.version) === bare(version))?.version
}

/**
 * Finds a version exactly as it is written. One that is published with another `v` is not taken in its place,
 * because what is pushed and installed later must be called by its published name.
 */
export function findVersion(
  entries: readonly IndexEntry[],
  { name, version, repository }: ChartVersion,
  origin: Origin,
): Result<IndexEntry> {
  const exact = entries.find((entry) => entry.version === version)
  if (exact !== undefined) return success(exact)
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
        : known.length > 0
          ? `versions there include ${known.join(', ')}`
          : 'the repository has no chart of that name; check the spelling',
  })
}

/** Only a chart list has two versions of a chart: the one that is pinned, and the one that is published. */
function publishedAdvice(relative: string, origin: Origin): string {
  const isListed = origin.kind === 'chart-list' || origin.kind === 'manifest'
  return isListed
    ? `it is published as "${relative}": set published: '${relative}' ${inOrigin(origin)} and regenerate`
    : `it is published as "${relative}": write that ${inOrigin(origin)}`
}
