import { fillPattern, type Target } from '../../../model/image/layout.ts'
import type { Rewrite } from '../../patch/rewriter.ts'
import type { Occurrence } from '../../find/find.ts'
import { joinedText } from '../prove/joined.ts'
import type { ChartRelocation } from '../relocate.ts'

/** Returns the references that have to be rewritten in the templates, because no value sets them. */
export function rewritesOf({ layouts }: ChartRelocation, target: Target): Rewrite[] {
  return layouts.flatMap(({ stuck, delivered }) =>
    [...stuck, ...delivered].map(({ occurrence, destination }) => ({
      text: joinedText(occurrence),
      destination: fillPattern(destination, target),
    })),
  )
}

/**
 * Returns the references that have to be rewritten in what helm renders with the override, as that render spells them:
 * values may redirect a part of one. helm passes nothing in `crds/` to a post-renderer.
 */
export function rewritesBehindValues({ layouts }: ChartRelocation, target: Target): Rewrite[] {
  return layouts.flatMap(({ stuck, delivered, proofs }) => {
    const after = new Map(
      proofs.map(({ variant, comparison }) => [
        variant,
        new Map(comparison.after.map((occurrence) => [occurrence.key, occurrence])),
      ]),
    )
    return [...stuck, ...delivered].flatMap(({ variant, occurrence, destination }) => {
      if (isInCrds(occurrence)) return []
      const now = after.get(variant)?.get(occurrence.key) ?? occurrence
      return [{ text: joinedText(now), destination: fillPattern(destination, target) }]
    })
  })
}

function isInCrds({ document: { source } }: Occurrence): boolean {
  return /^(?:[^/]+\/charts\/)*[^/]+\/crds\//.test(source)
}
