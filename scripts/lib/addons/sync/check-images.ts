import type { Session } from '../../session/session.ts'
import { type Problem, about } from '../../model/problem.ts'
import { formatReference, identifierOf } from '../../model/image/reference.ts'
import { createGates } from '../../tools/pacing/gate.ts'
import { withRetry } from '../../tools/pacing/retry.ts'
import type { Attempted } from './options.ts'

/** Checks with HEAD requests whether the sources have the images. Returns the problems by canonical reference. */
export async function checkImages(
  attempted: readonly Attempted[],
  { registries, signal }: Session,
): Promise<Map<string, Problem>> {
  const gates = createGates(() => ({ concurrency: 6, interval: 0 }), signal)
  const references = new Map(
    attempted.flatMap(({ result }) =>
      result.ok
        ? result.value.images.map(
            ({ reference }) => [formatReference(reference), reference] as const,
          )
        : [],
    ),
  )
  const problems = new Map<string, Problem>()
  await Promise.all(
    [...references].map(async ([name, reference]) => {
      const answer = await gates(reference.registry).enter(() =>
        withRetry(signal, () => registries.head(reference, identifierOf(reference))),
      )
      if (answer.ok) return
      const { problem } = answer
      problems.set(
        name,
        about(`image "${name}"`, {
          ...problem,
          ...(problem.kind === 'not-found' && { message: 'not found at the source' }),
          next: adviceFor(problem),
        }),
      )
    }),
  )
  return problems
}

function adviceFor({ kind, next }: Problem): string {
  if (kind === 'not-found') return 'check the values that name it, or the chart version'
  return kind === 'unauthorized' || kind === 'access-denied'
    ? 'check the values that reference this image, or provide credentials: it does not exist or is not public'
    : (next ?? 'try again, or skip this check with --no-check')
}
