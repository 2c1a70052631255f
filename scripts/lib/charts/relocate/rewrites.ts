import { fillPattern, type Target } from '../../model/image/layout.ts'
import type { Rewrite } from '../patch/rewriter.ts'
import { joinedText } from './prove/joined.ts'
import type { ChartRelocation } from './relocate.ts'

/** Returns the references that have to be rewritten in the templates, because no value sets them. */
export function rewritesOf({ layouts }: ChartRelocation, target: Target): Rewrite[] {
  return layouts.flatMap(({ stuck }) =>
    stuck.map(({ occurrence, destination }) => ({
      text: joinedText(occurrence),
      destination: fillPattern(destination, target),
    })),
  )
}
