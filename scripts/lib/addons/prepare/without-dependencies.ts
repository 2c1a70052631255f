import { searchReferences } from '../../charts/find/find.ts'
import { joinedText } from '../../charts/relocate/prove/joined.ts'
import type { Render, RenderRequest } from '../../charts/render/render.ts'
import type { ChartFiles } from '../../charts/chart/chart.ts'
import type { RenderedDocument } from '../../charts/render/documents.ts'
import { type Result, success } from '../../model/problem.ts'

/** helm names the template of every document. */
function isOfSubchart({ source }: RenderedDocument): boolean {
  return /^[^/]+\/charts\//.test(source)
}

/** Renders without what subcharts add. */
export function withoutSubcharts(render: Render): Render {
  return async (request) => {
    const rendered = await render(request)
    if (!rendered.ok) return rendered
    return success(rendered.value.filter((document) => !isOfSubchart(document)))
  }
}

/** The keys under which values speak of subcharts. */
export function keysOfSubcharts({ metadata, subcharts }: ChartFiles): string[] {
  return [
    ...metadata.dependencies.map(({ name, alias }) => alias ?? name),
    ...subcharts.map((sub) => sub.metadata.name),
  ]
}

/**
 * What a repacked chart does to the images of subcharts, which were to be left alone: values for all charts, such as a
 * global registry, reach them, too. One sentence for each image.
 */
export async function touchedSubcharts(
  before: Render,
  after: Render,
  requests: readonly RenderRequest[],
  signal: AbortSignal,
): Promise<Result<string[]>> {
  const touched = new Set<string>()
  for (const request of requests) {
    const [old, now] = [await before(request), await after(request)]
    if (!old.ok) return old
    if (!now.ok) return now
    const moved = await imagesOf(now.value, signal)
    for (const [key, text] of await imagesOf(old.value, signal)) {
      if (moved.get(key) === text) continue
      touched.add(
        `"${text}" in a dependency, which must not change, becomes "${moved.get(key) ?? ''}"`,
      )
    }
  }
  return success([...touched])
}

async function imagesOf(
  documents: readonly RenderedDocument[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const { occurrences } = await searchReferences(documents.filter(isOfSubchart), signal)
  return new Map(occurrences.map((occurrence) => [occurrence.key, joinedText(occurrence)]))
}
