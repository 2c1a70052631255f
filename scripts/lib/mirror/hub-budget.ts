import { count } from '../cli/text.ts'
import { type Content, manifestsOf, usualManifests } from '../model/content.ts'
import type { Problem } from '../model/problem.ts'
import { dockerHub } from '../model/reference.ts'
import type { Step } from './plan.ts'
import { routesOf, type SourceMirrors } from './routes.ts'
import { referenceToCopy } from './sources.ts'

/**
 * The pulls that Docker Hub will count for these steps: one for each manifest that is read, children included (its
 * usage page). What comes from a mirror costs none, unless the mirror fails.
 */
export function hubPulls(
  steps: readonly Step[],
  contents: ReadonlyMap<string, Content>,
  mirrors: SourceMirrors,
): number {
  return steps
    .map((step) => {
      const reference = referenceToCopy(step)
      if (step.action === 'skip' || step.action === 'differs' || reference === undefined) return 0
      if (routesOf(reference, mirrors)[0].registry !== dockerHub) return 0
      if (step.kind === 'chart') return 1
      const content = step.digest === undefined ? undefined : contents.get(step.digest)
      return step.manifests ?? (content ? manifestsOf(content) : usualManifests)
    })
    .reduce((sum, pulls) => sum + pulls, 0)
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
