import { isDeepStrictEqual } from 'node:util'
import { formatLeafPath } from '../model/leaf-path.ts'
import type { Problem } from '../model/problem.ts'
import { scalarsOf, type ValuesNode, type ValuesTree } from '../model/values.ts'

/** A release as helm tells of its last revision. */
export interface ReleaseState {
  /** As helm spells it: `deployed`, `pending-install`… */
  readonly status: string
  readonly description: string
  /** Name and version: `migration-assistant-0.1.0`. */
  readonly chart: string
  readonly revision: number
  readonly values: ValuesTree
}

/** What is to be installed. */
export interface ReleaseWish {
  readonly release: string
  readonly namespace: string
  /** Name and version of the chart. */
  readonly chart: string
  /** Hash of its content. */
  readonly chartDigest: string
  readonly values: ValuesTree
}

export type ReleaseMove =
  | { readonly move: 'install' }
  | { readonly move: 'upgrade'; readonly differences: readonly string[] }
  | { readonly move: 'leave'; readonly why: string }
  | { readonly move: 'refuse'; readonly problem: Problem }

/** How a release says which chart it was made from: helm keeps a description, and not the chart's digest. */
export function describeRelease(chartDigest: string): string {
  return `ecr-airlift ${chartDigest}`
}

/** Decides what to do with a release, from what is there and what is wished. */
export function judgeRelease(
  state: ReleaseState | undefined,
  wish: ReleaseWish,
  { upgrade }: { readonly upgrade: boolean },
): ReleaseMove {
  if (state === undefined) return { move: 'install' }
  const name = `release "${wish.release}" in namespace "${wish.namespace}"`
  const refuse = (message: string, next: string): ReleaseMove => ({
    move: 'refuse',
    problem: { kind: 'conflict', side: 'target', message: `${name} ${message}`, next },
  })
  const uninstall = `helm uninstall ${wish.release} --namespace ${wish.namespace}`
  switch (state.status) {
    case 'deployed':
    case 'superseded': {
      const differences = differencesOf(state, wish)
      if (differences.length === 0)
        return { move: 'leave', why: `${name} is as wished (${state.chart})` }
      if (upgrade) return { move: 'upgrade', differences }
      return refuse(
        `is there with another chart or other values:\n${differences.join('\n')}`,
        'run it again with --upgrade to upgrade it',
      )
    }
    case 'failed':
      if (upgrade) return { move: 'upgrade', differences: differencesOf(state, wish) }
      return refuse(
        `has failed: ${state.description}`,
        `mend the cause and run it again with --upgrade, or remove it first: ${uninstall}`,
      )
    case 'pending-install':
      return refuse(
        'is being installed, or was interrupted while it was',
        `when no other run is at it, remove what is half there and run this again: ${uninstall}`,
      )
    case 'pending-upgrade':
    case 'pending-rollback':
      return refuse(
        `is in state ${state.status}: somebody is at it, or was interrupted`,
        `when no other run is at it, go back to what worked and run this again: helm rollback ${wish.release} --namespace ${wish.namespace}`,
      )
    case 'uninstalling':
      return refuse('is being uninstalled', 'wait until it is gone, then run this again')
    case 'uninstalled':
      return refuse(
        'was uninstalled with its history kept',
        `remove that, too, and run this again: ${uninstall}`,
      )
    default:
      return refuse(
        `is in state "${state.status}"`,
        `look at it with helm status ${wish.release} --namespace ${wish.namespace}`,
      )
  }
}

const shownDifferences = 20

/** Where a release is not as wished: its chart, and leaf by leaf its values. */
function differencesOf(state: ReleaseState, wish: ReleaseWish): string[] {
  const differences: string[] = []
  if (state.chart !== wish.chart) differences.push(`  chart: ${state.chart} → ${wish.chart}`)
  else if (state.description !== describeRelease(wish.chartDigest)) {
    differences.push(
      `  chart: the same version, but not known to have the content ${wish.chartDigest}`,
    )
  }
  const values = diffValues(state.values, wish.values)
  const more = values.length - shownDifferences
  differences.push(...values.slice(0, shownDifferences))
  if (more > 0) differences.push(`  … and ${more} more values`)
  return differences
}

/** Every leaf that two trees of values do not have in common, as `path: old → new`. */
export function diffValues(before: ValuesTree, after: ValuesTree): string[] {
  const old = leavesOf(before)
  const wanted = leavesOf(after)
  return [...new Set([...old.keys(), ...wanted.keys()])].flatMap((path) => {
    const [from, to] = [old.get(path), wanted.get(path)]
    if (isDeepStrictEqual(from, to)) return []
    return [isSecret(path) ? `  ${path}: differs` : `  ${path}: ${show(from)} → ${show(to)}`]
  })
}

function leavesOf(tree: ValuesTree): Map<string, ValuesNode> {
  return new Map([...scalarsOf(tree)].map(({ path, value }) => [formatLeafPath(path), value]))
}

/** Logs are kept, so of a value that may be a secret only the fact is told. */
function isSecret(path: string): boolean {
  return /password|secret|token|credential|privatekey/i.test(path.replaceAll(/[-_]/g, ''))
}

const longestValue = 100

function show(value: ValuesNode | undefined): string {
  if (value === undefined) return 'not set'
  const text = JSON.stringify(value)
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text
}
