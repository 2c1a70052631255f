import { searchReferences } from '../../charts/find/find.ts'
import { joinedText } from '../../charts/relocate/prove/joined.ts'
import type { Render, RenderRequest } from '../../charts/render/render.ts'
import type { ChartFiles } from '../../charts/chart/chart.ts'
import type { RenderedDocument } from '../../charts/render/documents.ts'
import { type Result, success } from '../../model/problem.ts'

/** True for a document of a subchart, by the template that helm names. */
function isOfSubchart({ source }: RenderedDocument): boolean {
  return /^[^/]+\/charts\//.test(source)
}

/** Wraps a renderer to exclude the documents of subcharts. */
export function withoutSubcharts(render: Render): Render {
  return async (request) => {
    const rendered = await render(request)
    if (!rendered.ok) return rendered
    return success(rendered.value.filter((document) => !isOfSubchart(document)))
  }
}

/** Returns the keys under which values configure subcharts. */
export function keysOfSubcharts({ metadata, subcharts }: ChartFiles): string[] {
  return [
    ...metadata.dependencies.map(({ name, alias }) => alias ?? name),
    ...subcharts.map((sub) => sub.metadata.name),
  ]
}

/**
 * Returns one sentence for each image of a subchart that a repacked chart changes, although subcharts must not change:
 * values for all charts, such as a global registry, affect them as well.
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
        `"${text}" in a dependency would change to "${moved.get(key) ?? ''}", but dependencies must stay unchanged`,
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
