import { append } from '../../../model/collections.ts'
import type { Target } from '../../../model/image/layout.ts'
import { type Result, success } from '../../../model/problem.ts'
import { formatLeafPath, type LeafPath, listRoot } from '../../../model/values/leaf-path.ts'
import {
  emptyTree,
  nodeAt,
  scalarsOf,
  setNode,
  type ValuesNode,
  type ValuesTree,
} from '../../../model/values/values.ts'
import { openLocal, rendererOf } from '../../fetch/acquire.ts'
import type { Session } from '../../../session/session.ts'
import type { Render } from '../../render/render.ts'
import { compareAgain, renderOverridden } from './again.ts'
import type { ChartRelocation } from '../relocate.ts'

export interface RepackedOptions {
  readonly target: Target
  /** The values merged over the chart's own. */
  readonly over: ValuesTree
  /** Removes from every render what was removed from the baseline. */
  readonly narrow?: (render: Render) => Render
  /** Returns what is set on top of a consumer's values; by default the leaves of `over` that they set themselves. */
  readonly onTop?: (given: ValuesTree) => ValuesTree
}

/**
 * Proves a patched chart: rendered with the consumer's values and no override, every reference must be at its
 * destination. If the consumer's values set a leaf themselves, they override the chart's defaults, so that leaf is set
 * on top. Returns the faults.
 */
export async function proveRepacked(
  archive: string,
  relocation: ChartRelocation,
  options: RepackedOptions,
  session: Session,
): Promise<Result<string[]>> {
  const { target, over, narrow = (render) => render } = options
  const { onTop = (given) => defeatingLeaves(given, over) } = options
  const local = await openLocal(archive, session)
  if (!local.ok) return local
  const render = narrow(rendererOf(local.value, session).render)
  const faults: string[] = []
  for (const view of relocation.views) {
    const { variant, skipsSchema } = view
    const top = onTop(variant.values)
    const request = { ...variant.settings, values: [variant.values, top], skipSchema: skipsSchema }
    const overridden = await renderOverridden(render, request)
    if (!overridden.ok) return overridden
    const compared = { target, over: [over, top], signal: session.signal }
    append(faults, await compareAgain(view, overridden.value, relocation, compared))
  }
  return success(faults)
}

/** An override in two parts: what a patched chart may have as its defaults, and what it must not contain. */
export interface SplitOverride {
  readonly own: ValuesTree
  /** Lists that restate a consumer's own list with everything in it, including passwords. */
  readonly restated: ValuesTree
  readonly restatedPaths: readonly LeafPath[]
}

/**
 * Splits an override. helm replaces a list as a whole, so an image in a list of the consumer's values is redirected
 * only if the whole list is restated. Such a list belongs to the consumer, not in a chart that others install.
 */
export function splitOverride(over: ValuesTree, given: ValuesTree): SplitOverride {
  const [own, restated] = [emptyTree(), emptyTree()]
  const restatedPaths: LeafPath[] = []
  for (const { path, value } of leavesOf(over)) {
    const isRestated = Array.isArray(value) && nodeAt(given, path) !== undefined
    if (isRestated) restatedPaths.push(path)
    setNode(isRestated ? restated : own, path, value)
  }
  return { own, restated, restatedPaths }
}

/** Returns the leaves of an override, each list as a whole. */
function leavesOf(over: ValuesTree): { readonly path: LeafPath; readonly value: ValuesNode }[] {
  const roots = [...scalarsOf(over)].map(({ path }) => listRoot(path))
  const distinct = new Map(roots.map((path) => [formatLeafPath(path), path]))
  return [...distinct.values()].map((path) => ({ path, value: nodeAt(over, path) ?? null }))
}

/** Returns the leaves of an override that the consumer's own values also set. */
function defeatingLeaves(given: ValuesTree, over: ValuesTree): ValuesTree {
  const needed = emptyTree()
  for (const { path, value } of leavesOf(over)) {
    if (nodeAt(given, path) !== undefined) setNode(needed, path, value)
  }
  return needed
}
