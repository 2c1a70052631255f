import type { LocatedFault } from '../located/faults.ts'
import type { Position } from '../located/node.ts'

/** Maximum characters that the add-ons of one file expand to. */
const maximumText = 16 * 1024 * 1024
/** Characters that a value counts as, besides its text. */
const perValue = 32

/**
 * The amount to which the parameter sets, environments and indices of a file may still expand. A few kilobytes can
 * ask for gigabytes, because each of them repeats text that is written once.
 */
export interface Allowance {
  left: number
  fault?: LocatedFault
}

/** Creates the allowance of one file. */
export function createAllowance(): Allowance {
  return { left: maximumText }
}

/** Returns whether the allowance has room for values and text; records the position of the first for which it has none. */
export function spend(
  allowance: Allowance,
  { values = 0, text = 0 }: { readonly values?: number; readonly text?: number },
  at: Position,
): boolean {
  allowance.left -= values * perValue + text
  if (allowance.left >= 0) return true
  const size = `${maximumText / 1024 / 1024} MiB`
  allowance.fault ??= {
    at,
    message: `the add-ons in this file expand to more than ${size}, including their parameters and environments`,
  }
  return false
}
