import { failure, type Result, success } from '../problem.ts'
import { emptyTree, type ValuesNode } from './tree.ts'

/** Maximum nesting of a document. Tree walks are recursive; honest charts have about 30 levels. */
export const maximumDepth = 100

/**
 * What aliases may add to a document, in units of `costOf`. helm stops at 400,000 values when nearly all of them come
 * from aliases (go-yaml v2, `allowedAliasRatio`); charts with anchors have a few hundred.
 */
export const maximumAliased = 100_000

/** Returns the cost of a value: one, plus one per 64 characters. */
export function costOf(text: string): number {
  return 1 + (text.length >>> 6)
}

/** What is left to spend on trees, in units of `costOf`. Several parts of one text share it. */
export interface TreeBudget {
  left: number
}

/**
 * Returns the maximum cost of a text's tree: its own values, each of which takes at least one character, and aliases.
 */
export function budgetOf(text: string): TreeBudget {
  return { left: text.length + maximumAliased }
}

/** Why data is not a tree. `kind`: something that JSON cannot hold. */
export type TreeFault = 'depth' | 'aliases' | 'number' | 'unicode' | 'kind'

const surrogate = /\p{Surrogate}/u

/** Returns the fault of a text; undefined for one that every parser reads in the same way. */
export function faultOfText(text: string): TreeFault | undefined {
  // An unpaired surrogate: helm's reader rejects it, others replace it.
  return surrogate.test(text) ? 'unicode' : undefined
}

/** Returns the fault of a number. helm rejects `.inf` and `.nan`, because JSON has neither. */
export function faultOfNumber(number: number): TreeFault | undefined {
  return Number.isFinite(number) ? undefined : 'number'
}

/**
 * Copies a parser's result into a checked tree. Shared parts are copied for each place, so the result is a real tree.
 * The copy stops when the budget is spent, however much a few aliases expand to.
 *
 * @param budget is spent on the copy; see `budgetOf`
 */
export function toNode(data: unknown, budget: TreeBudget): Result<ValuesNode, TreeFault> {
  let fault: TreeFault | undefined
  const fail = (found: TreeFault): null => {
    fault ??= found
    return null
  }
  const copy = (value: unknown, depth: number): ValuesNode => {
    budget.left -= typeof value === 'string' ? costOf(value) : 1
    if (budget.left < 0) return fail('aliases')
    switch (typeof value) {
      case 'string': {
        const found = faultOfText(value)
        return found === undefined ? value : fail(found)
      }
      case 'number': {
        const found = faultOfNumber(value)
        return found === undefined ? value : fail(found)
      }
      case 'boolean':
        return value
      case 'object':
        break
      default:
        return value === undefined ? null : fail('kind')
    }
    if (value === null) return null
    if (depth > maximumDepth) return fail('depth')
    if (Array.isArray(value)) {
      const list: ValuesNode[] = []
      for (const item of value as readonly unknown[]) {
        if (fault !== undefined) break
        list.push(copy(item, depth + 1))
      }
      return list
    }
    if (!isPlain(value)) return fail('kind')
    const tree = emptyTree()
    for (const [key, child] of Object.entries(value) as [string, unknown][]) {
      if (fault !== undefined) break
      budget.left -= costOf(key) - 1
      const found = faultOfText(key)
      tree[key] = found === undefined ? copy(child, depth + 1) : fail(found)
    }
    return tree
  }
  const value = copy(data, 1)
  return fault === undefined ? success(value) : failure(fault)
}

/** True for a mapping as parsers return it; a date or a set is not one. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
