import type { OpenQuestion } from '../../../model/chart/question.ts'
import { interruptible } from '../../../steps/interruptible.ts'
import type { ChartFiles } from '../../chart/chart.ts'
import type { Assumptions } from '../assumptions.ts'
import { emptyLeaves } from '../solve/empty-leaves.ts'
import { emptySlot } from '../solve/slots.ts'
import { renderMarked } from '../solve/taint.ts'
import type { VariantView } from '../view.ts'
import { findRetagged } from './delivered.ts'
import { findLatent } from './latent.ts'
import { findNested } from './nested.ts'
import { type ClusterDoors, type Elsewhere, findOtherCluster } from './other-cluster.ts'
import { unreadField } from './site.ts'

/**
 * Returns what the baseline of a variant leaves open: images that only other values, another cluster or a controller
 * bring, and fields that cannot be read. Throws `ProblemError` when the signal is aborted.
 *
 * @param elsewhere what other clusters have shown, if they were compared
 */
export async function askAbout(
  chart: ChartFiles,
  view: VariantView,
  assumptions: Assumptions,
  doors: ClusterDoors,
  elsewhere: Elsewhere | undefined,
): Promise<OpenQuestion[]> {
  const { variant, values, found, baseline } = view
  const { name } = variant
  const unread = found.oddities.map((oddity) => unreadField(name, oddity))
  const none: OpenQuestion[] =
    found.occurrences.length === 0 ? [{ kind: 'no-images', variant: name }] : []
  const violations = (view.schemaProblem?.violations ?? []).map((violation): OpenQuestion => ({
    kind: 'schema-violation',
    variant: name,
    ...violation,
  }))
  const { local, global } = await interruptible(emptyLeaves(chart, values), doors.signal)
  const empty = [...local, ...global].map(emptySlot)
  const marked =
    empty.length === 0 ? undefined : await renderMarked(empty, values, view.renderTried)
  const latent =
    marked === undefined ? [] : await findLatent(name, marked, found.occurrences, doors.signal)
  return [
    ...none,
    ...violations,
    ...unread,
    ...latent,
    ...findNested(name, baseline),
    ...findRetagged(name, baseline),
    ...(elsewhere?.differs ? await findOtherCluster(view, assumptions, elsewhere) : []),
  ]
}
