import type { OpenQuestion } from '../../../model/chart/question.ts'
import { type Result, success } from '../../../model/problem.ts'
import { subjectOf } from '../../../model/chart/question-text.ts'
import { groupBy } from '../../../model/collections.ts'
import { formatReference } from '../../../model/image/reference.ts'
import { type Occurrence, searchReferences } from '../../find/find.ts'
import type { Render, RenderSettings } from '../../render/render.ts'
import { uncertainApis } from '../../render/hidden-apis.ts'
import type { Assumptions } from '../assumptions.ts'
import type { Decide, VariantView } from '../view.ts'
import { describeSite, siteOf } from './site.ts'

/** The newest Kubernetes version that a chart is rendered for, in addition to the assumed one. */
const newestKubeVersion = '1.36.0'

/**
 * Amazon EKS adds a build to its versions, such as `v1.31.13-eks-113cf36`. Charts look for `eks` in them, and a range
 * without `-0` accepts no such version.
 */
const eksSuffix = '-eks-113cf36'

export interface ClusterDoors {
  readonly decide: Decide
  readonly render: Render
  readonly signal: AbortSignal
  /** The host of the target. */
  readonly registry: string
}

/** The cluster that a proof assumes, and the clusters that it is compared with. */
export interface OtherCluster {
  readonly assumed: string
  readonly other: string
  readonly settings: RenderSettings
}

/** What renders for other clusters have shown. */
export interface Elsewhere {
  /** Other clusters may have further images, or reject the chart. */
  readonly differs: boolean
  /** Returns what a cluster has that the assumed one does not, without rendering it twice. */
  readonly newOn: (settings: RenderSettings) => Promise<Result<Occurrence[]>>
  /** An upgrade was rendered along, and has nothing else, or fails. Absent if it was not. */
  readonly upgrade?: Result<'same'>
}

/**
 * Compares a chart on other clusters: on a newer one, whose version is spelled as Amazon EKS does; on one with the APIs
 * that templates ask for, in an upgrade; and without outdated ones. Each render differs in several respects, so that few
 * are needed.
 */
export async function compareElsewhere(
  view: VariantView,
  assumptions: Assumptions,
  doors: ClusterDoors,
): Promise<Elsewhere> {
  const known = new Map<string, Promise<Result<Occurrence[]>>>()
  const newOn = (settings: RenderSettings) => {
    const key = JSON.stringify(settings)
    const seen = known.get(key) ?? renderOn(settings, view, doors)
    known.set(key, seen)
    return seen
  }
  let upgrade: Result<'same'> | undefined
  for (const { settings } of withUpgrade(differentClusters(view, assumptions), view)) {
    let seen = await newOn(settings)
    if (settings.isUpgrade === true && view.variant.settings.isUpgrade !== true) {
      upgrade = seen.ok ? success('same') : seen
      // Many charts reject an upgrade without the passwords of the release.
      if (!seen.ok && seen.problem.kind === 'render-failed')
        seen = await newOn({ ...settings, isUpgrade: false })
    }
    if (!seen.ok || seen.value.length > 0) return { differs: true, newOn }
  }
  return { differs: false, newOn, ...(upgrade !== undefined && { upgrade }) }
}

/** Returns the version of another cluster that a chart is rendered for. */
export function newestVersionFor({ rejectsBuilds }: Pick<Assumptions, 'rejectsBuilds'>): string {
  return newestKubeVersion + (rejectsBuilds ? '' : eksSuffix)
}

/**
 * Returns clusters that differ from the assumed one in as many respects as possible: one in all of them, and more only
 * when one condition may ask for several.
 */
export function differentClusters(view: VariantView, assumptions: Assumptions): OtherCluster[] {
  const { settings } = view.variant
  const hiddenApis = uncertainApis(assumptions.apis, settings.apiVersions)
  const { newer, further } = otherClusters(view, assumptions)
  const some = [newer, further].flatMap((one) => one ?? [])
  const all =
    newer === undefined || further === undefined
      ? some
      : [...(assumptions.mixesBoth ? some : []), joinClusters(newer, further)]
  const without = {
    assumed: `a cluster with ${hiddenApis.join(', ')}`,
    other: `a cluster without ${hiddenApis.join(', ')}`,
    settings: { ...settings, hiddenApis },
  }
  if (hiddenApis.length === 0) return all
  return all.length === 0 ? [without] : all.map((one) => joinClusters(one, without))
}

/** Returns the same clusters; the last one is upgraded if no further render is needed for that. */
function withUpgrade(
  clusters: readonly OtherCluster[],
  { variant: { settings } }: VariantView,
): OtherCluster[] {
  const last = clusters.at(-1)
  return last === undefined || settings.isUpgrade === true
    ? [...clusters]
    : [...clusters.slice(0, -1), asUpgrade(last)]
}

function asUpgrade({ assumed, other, settings }: OtherCluster): OtherCluster {
  return { assumed, other: `${other}, in an upgrade`, settings: { ...settings, isUpgrade: true } }
}

function joinClusters(one: OtherCluster, other: OtherCluster): OtherCluster {
  return {
    assumed: `${one.assumed}, ${other.assumed}`,
    other: `${one.other}, ${other.other}`,
    settings: {
      ...one.settings,
      apiVersions: [...new Set([...one.settings.apiVersions, ...other.settings.apiVersions])],
      ...(other.settings.hiddenApis && { hiddenApis: other.settings.hiddenApis }),
    },
  }
}

/**
 * Returns the images that a chart renders only on other clusters, each with what it depends on. A chart that rejects the
 * other cluster has no images there.
 */
export async function findOtherCluster(
  view: VariantView,
  assumptions: Assumptions,
  { newOn }: Pick<Elsewhere, 'newOn'>,
): Promise<OpenQuestion[]> {
  const { newer, further } = otherClusters(view, assumptions)
  const simple = [newer, further].flatMap((one) => one ?? [])
  const questions = new Map<string, OpenQuestion>()
  // What one respect alone brings is asked about once, with that.
  const joined = differentClusters(view, assumptions)
  for (const cluster of [...simple, ...joined, ...withUpgrade(joined, view)]) {
    const seen = await newOn(cluster.settings)
    for (const question of questionsOn(cluster, view, seen.ok ? seen.value : [])) {
      const subject = subjectOf(question)
      if (!questions.has(subject)) questions.set(subject, question)
    }
  }
  return [...questions.values()]
}

/** Returns the clusters to compare with, as far as templates ask for what is only assumed. */
function otherClusters(
  { variant: { settings, assumes } }: VariantView,
  { asksVersion, rejectsBuilds, apis }: Assumptions,
): { readonly newer?: OtherCluster; readonly further?: OtherCluster } {
  const { kubeVersion, apiVersions } = settings
  const uncertain = new Set(uncertainApis(apis))
  const added = apis.filter((api) => !apiVersions.includes(api) && !uncertain.has(api))
  return {
    ...(asksVersion &&
      assumes?.kubeVersion === true && {
        newer: {
          assumed: `Kubernetes ${kubeVersion}`,
          other: `${rejectsBuilds ? 'Kubernetes' : 'Amazon EKS'} ${newestKubeVersion}`,
          settings: { ...settings, kubeVersion: newestVersionFor({ rejectsBuilds }) },
        },
      }),
    ...(added.length > 0 &&
      assumes?.apiVersions === true && {
        further: {
          assumed: 'a cluster without further APIs',
          other: `a cluster with ${added.join(', ')}`,
          settings: { ...settings, apiVersions: [...apiVersions, ...added] },
        },
      }),
  }
}

/** Returns the questions about references that only another cluster brings, one for each name. */
export function questionsOn(
  { assumed, other }: Pick<OtherCluster, 'assumed' | 'other'>,
  view: VariantView,
  found: readonly Occurrence[],
): OpenQuestion[] {
  return [...groupBy(found, nameOf)].flatMap(([reference, [occurrence]]) =>
    occurrence === undefined
      ? []
      : [
          {
            kind: 'other-cluster' as const,
            reference,
            assumed,
            other,
            variant: view.variant.name,
            ...describeSite(siteOf(occurrence)),
          },
        ],
  )
}

/** Returns the references that only another cluster brings. Fails if the chart does not render for it. */
async function renderOn(
  settings: RenderSettings,
  { variant, found, skipsSchema }: VariantView,
  { decide, render, signal }: ClusterDoors,
): Promise<Result<Occurrence[]>> {
  const request = { ...settings, values: [variant.values], skipSchema: skipsSchema }
  const rendered = await render(request)
  if (!rendered.ok) return rendered
  const known = new Set(found.occurrences.map(nameOf))
  const { occurrences } = await searchReferences(rendered.value, signal)
  const further = occurrences.filter((one) => {
    const name = nameOf(one)
    return !known.has(name) && decide(name) === undefined
  })
  return success(further)
}

function nameOf({ reference }: Occurrence): string {
  return formatReference(reference)
}
