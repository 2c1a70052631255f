import { variantName } from '../../../model/chart/relocation.ts'
import { append } from '../../../model/collections.ts'
import type { Target } from '../../../model/image/layout.ts'
import { sentenceOf } from '../../../model/problem.ts'
import type { ValuesTree } from '../../../model/values/values.ts'
import type { Render } from '../../render/render.ts'
import type { ChartRelocation } from '../relocate.ts'
import { compareAgain, renderOverridden } from './again.ts'

export interface InsteadOptions {
  readonly target: Target
  readonly render: Render
  readonly signal: AbortSignal
}

/**
 * Proves a relocated chart with values that take the place of those of its first variant, override included. Returns the
 * faults.
 */
export async function proveInstead(
  relocation: ChartRelocation,
  values: ValuesTree,
  { target, render, signal }: InsteadOptions,
): Promise<string[]> {
  const {
    views,
    layouts: [layout],
  } = relocation
  const [first] = views
  if (first === undefined || layout === undefined) return []
  // What is passed on to further charts, and no value moves, stays where it is.
  const isLeft = new Set(layout.delivered.map(({ occurrence }) => occurrence))
  const faults: string[] = []
  for (const view of views) {
    const { variant, skipsSchema } = view
    // The same variant, rendered in every way in which the chart was proven.
    if (variantName(variant.name) !== variantName(first.variant.name)) continue
    const request = { ...variant.settings, values: [values], skipSchema: skipsSchema }
    const overridden = await renderOverridden(render, request)
    if (!overridden.ok) return [sentenceOf(overridden.problem)]
    const wanted = view.wanted.filter((occurrence) => !isLeft.has(occurrence))
    const options = { target, over: [values], signal }
    append(faults, await compareAgain({ ...view, wanted }, overridden.value, relocation, options))
  }
  return [...new Set(faults)]
}
