import type { OpenQuestion } from '../../../model/chart/question.ts'
import { subjectOf } from '../../../model/chart/question-text.ts'
import { groupBy } from '../../../model/collections.ts'
import { formatReference } from '../../../model/image/reference.ts'
import { type Occurrence, searchReferences } from '../../find/find.ts'
import type { Render, RenderSettings } from '../../render/render.ts'
import { outdatedApis } from '../../render/hidden-apis.ts'
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
}

/** The cluster that a proof assumes, and the clusters that it is compared with. */
interface OtherCluster {
  readonly assumed: string
  readonly other: string
  readonly settings: RenderSettings
}

/**
 * Returns whether a chart may render further images on other clusters: on a newer one, whose version is spelled as Amazon
 * EKS does; on one with the APIs that templates ask for, in an upgrade; and without outdated ones. Each render differs in several
 * respects, so that few are needed. True as well if the chart rejects such a cluster.
 */
export async function mayDifferElsewhere(
  view: VariantView,
  assumptions: Assumptions,
  doors: ClusterDoors,
): Promise<boolean> {
  for (const { settings } of differentClusters(view, assumptions)) {
    const seen = await newOn(settings, view, doors)
    if (seen?.length !== 0) return true
  }
  return false
}

/** Returns clusters that differ from the assumed one in as many respects as possible. */
function differentClusters(view: VariantView, assumptions: Assumptions): OtherCluster[] {
  const { settings } = view.variant
  const hiddenApis = outdatedApis(assumptions.apis).filter(
    (api) => !settings.apiVersions.includes(api),
  )
  const { newer, further } = otherClusters(view, assumptions)
  const some = [newer, further].flatMap((one) => one ?? [])
  const all = [
    ...some,
    ...(newer !== undefined && further !== undefined && assumptions.mixesBoth
      ? [joinClusters(newer, further)]
      : []),
  ]
  const without = {
    assumed: `a cluster with ${hiddenApis.join(', ')}`,
    other: `a cluster without ${hiddenApis.join(', ')}`,
    settings: { ...settings, hiddenApis },
  }
  const joined =
    hiddenApis.length === 0
      ? all
      : all.length === 0
        ? [without]
        : all.map((one) => joinClusters(one, without))
  const last = further === undefined ? undefined : joined.at(-1)
  return last === undefined || !asksForUpgrade(view, assumptions)
    ? joined
    : [...joined.slice(0, -1), asUpgrade(last)]
}

/** True if different clusters are also rendered as an upgrade: where they show nothing, an upgrade alone does not. */
export function includesUpgrade(view: VariantView, assumptions: Assumptions): boolean {
  return differentClusters(view, assumptions).some(({ settings }) => settings.isUpgrade)
}

function asksForUpgrade({ variant }: VariantView, { isUpgrade }: Assumptions): boolean {
  return isUpgrade && variant.settings.isUpgrade !== true
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
  doors: ClusterDoors,
): Promise<OpenQuestion[]> {
  const { newer, further } = otherClusters(view, assumptions)
  const simple = [newer, further].flatMap((one) => one ?? [])
  const questions = new Map<string, OpenQuestion>()
  // What one respect alone brings is asked about once, with that.
  for (const cluster of [...simple, ...differentClusters(view, assumptions)]) {
    for (const question of await questionsOn(cluster, view, doors)) {
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
  const outdated = new Set(outdatedApis(apis))
  const added = apis.filter((api) => !apiVersions.includes(api) && !outdated.has(api))
  return {
    ...(asksVersion &&
      assumes?.kubeVersion === true && {
        newer: {
          assumed: `Kubernetes ${kubeVersion}`,
          other: `${rejectsBuilds ? 'Kubernetes' : 'Amazon EKS'} ${newestKubeVersion}`,
          settings: {
            ...settings,
            kubeVersion: newestKubeVersion + (rejectsBuilds ? '' : eksSuffix),
          },
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

async function questionsOn(
  { assumed, other, settings }: OtherCluster,
  view: VariantView,
  doors: ClusterDoors,
): Promise<OpenQuestion[]> {
  const found = (await newOn(settings, view, doors)) ?? []
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

/** Returns the references that only another cluster brings; undefined if the chart does not render for it. */
async function newOn(
  settings: RenderSettings,
  { variant, found, skipsSchema }: VariantView,
  { decide, render, signal }: ClusterDoors,
): Promise<Occurrence[] | undefined> {
  const request = { ...settings, values: [variant.values], skipSchema: skipsSchema }
  const rendered = await render(request)
  if (!rendered.ok) return undefined
  const known = new Set(found.occurrences.map(nameOf))
  const { occurrences } = await searchReferences(rendered.value, signal)
  return occurrences.filter((one) => {
    const name = nameOf(one)
    return !known.has(name) && decide(name) === undefined
  })
}

function nameOf({ reference }: Occurrence): string {
  return formatReference(reference)
}
