import type { OpenQuestion } from '../../../model/chart/question.ts'
import { groupBy } from '../../../model/collections.ts'
import { formatReference } from '../../../model/image/reference.ts'
import { type Occurrence, searchReferences } from '../../find/find.ts'
import type { Render, RenderSettings } from '../../render/render.ts'
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
 * Returns the images that a chart renders only on other clusters: on a newer one, on one whose version is spelled as
 * Amazon EKS does, or on one with further APIs. Checks this only if templates depend on it and the caller did not
 * specify their cluster. A chart that rejects the other cluster has no images there.
 */
export async function findOtherCluster(
  view: VariantView,
  assumptions: Assumptions,
  doors: ClusterDoors,
): Promise<OpenQuestion[]> {
  const { newer, eks, further } = otherClusters(view, assumptions)
  const ask = async (cluster: OtherCluster | undefined): Promise<OpenQuestion[]> =>
    cluster === undefined ? [] : questionsOn(cluster, view, doors)
  const onNewer = await ask(newer)
  if (eks === undefined || further === undefined) {
    return [...onNewer, ...(await ask(eks)), ...(await ask(further))]
  }
  // One render tells whether anything differs at all. It fails if the chart rejects only one of the two.
  const both = {
    assumed: `${eks.assumed}, ${further.assumed}`,
    other: `${eks.other}, ${further.other}`,
    settings: { ...further.settings, kubeVersion: eks.settings.kubeVersion },
  }
  const seen = await newOn(both.settings, view, doors)
  if (seen?.length === 0) return onNewer
  const alone = [...(await ask(eks)), ...(await ask(further))]
  return [...onNewer, ...(alone.length > 0 ? alone : await ask(both))]
}

/** Returns the clusters to compare with, as far as templates ask for what is only assumed. */
function otherClusters(
  { variant: { settings, assumes } }: VariantView,
  { asksVersion, apis }: Assumptions,
): { readonly [name in 'newer' | 'eks' | 'further']?: OtherCluster } {
  const { kubeVersion, apiVersions } = settings
  const isVersionOpen = asksVersion && assumes?.kubeVersion === true
  const assumed = `Kubernetes ${kubeVersion}`
  const ofVersion = (version: string, other: string): OtherCluster => ({
    assumed,
    other,
    settings: { ...settings, kubeVersion: version },
  })
  const added = apis.filter((api) => !apiVersions.includes(api))
  return {
    ...(isVersionOpen &&
      kubeVersion !== newestKubeVersion && {
        newer: ofVersion(newestKubeVersion, `Kubernetes ${newestKubeVersion}`),
      }),
    ...(isVersionOpen && {
      eks: ofVersion(`${kubeVersion}${eksSuffix}`, `Amazon EKS ${kubeVersion}`),
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
