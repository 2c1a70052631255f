import type {
  ManifestChart,
  ManifestImage,
  ManifestPlace,
} from '../../../scripts/lib/model/manifest/manifest.ts'

/** A chart of a manifest with everything that a test does not speak of. */
export function makeChart(
  chart: Pick<ManifestChart, 'name'> & Partial<ManifestChart>,
): ManifestChart {
  return {
    version: '1.0.0',
    repository: 'https://x.io',
    group: 'production',
    variants: ['default'],
    relocation: {},
    undecided: [],
    questions: [],
    dormant: [],
    notices: [],
    ...chart,
  }
}

/** An image that was declared by hand. */
export function makeImage(
  reference: string,
  charts: readonly string[] = [],
  rest: Partial<ManifestImage> = {},
): ManifestImage {
  return { reference, charts, found: [], ...rest }
}

export function makePlace(place: Partial<ManifestPlace> = {}): ManifestPlace {
  return {
    chart: 'one',
    variants: ['default'],
    class: 'certain',
    document: 'Deployment/one',
    path: 'spec.template.spec.containers[0].image',
    template: 'one/templates/deployment.yaml',
    leaves: ['image.repository'],
    ...place,
  }
}
