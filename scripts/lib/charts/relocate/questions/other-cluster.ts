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
 * Returns the images that a chart renders only on other clusters: on a newer one, or on one with further APIs. Checks
 * this only if templates depend on it and the caller did not specify their cluster. A chart that rejects the other
 * cluster has no images there.
 */
export async function findOtherCluster(
  view: VariantView,
  assumptions: Assumptions,
  doors: ClusterDoors,
): Promise<OpenQuestion[]> {
  const others = otherClusters(view, assumptions)
  const [first, second] = others
  if (first === undefined) return []
  if (second !== undefined) {
    // One render tells whether anything differs at all; it fails if the chart rejects only one of the two.
    const { kubeVersion } = first.settings
    const seen = await newOn({ ...second.settings, kubeVersion }, view, doors)
    if (seen?.length === 0) return []
  }
  const questions: OpenQuestion[] = []
  for (const { assumed, other, settings } of others) {
    const found = (await newOn(settings, view, doors)) ?? []
    for (const [reference, [occurrence]] of groupBy(found, nameOf)) {
      if (occurrence === undefined) continue
      questions.push({
        kind: 'other-cluster',
        reference,
        assumed,
        other,
        variant: view.variant.name,
        ...describeSite(siteOf(occurrence)),
      })
    }
  }
  return questions
}

/** Returns the clusters to compare with: a newer one, and one with further APIs. */
function otherClusters(
  { variant: { settings, assumes } }: VariantView,
  { asksVersion, apis }: Assumptions,
): OtherCluster[] {
  const others: OtherCluster[] = []
  const { kubeVersion, apiVersions } = settings
  if (asksVersion && assumes?.kubeVersion === true && kubeVersion !== newestKubeVersion) {
    others.push({
      assumed: `Kubernetes ${kubeVersion}`,
      other: `Kubernetes ${newestKubeVersion}`,
      settings: { ...settings, kubeVersion: newestKubeVersion },
    })
  }
  const further = apis.filter((api) => !apiVersions.includes(api))
  if (further.length > 0 && assumes?.apiVersions === true) {
    others.push({
      assumed: 'a cluster without further APIs',
      other: `a cluster with ${further.join(', ')}`,
      settings: { ...settings, apiVersions: [...apiVersions, ...further] },
    })
  }
  return others
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
