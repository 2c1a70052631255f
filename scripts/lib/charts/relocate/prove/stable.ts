import { interruptible } from '../../../steps/interruptible.ts'
import type { Steps } from '../../../steps/steps.ts'
import type { RenderedDocument } from '../../render/documents.ts'
import { type Occurrence, searchInSteps } from '../../find/find.ts'
import { joinedText } from './joined.ts'
import { furtherPlaces } from './compare.ts'
import { isAnnotation, isVariable } from './places.ts'
import { fitsShape } from './shape.ts'
import {
  type Change,
  compareInSteps,
  type Comparison,
  type Demands,
  changePlace,
  unstableInSteps,
} from './prove.ts'
import type { VariantView } from '../view.ts'

/** A render with an override, and how to repeat it. */
export interface Overridden {
  readonly documents: readonly RenderedDocument[]
  /** Renders the same values again; undefined when that fails. */
  readonly renderAgain: () => Promise<readonly RenderedDocument[] | undefined>
}

/**
 * Compares a variant's baseline with an overridden render, as `compareInSteps` does. Some charts render random text:
 * second renders of both show which, and only differences beyond that count. Text that is random in the baseline has to
 * be random in the same way in the override: a password cannot become a command. Throws `ProblemError` when the signal
 * is aborted.
 */
export async function compareVariant(
  { baseline, found, renderAgain }: VariantView,
  { documents: overridden, renderAgain: overrideAgain }: Overridden,
  demands: Demands,
  signal: AbortSignal,
): Promise<Comparison> {
  const { occurrences } = found
  const comparison = await interruptible(
    compareInSteps(baseline, occurrences, overridden, demands),
    signal,
  )
  if (comparison.changes.length === 0) return comparison
  const again = await renderAgain()
  if (again === undefined) return comparison
  const unstable = await interruptible(unstableInSteps(baseline, again), signal)
  const candidates = comparison.changes.filter(
    (change) => unstable.has(changePlace(change)) && mayBeRandom(change),
  )
  if (candidates.length === 0) return comparison
  const overriddenAgain = await overrideAgain()
  if (overriddenAgain === undefined) return comparison
  const moving = await interruptible(unstableInSteps(overridden, overriddenAgain), signal)
  const steps = changesOfSecond(again, occurrences, overridden, demands)
  const second = await interruptible(steps, signal)
  const isRandom = (change: Change) => {
    // In a document with more differences than are listed, an unlisted path may differ as well.
    if (second.has(changePlace({ ...change, path: furtherPlaces }))) return false
    const other = second.get(changePlace(change))
    if (other === undefined) return true
    const later = moving.get(changePlace(change))
    return (
      later !== undefined &&
      fitsShape(change.before, other.before, change.after) &&
      fitsShape(later.before, later.after, change.before)
    )
  }
  const random = new Set(await interruptible(filterInSteps(candidates, isRandom), signal))
  return { ...comparison, changes: comparison.changes.filter((change) => !random.has(change)) }
}

function* filterInSteps(
  changes: readonly Change[],
  isWanted: (change: Change) => boolean,
): Steps<Change[]> {
  const wanted: Change[] = []
  for (const change of changes) {
    if (isWanted(change)) wanted.push(change)
    yield
  }
  return wanted
}

/** A part of a pod or pod template. */
const podPart = /(?:^|\.)(?:(?:init|ephemeral)?[cC]ontainers\[|spec\.template\.spec\.)/

const containerName = /(?:^|\.)(?:init)?[cC]ontainers\[\d+\]\.name$/

/**
 * True where random text is allowed: passwords and certificates in data, variables and annotations, and random words in
 * names, including those of containers. What a pod runs, and as whom, must not be random, because a random word there
 * could become any other.
 */
function mayBeRandom({ document, path, isOfOneKind }: Change): boolean {
  if (!isOfOneKind) return false
  const isInPod = podPart.test(path) || (document.kind === 'Pod' && path.startsWith('spec.'))
  return !isInPod || isVariable(path) || isAnnotation(path) || containerName.test(path)
}

/** Returns how the second baseline differs from the overridden render, by path. */
function* changesOfSecond(
  again: readonly RenderedDocument[],
  first: readonly Occurrence[],
  overridden: readonly RenderedDocument[],
  demands: Demands,
): Steps<Map<string, Change>> {
  const { occurrences } = yield* searchInSteps(again)
  const known = new Map(first.map((occurrence) => [occurrence.key, occurrence]))
  const { changes, derived } = yield* compareInSteps(again, occurrences, overridden, {
    ...demands,
    expect: (occurrence, isForced) => {
      const same = known.get(occurrence.key)
      return same && joinedText(same) === joinedText(occurrence)
        ? demands.expect(same, isForced)
        : undefined
    },
  })
  return new Map([...changes, ...derived].map((change) => [changePlace(change), change]))
}
