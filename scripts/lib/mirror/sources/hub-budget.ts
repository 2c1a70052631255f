import { count } from '../../cli/text.ts'
import { type Content, manifestsOf, usualManifests } from '../../model/image/content.ts'
import type { Problem } from '../../model/problem.ts'
import { dockerHub } from '../../model/image/reference.ts'
import { mayCopy, type Step } from '../plan/plan.ts'
import { routesOf, type SourceMirrors } from './routes.ts'
import { referenceToCopy, type Resolved } from './sources.ts'

/**
 * The pulls that Docker Hub will count for these steps: one for each manifest that is read, children included (its
 * usage page). What comes from a mirror costs none, unless the mirror fails; nor does what bears no limit.
 */
export function hubPulls(
  steps: readonly Step[],
  contents: ReadonlyMap<string, Content>,
  mirrors: SourceMirrors,
  resolvedOf: (step: Step) => Resolved | undefined,
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

/** Whether Docker Hub counts what is read of an item: it comes from there, and its answer bore a limit. */
export function isCountedByHub(
  step: Step,
  mirrors: SourceMirrors,
  resolved: Resolved | undefined,
): boolean {
  const reference = referenceToCopy(step)
  if (reference === undefined || resolved?.isUnlimited === true) return false
  return routesOf(reference, mirrors)[0].registry === dockerHub
}

/** The most manifests that an image is likely to have: eight platforms, each with an attestation, and the index. */
const mostPulls = 20

/** Whether so many counted images can be read ahead of their copies and copied nonetheless. */
export function sufficesForLearning(left: number | undefined, images: number): boolean {
  return (left ?? 0) >= 2 * mostPulls * images
}

/** What a budget that does not suffice means before anything is copied; nothing when it does, or nobody knows it. */
export function budgetProblem(pulls: number, left: number | undefined): Problem | undefined {
  if (left === undefined || pulls <= left) return undefined
  return {
    kind: 'quota',
    side: 'source',
    message: `Docker Hub admits ${count(left, 'more pull')} from here, and this run takes about ${pulls}`,
    next: 'set DOCKERHUB_USERNAME and DOCKERHUB_TOKEN for a higher limit, read from a mirror (--source-mirror docker.io=mirror.gcr.io), wait up to six hours, or go as far as it lasts with --no-check',
  }
}
