import { columns, count, formatBytes } from '../../cli/text.ts'
import type { Plan } from './plan.ts'
import type { Action } from './decision.ts'
import { renderRepositories } from '../target/repositories-text.ts'

const actionWords: Readonly<Record<Action, string>> = {
  copy: 'copy',
  compare: 'compare',
  overwrite: 'replace',
  restore: 'restore',
  skip: 'skip',
  differs: 'DIFFERS',
  blocked: 'BLOCKED',
}

/** Renders the plan as a table for people: one line per step, with the totals below. */
export function renderPlan(plan: Plan): string[] {
  const rows = plan.steps.map((step) => [
    actionWords[step.action],
    step.name,
    step.destination.slice(plan.target.registry.length + 1),
    step.bytes === undefined ? '?' : formatBytes(step.bytes),
    step.reason,
  ])
  const isUnknown = plan.steps.some(({ action, bytes }) => action !== 'skip' && bytes === undefined)
  const counts = new Map<Action, number>()
  for (const { action } of plan.steps) counts.set(action, (counts.get(action) ?? 0) + 1)
  const sums = [...counts]
    .map(([action, steps]) => (action === 'blocked' ? `${steps} blocked` : `${steps} to ${action}`))
    .join(', ')
  return [
    `target ${plan.target.registry}`,
    ...renderRepositories(plan.create, plan.repositories),
    ...columns([['', 'source', 'destination', 'size', 'why'], ...rows]),
    `${count(plan.create.length, 'repository', 'repositories')} to create; ${sums || 'nothing selected'}`,
    ...(isUnknown ? ['? marks an unknown size: there is no private-ecr-lock.json yet'] : []),
  ]
}
