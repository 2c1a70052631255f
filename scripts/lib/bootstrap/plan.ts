import type { BootstrapRequest } from './arguments.ts'
import type { PlannedStep } from './checklist.ts'
import { pipeline } from './pipeline.ts'

/**
 * Returns the steps of a run, in order. They depend on the request only. `--plan` prints exactly these steps, and a run
 * runs exactly these steps.
 */
export function planSteps(request: BootstrapRequest): PlannedStep[] {
  return pipeline.flatMap(({ id, title, plan, changes }) => {
    const does = plan(request)
    return does === undefined ? [] : [{ id, title, does, changes: changes(request) }]
  })
}

/** Renders the plan for people: each step, whether it may change something, and a description. */
export function renderSteps(steps: readonly PlannedStep[]): string[] {
  return steps.flatMap(({ title, does, changes }, index) => {
    const place = String(index + 1).padStart(2)
    return [`${place}  ${title}${changes ? ' (may change something)' : ''}`, `    ${does}`]
  })
}
