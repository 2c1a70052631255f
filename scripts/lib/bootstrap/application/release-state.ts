import { isDeepStrictEqual } from 'node:util'
import { formatLeafPath } from '../../model/values/leaf-path.ts'
import { listMessage, type Problem } from '../../model/problem.ts'
import { scalarsOf, type ValuesNode, type ValuesTree } from '../../model/values/values.ts'

/** A release, as helm reports its last revision. */
export interface ReleaseState {
  /** As helm spells it: `deployed`, `pending-install`… */
  readonly status: string
  readonly description: string
  /** Name and version: `migration-assistant-0.1.0`. */
  readonly chart: string
  readonly revision: number
  readonly values: ValuesTree
}

/** The requested release. */
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

/** Returns a release's description, which records the chart's digest: helm itself does not store it. */
export function describeRelease(chartDigest: string): string {
  return `ecr-airlift ${chartDigest}`
}

type ReleaseName = Pick<WantedRelease, 'release' | 'namespace'>

/** Decides what to do with a release, from its current and its requested state. */
export function decideRelease(
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
  const message = 'is already installed with a different chart or values'
  const problem = conflict(wanted, message, 'rerun with --upgrade to upgrade it')
  return { move: 'refuse', problem: { ...problem, ...listMessage(problem.message, differences) } }
}

function nameOf({ release, namespace }: ReleaseName): string {
  return `release "${release}" in namespace "${namespace}"`
}

function conflict(name: ReleaseName, message: string, next: string): Problem {
  return { kind: 'conflict', side: 'target', message: `${nameOf(name)} ${message}`, next }
}

/** Returns why a release can be neither kept nor upgraded; nothing when it can. */
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
        `fix the cause and rerun with --upgrade, or remove it first: ${helm('uninstall')}`,
      )
    case 'pending-install':
      return conflict(
        name,
        'is being installed, or its installation was interrupted',
        `if no other run is installing it, remove the incomplete release, then rerun: ${helm('uninstall')}`,
      )
    case 'pending-upgrade':
    case 'pending-rollback':
      return conflict(
        name,
        `is in state ${status}: another run is changing it, or was interrupted`,
        `if no other run is changing it, roll it back, then rerun: ${helm('rollback')}`,
      )
    case 'uninstalling':
      return conflict(name, 'is being uninstalled', 'wait until it is removed, then rerun')
    case 'uninstalled':
      return conflict(
        name,
        'was uninstalled, but its history was kept',
        `remove its history, then rerun: ${helm('uninstall')}`,
      )
    default:
      return conflict(name, `is in state "${status}"`, `inspect it with ${helm('status')}`)
  }
}

const shownDifferences = 20

/** Returns the differences between a release and the request: its chart, and its values leaf by leaf. */
function differencesOf(state: ReleaseState, wanted: WantedRelease): string[] {
  const differences: string[] = []
  if (state.chart !== wanted.chart) differences.push(`  chart: ${state.chart} → ${wanted.chart}`)
  else if (state.description !== describeRelease(wanted.chartDigest)) {
    differences.push(`  chart: same version, but its content may differ from ${wanted.chartDigest}`)
  }
  const values = diffValues(state.values, wanted.values)
  const more = values.length - shownDifferences
  differences.push(...values.slice(0, shownDifferences))
  if (more > 0) differences.push(`  … and ${more} more values`)
  return differences
}

/**
 * Returns every leaf that differs between two trees of values, as `path: old → new`. Logs are kept, and any text may
 * be a password, so only references and values other than text are quoted.
 */
export function diffValues(before: ValuesTree, after: ValuesTree): string[] {
  const old = leavesOf(before)
  const wanted = leavesOf(after)
  return [...new Set([...old.keys(), ...wanted.keys()])].flatMap((path) => {
    const [from, to] = [old.get(path), wanted.get(path)]
    if (isDeepStrictEqual(from, to)) return []
    const isShown = [from, to].every((value) => isPublic(path, value))
    return [isShown ? `  ${path}: ${show(from)} → ${show(to)}` : `  ${path}: differs`]
  })
}

function leavesOf(tree: ValuesTree): Map<string, ValuesNode> {
  return new Map([...scalarsOf(tree)].map(({ path, value }) => [formatLeafPath(path), value]))
}

/** Returns true for a value that is not a secret: a number, a boolean, a reference or an image tag. */
function isPublic(path: string, value: ValuesNode | undefined): boolean {
  if (/password|secret|token|credential|privatekey/i.test(path.replaceAll(/[-_]/g, '')))
    return false
  if (typeof value !== 'string') return true
  return image.test(value) || (/(?:^|\.)\w*(?:tag|version)$/i.test(path) && tag.test(value))
}

/** With the host of a registry, never with credentials. */
const image =
  /^[a-z0-9.-]+\.[a-z]{2,}(?::\d+)?\/[a-z0-9._/-]+(?::[\w.-]{1,128})?(?:@sha256:[0-9a-f]{64})?$/
const tag = /^v?\d[\w.+-]{0,63}$/

const longestValue = 100

function show(value: ValuesNode | undefined): string {
  if (value === undefined) return 'not set'
  const text = JSON.stringify(value)
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text
}
