import { privateTexts } from '../../model/text/given-texts.ts'
import { fillPattern, type Target } from '../../model/image/layout.ts'
import { sentenceOf } from '../../model/problem.ts'
import type { ValuesTree } from '../../model/values/values.ts'
import type { Render } from '../render/render.ts'
import { toldBy } from './operators/told.ts'
import { describeProofFault, faultsOf } from './prove/faults.ts'
import { givenBy } from './prove/given.ts'
import type { Demands } from './prove/prove.ts'
import { compareVariant } from './prove/stable.ts'
import type { ChartRelocation } from './relocate.ts'

export interface InsteadOptions {
  readonly target: Target
  readonly render: Render
  readonly signal: AbortSignal
}

/**
 * Proves a relocated chart with values that take the place of those of its only variant, override included. Returns the
 * faults.
 */
export async function proveInstead(
  { views: [view], layouts: [layout], destinationOf }: ChartRelocation,
  values: ValuesTree,
  { target, render, signal }: InsteadOptions,
): Promise<string[]> {
  if (view === undefined || layout === undefined) return []
  const { variant, wanted, skipsSchema } = view
  const request = { ...variant.settings, values: [values], skipSchema: skipsSchema }
  const rendered = await render({ ...request, isReadByHelm: true })
  if (!rendered.ok) return [sentenceOf(rendered.problem)]
  const isWanted = new Set(wanted)
  const isLeft = new Set(layout.delivered.map(({ occurrence }) => occurrence))
  const demands: Demands = {
    expect: (occurrence, isForced = false) =>
      isForced || (isWanted.has(occurrence) && !isLeft.has(occurrence))
        ? fillPattern(destinationOf(layout.layout, occurrence), target)
        : undefined,
    registry: target.registry,
    given: givenBy([values], view.values),
    followers: view.followers,
    told: toldBy(layout.told, target),
  }
  const overridden = {
    documents: rendered.value,
    renderAgain: async () => {
      const again = await render({ ...request, isFresh: true })
      return again.ok ? again.value : undefined
    },
  }
  const comparison = await compareVariant(view, overridden, demands, signal)
  const secrets = privateTexts([variant.values])
  return faultsOf(comparison).map((fault) => describeProofFault(fault, { secrets }))
}
