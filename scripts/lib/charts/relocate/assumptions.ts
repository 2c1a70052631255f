import { append } from '../../model/collections.ts'
import type { renderMarks } from '../../model/chart/relocation.ts'
import { actionsOf } from '../chart/actions.ts'
import { walkCharts } from '../chart/files.ts'
import type { ChartFiles } from '../chart/chart.ts'
import { uncertainApis } from '../render/hidden-apis.ts'
import type { RenderSettings } from '../render/render.ts'
import type { Steps } from '../../steps/steps.ts'
import { isVolatileAction } from '../render/volatile.ts'

/** Facts that templates query and that a local render can only assume. */
export interface Assumptions {
  /** Files that read the release revision, by path. */
  readonly revision: readonly string[]
  /** Files that ask for the version of helm, by path. */
  readonly helmVersion: readonly string[]
  /** Files that query the cluster (`lookup`), by path. */
  readonly lookup: readonly string[]
  /** Files that decide something by the clock or by random text, by path. */
  readonly volatile: readonly string[]
  /** Templates ask for the version of the cluster. */
  readonly asksVersion: boolean
  /** A chart accepts no version with a build, as those of Amazon EKS: its range in Chart.yaml has no `-0`. */
  readonly rejectsBuilds: boolean
  /** A template asks for the version of the cluster and for APIs, and may do so in one condition. */
  readonly mixesBoth: boolean
  /** The APIs that templates ask for. */
  readonly apis: readonly string[]
  /** Files that ask for APIs that they do not name, by path. */
  readonly otherApis: readonly string[]
}

const condition = /^-?\s*(?:if|else\s+(?:if|with)|with|range)\b|\bternary\b/
const revision = /\bRevision\b/
const helmVersion = /\bHelmVersion\b/
const lookup = /(?<![.$\w"-])lookup(?![\w":-])/

const clusterVersion = /\bKubeVersion\b|\.Capabilities\b(?!\s*\.\s*[A-Z])/
/** What helm reads as an API: a version, with its group and a kind. */
const api = /^(?:[\w.-]+\/)?v\d\w*(?:\/\w+)?$/

/**
 * A field, or its name for `index`; the bare word is prose. Capabilities that are handed on as a whole may be asked for
 * anything.
 */
const askedApis = /\.APIVersions\b|["`]APIVersions["`]|\.Capabilities\b(?!\s*\.\s*[A-Z])/
/** A version without a group is one only by itself: `printf "%s/%s" "group" "v1"` composes another API. */
const composing = /\b(?:printf|print|println|join|cat|replace|trunc|substr|nospace)\b/

/** Maximum length of the name of an API. */
const longestApi = 200

/** Maximum of APIs that are passed to helm at once. */
const maximumApis = 100

/** Words that any of these questions contains; most files have none, and their actions need no look. */
const askingWords = new RegExp(
  [revision, helmVersion, lookup, clusterVersion, askedApis].map(sourceOf).join('|'),
)

function sourceOf({ source }: RegExp): string {
  return source
}

/** Actions or words that are examined without a break. */
const stride = 1_000

/** Searches every file of a chart and its subcharts, because values may contain templates as well. */
export function* findAssumptions(root: ChartFiles): Steps<Assumptions> {
  let asksVersion = false
  let mixesBoth = false
  let rejectsBuilds = false
  const found = {
    volatile: [] as string[],
    revision: [] as string[],
    helmVersion: [] as string[],
    lookup: [] as string[],
    otherApis: [] as string[],
  }
  const apis = new Set<string>()
  for (const { chart, folder } of walkCharts(root)) {
    const { kubeVersion = '' } = chart.metadata
    if (kubeVersion !== '' && !kubeVersion.includes('-')) rejectsBuilds = true
    for (const [path, content] of chart.files) {
      yield
      const text = content.toString('latin1')
      if (!askingWords.test(text) && !isVolatileAction(text)) continue
      const asked = yield* apisAskedFor(text)
      for (const name of asked.apis) apis.add(name)
      if (asked.isPartial) found.otherApis.push(folder + path)
      const facts = yield* factsIn(text)
      // Helpers in shared files answer one question at a time.
      if (facts.asksVersion && asked.isAsking && !/(?:^|\/)_[^/]*$/.test(path)) mixesBoth = true
      asksVersion ||= facts.asksVersion
      if (facts.revision) found.revision.push(folder + path)
      if (facts.helmVersion) found.helmVersion.push(folder + path)
      if (facts.lookup) found.lookup.push(folder + path)
      if (facts.volatile) found.volatile.push(folder + path)
    }
  }
  return {
    asksVersion,
    mixesBoth,
    rejectsBuilds,
    revision: distinct(found.revision),
    helmVersion: distinct(found.helmVersion),
    lookup: distinct(found.lookup),
    volatile: distinct(found.volatile),
    otherApis: distinct(found.otherApis),
    apis: [...apis].slice(0, maximumApis),
  }
}

/** Returns which questions the actions of a file ask. */
function* factsIn(text: string) {
  const facts = {
    revision: false,
    helmVersion: false,
    lookup: false,
    volatile: false,
    asksVersion: false,
  }
  let count = 0
  for (const action of actionsOf(text)) {
    count += 1
    if (count % stride === 0) yield
    facts.revision ||= revision.test(action)
    facts.helmVersion ||= helmVersion.test(action)
    facts.lookup ||= lookup.test(action)
    facts.volatile ||= condition.test(action) && isVolatileAction(action)
    facts.asksVersion ||= clusterVersion.test(action)
  }
  return facts
}

/** The APIs that the templates of a file may ask for. */
interface AskedApis {
  readonly apis: readonly string[]
  /** A template asks for more than it names: in variables, or put together. */
  readonly isPartial: boolean
  readonly isAsking: boolean
}

/**
 * Returns the APIs that a file names in its actions, if it asks for any: they may be in a variable before, or be compared
 * in any other way.
 */
function* apisAskedFor(file: string): Steps<AskedApis> {
  if (!askedApis.test(file)) return { apis: [], isPartial: false, isAsking: false }
  const apis: string[] = []
  let isAsking = false
  let isPartial = false
  let count = 0
  for (const action of actionsOf(file)) {
    count += 1
    if (count % stride === 0) yield
    const isComposing = composing.test(action)
    const named = textsIn(action).filter(
      (text) => api.test(text) && (text.includes('/') || !isComposing),
    )
    append(apis, named)
    const asked = action.split(askedApis).length - 1
    if (asked > 0) isAsking = true
    if (asked > named.length) isPartial = true
  }
  return isAsking ? { apis, isPartial, isAsking } : { apis: [], isPartial, isAsking }
}

/** Returns the quoted texts of an action that are not longer than the name of an API. */
function textsIn(action: string): string[] {
  return Array.from(
    action.matchAll(/"([^"]*)"|`([^`]*)`/g),
    ([, quoted, raw = '']) => quoted ?? raw,
  ).filter((text) => text.length <= longestApi)
}

/** A further way in which a chart has to be rendered. */
export interface FurtherRender {
  readonly name: keyof typeof renderMarks
  readonly settings: Pick<RenderSettings, 'isUpgrade' | 'hiddenApis'>
}

/**
 * Returns the further ways to render a chart: as an upgrade, which templates may ask for in ways that no text shows, and
 * without the APIs that its cluster may not serve.
 */
export function furtherRenders(
  { apis }: Pick<Assumptions, 'apis'>,
  { apiVersions }: Pick<RenderSettings, 'apiVersions'>,
): FurtherRender[] {
  const hiddenApis = uncertainApis(apis, apiVersions)
  return [
    { name: 'upgrade', settings: { isUpgrade: true } },
    ...(hiddenApis.length > 0 ? [{ name: 'current' as const, settings: { hiddenApis } }] : []),
  ]
}

/** What it means that a chart does not render in a further way. */
export const unrenderedWords: Readonly<Record<FurtherRender['name'], string>> = {
  upgrade: 'it does not render as an upgrade, so an upgrade is not proven',
  current:
    'it does not render without APIs that a cluster may lack, so an installation on such a cluster is not proven',
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
  {
    revision: numbered,
    helmVersion: helms,
    lookup: asking,
    volatile,
    asksVersion,
    otherApis,
  }: Assumptions,
  assumed: readonly string[] = [],
): string[] {
  return [
    ...(asksVersion && assumed.length > 0
      ? [
          `its templates depend on the cluster's version; Kubernetes ${assumed.join(', ')} was assumed`,
        ]
      : []),
    ...(asking.length > 0
      ? [`output that depends on the cluster (lookup) is not proven: ${asking.join(', ')}`]
      : []),
    ...(otherApis.length > 0
      ? [`output that depends on the APIs of the cluster is not proven: ${otherApis.join(', ')}`]
      : []),
    ...(helms.length > 0
      ? [
          `output that depends on helm's version is proven for this version only: ${helms.join(', ')}`,
        ]
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
