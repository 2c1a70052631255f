import type { Session } from '../../session/session.ts'
import { type Problem, about } from '../../model/problem.ts'
import { formatReference } from '../../model/image/reference.ts'
import { createHeads } from '../../tools/registry/heads.ts'
import type { Attempted } from './options.ts'

/** Checks with HEAD requests whether the sources have the images. Returns the problems by canonical reference. */
export async function checkImages(
  attempted: readonly Attempted[],
  { registries, signal }: Session,
): Promise<Map<string, Problem>> {
  const head = createHeads(registries, signal)
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
      const answer = await head(reference)
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
