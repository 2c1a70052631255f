import type { ContentStore } from './content/store.ts'
import type { Service } from './net/call.ts'
import { chartArtifact, chartTag } from './upstream/chart-artifact.ts'
import { createChartSites } from './upstream/chart-site.ts'
import { type ChartRequest, gatherCharts } from './upstream/chart-source.ts'
import type { UpstreamImages } from './upstream/images.ts'

export function stockImages(images: UpstreamImages, references: readonly string[]): void {
  for (const reference of references) images.stock(reference)
}

/** Puts OCI charts into the registries, and returns the sites of all other chart repositories by host. */
export async function stockCharts(
  images: UpstreamImages,
  store: ContentStore,
  requests: readonly ChartRequest[],
  folder?: string,
): Promise<Map<string, Service>> {
  const published = await gatherCharts(requests, folder)
  for (const { repository, archives } of published.filter((one) => isOci(one.repository))) {
    const [registry = '', ...path] = repository.slice('oci://'.length).split('/')
    for (const archive of archives) {
      const name = [...path, archive.name].join('/')
      images.add(registry, name, chartTag(archive.version), chartArtifact(store, archive))
    }
  }
  return createChartSites(published.filter((one) => !isOci(one.repository)))
}

function isOci(repository: string): boolean {
  return repository.startsWith('oci://')
}
