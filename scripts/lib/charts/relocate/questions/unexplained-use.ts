import type { OpenQuestion } from '../../../model/chart/question.ts'
import type { LeafAssignment } from '../../../model/chart/relocation.ts'
import { fillPattern, type Target } from '../../../model/image/layout.ts'
import { formatLeafPath } from '../../../model/values/leaf-path.ts'
import { documentTitle } from '../../render/documents.ts'
import type { Comparison } from '../prove/prove.ts'
import { describeSite, siteOf } from './site.ts'

/** Maximum number of questions for one variant: further differences of the same kind add no information. */
const maximumUses = 20

/** A render with values for images that the chart does not render, and its differences. */
interface Disturbed {
  readonly variant: string
  readonly comparison: Comparison
}

/**
 * Returns the places where values for images with no known use changed the output: something there uses them. The
 * leaves are those whose new value is in the changed text, or all of them if there are none.
 */
export function unexplainedUses(
  { variant, comparison: { changes, appeared } }: Disturbed,
  dormant: readonly LeafAssignment[],
  target: Target,
): OpenQuestion[] {
  const values = dormant.flatMap(({ path, value }) =>
    typeof value === 'string'
      ? [{ leaf: formatLeafPath(path), text: fillPattern(value, target) }]
      : [],
  )
  const leavesIn = (text: string) => {
    const own = values.filter((one) => text.includes(one.text))
    return (own.length > 0 ? own : values).map(({ leaf }) => leaf)
  }
  const changed = changes.map(({ document, path, after }): OpenQuestion => ({
    kind: 'unexplained-use',
    leaves: leavesIn(after),
    variant,
    document: documentTitle(document),
    path,
    template: document.source,
  }))
  const added = appeared.map((occurrence): OpenQuestion => ({
    kind: 'unexplained-use',
    leaves: leavesIn(occurrence.reference.text),
    variant,
    ...describeSite(siteOf(occurrence)),
  }))
  return [...changed, ...added].slice(0, maximumUses)
}
