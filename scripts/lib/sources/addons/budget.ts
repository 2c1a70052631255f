import type { LocatedFault } from '../located/faults.ts'
import type { Position } from '../located/node.ts'

/** Maximum characters that the add-ons of one file expand to. */
const maximumText = 16 * 1024 * 1024
/** Characters that a value counts as, besides its text. */
const perValue = 32

/**
 * What parameter sets, environments and indices of a file may still expand to. A few kilobytes can ask for gigabytes,
 * because each of them repeats what is written once.
 */
export interface Budget {
  left: number
  fault?: LocatedFault
}

/** Creates the budget of one file. */
export function createBudget(): Budget {
  return { left: maximumText }
}

/** Returns whether there is budget for values and text; records the position of the first for which there is not. */
export function spend(
  budget: Budget,
  { values = 0, text = 0 }: { readonly values?: number; readonly text?: number },
  at: Position,
): boolean {
  budget.left -= values * perValue + text
  if (budget.left >= 0) return true
  const size = `${maximumText / 1024 / 1024} MiB`
  budget.fault ??= {
    at,
    message: `the add-ons of this file expand to more than ${size}, with their parameters and environments`,
  }
  return false
}
