import { walkCharts } from '../../charts/chart/files.ts'
import type { ChartFiles } from '../../charts/chart/chart.ts'
import { searchReferences } from '../../charts/find/find.ts'
import { joinedText } from '../../charts/relocate/prove/joined.ts'
import type { RenderedDocument } from '../../charts/render/documents.ts'
import type { TemplatedLeaf } from '../../model/chart/addon.ts'
import { isTree, treeOf, type ValuesNode } from '../../model/values/values.ts'
import type { Steps } from '../../steps/steps.ts'
import { type LeafEffect, probeText } from './effect.ts'

/**
 * Returns a value with a container in the place of a template, from the text of the template and the chart's default;
 * undefined for a leaf that takes no such value.
 */
export type ContainerStandIn = (
  text: string,
  fallback: ValuesNode | undefined,
) => ValuesNode | undefined

const container = treeOf({ name: 'probe', image: probeText })
const volume = treeOf({ name: 'probe', image: { reference: probeText } })

/** A chart may read a template as a list, as one container, as containers by name, or as text of them. */
export const containerStandIns: readonly ContainerStandIn[] = [
  (text, fallback) =>
    isOpen(text) && (isEmpty(fallback) || Array.isArray(fallback))
      ? [container, volume]
      : undefined,
  (text, fallback) =>
    isOpen(text) && (isEmpty(fallback) || isTree(fallback)) ? container : undefined,
  (text, fallback) =>
    isOpen(text) && (isEmpty(fallback) || isTree(fallback))
      ? treeOf({ probe: container })
      : undefined,
  (text, fallback) =>
    isOpen(text) && isEmpty(fallback) ? `- name: probe\n  image: ${probeText}\n` : undefined,
]

/** True for text whose value may be of any type. */
function isOpen(text: string): boolean {
  return text.trimStart().startsWith('{{')
}

/** True when the chart's default does not tell what the chart takes. */
function isEmpty(fallback: ValuesNode | undefined): boolean {
  return fallback === undefined || fallback === null || fallback === ''
}

/**
 * Returns the effect of a value with a container: only one that a pod runs has any. Anywhere else, a name alone is only a
 * potential image.
 */
export async function findContainers(
  after: readonly RenderedDocument[],
  signal: AbortSignal,
): Promise<LeafEffect> {
  const { occurrences } = await searchReferences(after, signal)
  const isRun = occurrences.some(
    (occurrence) => occurrence.class === 'certain' && joinedText(occurrence) === probeText,
  )
  return isRun ? { kind: 'adds', references: ['{{ … }}'] } : { kind: 'none' }
}

/** Words after which the search may pause. */
const wordsAtOnce = 1_000

/** Yields work, and returns the leaves that a template of the chart may read: it names one of their keys. */
export function* leavesRead(
  chart: ChartFiles,
  leaves: readonly TemplatedLeaf[],
): Steps<readonly TemplatedLeaf[]> {
  const keys = new Set(leaves.flatMap(({ path }) => path))
  const named = new Set<string | number>()
  let seen = 0
  for (const { chart: each } of walkCharts(chart)) {
    for (const [name, content] of each.files) {
      if (!name.startsWith('templates/')) continue
      const text = content.toString('utf8')
      // All values at once.
      if (/\.Values(?![\w.])/.test(text)) return leaves
      for (const [word] of text.matchAll(/[\w-]+/g)) {
        if (keys.has(word)) named.add(word)
        seen += 1
        if (seen % wordsAtOnce === 0) yield
      }
      yield
    }
  }
  return leaves.filter(({ path }) => path.some((key) => named.has(key)))
}
