import type { OpenQuestion } from '../../../model/chart/question.ts'
import { formatReference } from '../../../model/image/reference.ts'
import { type Occurrence, searchReferences } from '../../find/find.ts'
import type { Render, RenderSettings } from '../../render/render.ts'
import type { Assumptions } from '../assumptions.ts'
import type { Decide, VariantView } from '../view.ts'
import { describeSite } from './site.ts'

/** The newest Kubernetes version that a chart is looked at for, beside the assumed one. */
const newestKubeVersion = '1.36.0'

export interface ClusterDoors {
  readonly decide: Decide
  readonly render: Render
  readonly signal: AbortSignal
}

/** What a proof assumes about the cluster, and what it is compared with. */
interface OtherCluster {
  readonly assumed: string
  readonly other: string
  readonly settings: RenderSettings
}

/**
 * Returns the images that a chart renders only on other clusters: on a newer one, or on one with further APIs. Looks
 * only where templates ask for that, and where the caller did not say what their cluster has. A chart that refuses the
 * other cluster has no images there.
 */
export async function findOtherCluster(
  { variant, found, skipsSchema }: VariantView,
  { asksVersion, apis }: Assumptions,
  { decide, render, signal }: ClusterDoors,
): Promise<OpenQuestion[]> {
  const { settings, assumes } = variant
  const { kubeVersion } = settings
  const others: OtherCluster[] = []
  if (asksVersion && assumes?.kubeVersion === true && kubeVersion !== newestKubeVersion) {
    others.push({
      assumed: `Kubernetes ${kubeVersion}`,
      other: `Kubernetes ${newestKubeVersion}`,
      settings: { ...settings, kubeVersion: newestKubeVersion },
    })
  }
  const further = apis.filter((api) => !settings.apiVersions.includes(api))
  if (further.length > 0 && assumes?.apiVersions === true) {
    others.push({
      assumed: 'a cluster without further APIs',
      other: `a cluster with ${further.join(', ')}`,
      settings: { ...settings, apiVersions: [...settings.apiVersions, ...further] },
    })
  }
  const known = new Set(found.occurrences.map(nameOf))
  const newOn = async (changed: RenderSettings): Promise<Occurrence[]> => {
    const request = { ...changed, values: [variant.values], skipSchema: skipsSchema }
    const rendered = await render(request)
    if (!rendered.ok) return []
    const { occurrences } = await searchReferences(rendered.value, signal)
    return occurrences.filter(
      (one) =>
        one.class !== 'potential' && !known.has(nameOf(one)) && decide(nameOf(one)) === undefined,
    )
  }
  const questions: OpenQuestion[] = []
  for (const { assumed, other, settings: changed } of others) {
    const names = new Set<string>()
    for (const { document, pieces, reference } of await newOn(changed)) {
      const name = formatReference(reference)
      if (names.has(name)) continue
      names.add(name)
      questions.push({
        kind: 'other-cluster',
        reference: name,
        assumed,
        other,
        variant: variant.name,
        ...describeSite({ document, path: pieces[0]?.path ?? [] }),
      })
    }
  }
  return questions
}

function nameOf({ reference }: Occurrence): string {
  return formatReference(reference)
}
