import { isDeepStrictEqual } from 'node:util'
import { formatLeafPath } from '../../model/values/leaf-path.ts'
import type { Problem } from '../../model/problem.ts'
import { scalarsOf, type ValuesNode, type ValuesTree } from '../../model/values/values.ts'

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
export interface WantedRelease {
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

type ReleaseName = Pick<WantedRelease, 'release' | 'namespace'>

/** Decides what to do with a release, from what is there and what is requested. */
export function judgeRelease(
  state: ReleaseState | undefined,
  wanted: WantedRelease,
  { upgrade }: { readonly upgrade: boolean },
): ReleaseMove {
  if (state === undefined) return { move: 'install' }
  const blocked = blockage(state, wanted, upgrade)
  if (blocked !== undefined) return { move: 'refuse', problem: blocked }
  const differences = differencesOf(state, wanted)
  if (differences.length === 0 && state.status !== 'failed') {
    return { move: 'leave', why: `${nameOf(wanted)} is up to date (${state.chart})` }
  }
  if (upgrade) return { move: 'upgrade', differences }
  const problem = conflict(
    wanted,
    `is there with another chart or other values:\n${differences.join('\n')}`,
    'run it again with --upgrade to upgrade it',
  )
  return { move: 'refuse', problem }
}

function nameOf({ release, namespace }: ReleaseName): string {
  return `release "${release}" in namespace "${namespace}"`
}

function conflict(name: ReleaseName, message: string, next: string): Problem {
  return { kind: 'conflict', side: 'target', message: `${nameOf(name)} ${message}`, next }
}

/** Why a release can be neither left nor upgraded, whatever is requested; nothing when it can. */
export function blockage(
  { status, description }: Pick<ReleaseState, 'status' | 'description'>,
  name: ReleaseName,
  upgrade: boolean,
): Problem | undefined {
  const helm = (action: string) => `helm ${action} ${name.release} --namespace ${name.namespace}`
  switch (status) {
    case 'deployed':
    case 'superseded':
      return undefined
    case 'failed':
      if (upgrade) return undefined
      return conflict(
        name,
        `has failed: ${description}`,
        `mend the cause and run it again with --upgrade, or remove it first: ${helm('uninstall')}`,
      )
    case 'pending-install':
      return conflict(
        name,
        'is being installed, or was interrupted while it was',
        `when no other run is at it, remove what is half there and run this again: ${helm('uninstall')}`,
      )
    case 'pending-upgrade':
    case 'pending-rollback':
      return conflict(
        name,
        `is in state ${status}: somebody is at it, or was interrupted`,
        `when no other run is at it, go back to what worked and run this again: ${helm('rollback')}`,
      )
    case 'uninstalling':
      return conflict(name, 'is being uninstalled', 'wait until it is gone, then run this again')
    case 'uninstalled':
      return conflict(
        name,
        'was uninstalled with its history kept',
        `remove that, too, and run this again: ${helm('uninstall')}`,
      )
    default:
      return conflict(name, `is in state "${status}"`, `look at it with ${helm('status')}`)
  }
}

const shownDifferences = 20

/** Where a release is not as requested: its chart, and leaf by leaf its values. */
function differencesOf(state: ReleaseState, wanted: WantedRelease): string[] {
  const differences: string[] = []
  if (state.chart !== wanted.chart) differences.push(`  chart: ${state.chart} → ${wanted.chart}`)
  else if (state.description !== describeRelease(wanted.chartDigest)) {
    differences.push(
      `  chart: the same version, but not known to have the content ${wanted.chartDigest}`,
    )
  }
  const values = diffValues(state.values, wanted.values)
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
