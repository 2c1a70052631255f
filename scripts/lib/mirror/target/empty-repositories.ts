import { groupBy } from '../../model/collections.ts'
import type { Outcome } from '../../model/events.ts'
import type { MirrorStep } from '../plan/plan.ts'

/** Returns the names of repositories that a run created and that stayed empty. */
export function findEmpty(
  created: readonly string[],
  steps: readonly Pick<MirrorStep, 'destination' | 'repository'>[],
  outcomes: readonly Outcome[],
): { readonly empty: readonly string[]; readonly outcomes: readonly Outcome[] } {
  if (created.length === 0) return { empty: [], outcomes }
  const repositoryOf = new Map(
    steps.map(({ destination, repository }) => [destination, repository]),
  )
  const used = groupBy(outcomes, ({ destination }) => repositoryOf.get(destination))
  const lacking = new Set(created.filter((name) => used.get(name)?.every(leftNothing)))
  return {
    empty: created.filter((name) => lacking.has(name)),
    outcomes: outcomes.map((outcome) => {
      const repository = repositoryOf.get(outcome.destination)
      return repository !== undefined && lacking.has(repository)
        ? { ...outcome, emptyRepository: repository }
        : outcome
    }),
  }
}

function leftNothing({ status, isTagged = false }: Outcome): boolean {
  return (status === 'failed' || status === 'interrupted') && !isTagged
}
