import { count } from '../cli/text.ts'
import type { Problem } from '../model/problem.ts'
import { type Refusals, sortRefusals } from './sources/missing.ts'
import { immutableTag } from './plan/outcome.ts'
import { mayCopy, type Plan, type MirrorStep } from './plan/plan.ts'
import type { OpenRun } from './session/doors.ts'
import { settle, type Sources } from './sources/sources.ts'

/** Returns the steps that read from a source. */
export function stepsToAsk(plan: Plan): MirrorStep[] {
  return plan.steps.filter(mayCopy)
}

/**
 * Asks every source that would be read whether it has the item, and settles the steps accordingly.
 * Changes nothing. Returns the settled plan; a step whose source refuses it carries the refusal.
 */
export async function checkSources(
  plan: Plan,
  sources: Sources,
  { request, doors }: OpenRun,
): Promise<Plan> {
  const asked = stepsToAsk(plan)
  if (asked.length === 0) return plan
  doors.notify({ kind: 'phase', text: `checking the sources of ${count(asked.length, 'item')}` })
  const settings = { registry: request.registry, existing: plan.existing }
  const settled = new Map(
    await Promise.all(
      asked.map(async (step) => {
        const answer = await sources.resolve(step)
        return [
          step,
          !answer.ok ? { ...step, refused: answer.problem } : settle(step, answer.value, settings),
        ] as const
      }),
    ),
  )
  return { ...plan, steps: plan.steps.map((step) => settled.get(step) ?? step) }
}

/** Returns the refusals of sources, with missing items apart from all others. */
export function refusalsOf(plan: Plan, checked: Plan): Refusals {
  return sortRefusals(
    plan.steps.flatMap((step, index) => {
      const { refused, action } = checked.steps[index] ?? step
      // A blocked step is blocked by the target, not by a source.
      const problem = action === 'blocked' ? undefined : refused
      return mayCopy(step) ? [{ host: step.host, problem }] : []
    }),
  )
}

/** Returns the problems that make a plan impossible: immutable tags that would have to be replaced. */
export function impossibleSteps(plan: Plan, replaceImmutable: boolean): Problem[] {
  if (replaceImmutable) return []
  return plan.steps
    .filter(({ action, immutable }) => action === 'overwrite' && immutable)
    .map(immutableTag)
}
