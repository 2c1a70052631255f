import { append } from '../../model/collections.ts'
import { fillPattern, type Target } from '../../model/image/layout.ts'
import { type Result, success } from '../../model/problem.ts'
import {
  emptyTree,
  nodeAt,
  scalarsOf,
  setNode,
  type ValuesTree,
} from '../../model/values/values.ts'
import { openLocal, rendererOf } from '../fetch/acquire.ts'
import type { Session } from '../../session/session.ts'
import type { Render } from '../render/render.ts'
import type { Demands } from './prove/prove.ts'
import type { ChartRelocation } from './relocate.ts'
import { describeFault, faultsOf } from './prove/faults.ts'
import { compareVariant } from './prove/stable.ts'

export interface RepackedOptions {
  readonly target: Target
  /** The values that were laid over the chart's own. */
  readonly over: ValuesTree
  /** Leaves out of every render what was left out of the baseline. */
  readonly narrow?: (render: Render) => Render
  /** What is given on top of a consumer's values; by default the leaves of `over` that they set themselves. */
  readonly onTop?: (given: ValuesTree) => ValuesTree
}

/**
 * Proves a patched chart: rendered with the consumer's values and no override, every reference must be at its
 * destination. Where the consumer's values set a leaf themselves they win over the chart's defaults, so that leaf is
 * given on top. Returns what is not as it should be.
 */
export async function proveRepacked(
  archive: string,
  { views, layouts: [layout], destinationOf }: ChartRelocation,
  options: RepackedOptions,
  session: Session,
): Promise<Result<string[]>> {
  const { target, over, narrow = (render) => render } = options
  const { onTop = (given) => defeatingLeaves(given, over) } = options
  const local = await openLocal(archive, session)
  if (!local.ok) return local
  const render = narrow(rendererOf(local.value, session).render)
  const faults: string[] = []
  for (const view of views) {
    const { variant, wanted, skipsSchema } = view
    const request = { ...variant.settings, skipSchema: skipsSchema, isReadByHelm: true }
    const top = onTop(variant.values)
    const values = [variant.values, top]
    const rendered = await render({ ...request, values })
    if (!rendered.ok) return rendered
    const isWanted = new Set(wanted)
    const demands: Demands = {
      expect: (occurrence, isForced = false) =>
        layout !== undefined && (isForced || isWanted.has(occurrence))
          ? fillPattern(destinationOf(layout.layout, occurrence), target)
          : undefined,
      registry: target.registry,
      given: new Set([over, top].flatMap((tree) => [...scalarsOf(tree)].map(({ value }) => value))),
    }
    const comparison = await compareVariant(view, rendered.value, demands, session.signal)
    append(
      faults,
      faultsOf(comparison).map((fault) => describeFault(fault)),
    )
  }
  return success(faults)
}

/** The leaves of an override that the consumer's own values set, too. */
function defeatingLeaves(given: ValuesTree, over: ValuesTree): ValuesTree {
  const needed = emptyTree()
  for (const { path, value } of scalarsOf(over)) {
    const isList = path.some((part) => typeof part === 'number')
    if (nodeAt(given, path) === undefined || isList) continue
    setNode(needed, path, value)
  }
  return needed
}
