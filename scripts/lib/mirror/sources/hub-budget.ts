import { count } from '../../cli/text.ts'
import { type Content, manifestsOf, usualManifests } from '../../model/image/content.ts'
import type { Problem } from '../../model/problem.ts'
import { dockerHub } from '../../model/image/reference.ts'
import { mayCopy, type MirrorStep } from '../plan/plan.ts'
import { sourceRoutesOf, type SourceMirrors } from './routes.ts'
import { referenceToCopy, type Resolved } from './sources.ts'

/**
 * Returns the pulls that Docker Hub will count for these steps: one for each manifest read, children included (its
 * usage page). Images from a mirror cost none unless the mirror fails; neither do images without a pull limit.
 */
export function hubPulls(
  steps: readonly MirrorStep[],
  contents: ReadonlyMap<string, Content>,
  mirrors: SourceMirrors,
  resolvedOf: (step: MirrorStep) => Resolved | undefined,
): number {
  return steps
    .map((step) => {
      if (!mayCopy(step) || step.refused !== undefined) return 0
      if (!isCountedByHub(step, mirrors, resolvedOf(step))) return 0
      if (step.kind === 'chart') return 1
      const content = step.digest === undefined ? undefined : contents.get(step.digest)
      return step.manifests ?? (content ? manifestsOf(content) : usualManifests)
    })
    .reduce((sum, pulls) => sum + pulls, 0)
}

/** Returns whether Docker Hub counts reads of an item: it comes from there, and the answer had a pull limit. */
export function isCountedByHub(
  step: MirrorStep,
  mirrors: SourceMirrors,
  resolved: Resolved | undefined,
): boolean {
  const reference = referenceToCopy(step)
  if (reference === undefined || resolved?.isUnlimited === true) return false
  return sourceRoutesOf(reference, mirrors)[0].registry === dockerHub
}

/** Likely maximum of manifests per image: eight platforms, each with an attestation, and the index. */
const mostPulls = 20

/** Returns whether this many counted images can be read ahead and still be copied within the quota. */
export function sufficesForLearning(left: number | undefined, images: number): boolean {
  return (left ?? 0) >= 2 * mostPulls * images
}

/** Returns the problem of an insufficient pull budget; nothing when it suffices or is unknown. */
export function budgetProblem(pulls: number, left: number | undefined): Problem | undefined {
  if (left === undefined || pulls <= left) return undefined
  return {
    kind: 'quota',
    side: 'source',
    message: `Docker Hub allows ${count(left, 'more pull')} from here, but this run needs about ${pulls}`,
    next: 'set DOCKERHUB_USERNAME and DOCKERHUB_TOKEN for a higher limit, read from a mirror (--source-mirror docker.io=mirror.gcr.io), wait up to six hours, or copy as much as the limit allows with --no-check',
  }
}
