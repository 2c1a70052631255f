import { fillPattern, type Target } from '../../../model/image/layout.ts'
import { type Result, success } from '../../../model/problem.ts'
import { privateTexts } from '../../../model/text/given-texts.ts'
import type { ValuesTree } from '../../../model/values/values.ts'
import type { Render, RenderRequest } from '../../render/render.ts'
import { toldBy } from '../operators/told.ts'
import { describeProofFaults, faultsOf } from '../prove/faults.ts'
import { givenBy } from '../prove/given.ts'
import type { Demands } from '../prove/prove.ts'
import { compareVariant, type Overridden } from '../prove/stable.ts'
import type { ChartRelocation } from '../relocate.ts'
import type { VariantView } from '../view.ts'

export interface AgainOptions {
  readonly target: Target
  /** The values by which the render may differ from that of the view. */
  readonly over: readonly ValuesTree[]
  readonly signal: AbortSignal
}

/** Renders once, and again on request, to show which text is random. Fails when the first render does. */
export async function renderOverridden(
  render: Render,
  request: RenderRequest,
): Promise<Result<Overridden>> {
  const rendered = await render({ ...request, isReadByHelm: true })
  if (!rendered.ok) return rendered
  return success({
    documents: rendered.value,
    renderAgain: async () => {
      const again = await render({ ...request, isFresh: true })
      return again.ok ? again.value : undefined
    },
  })
}

/**
 * Compares another render of a variant with its baseline: every wanted reference must be at its destination, stuck ones
 * included. Returns the faults, in words.
 */
export async function compareAgain(
  view: VariantView,
  overridden: Overridden,
  { layouts: [layout], destinationOf }: ChartRelocation,
  { target, over, signal }: AgainOptions,
): Promise<string[]> {
  const isWanted = new Set(view.wanted)
  const demands: Demands = {
    expect: (occurrence, isForced = false) =>
      layout !== undefined && (isForced || isWanted.has(occurrence))
        ? fillPattern(destinationOf(layout.layout, occurrence), target)
        : undefined,
    registry: target.registry,
    given: givenBy(over, view.values),
    followers: view.followers,
    told: toldBy(layout?.told ?? [], target),
  }
  const secrets = privateTexts([view.variant.values])
  const comparison = await compareVariant(view, overridden, demands, signal)
  return describeProofFaults(faultsOf(comparison), { secrets })
}
