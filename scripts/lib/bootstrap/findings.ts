import type { NamedRegion } from '../aws/region.ts'
import type { Cluster } from '../aws/cluster/clusters.ts'
import type { Identity } from '../aws/identity.ts'
import type { StackTemplate } from '../aws/stacks.ts'
import type { LocalChart } from '../charts/fetch/acquire.ts'
import type { MissingItem } from '../mirror/report/unfilled-text.ts'
import type { EcrRegistry } from '../model/image/registry.ts'
import type { RoutedSubnet } from '../model/internet/network.ts'
import type { Lock } from '../model/manifest/lock.ts'
import type { ValuesTree } from '../model/values/values.ts'
import type { Kubernetes } from '../tools/kubernetes/client.ts'
import type { Artifacts } from './application/artifacts.ts'
import type { Deployment } from './application/exports.ts'
import type { ValuesLayers, WrittenValues } from './application/values-layers.ts'
import type { ClusterConnection } from './cluster/connection.ts'
import type { Account } from './doors.ts'
import type { Patches } from './patches.ts'
import type { System } from './system.ts'

/** The base of an installation: the account, the deployment, and the release. */
export interface Foundation {
  readonly account: Account
  readonly identity: Identity
  readonly artifacts: Artifacts
  readonly deployment: Deployment
  /** The registry that the deployment exports, if images are pushed to it. */
  readonly registry: EcrRegistry | undefined
  readonly stage: string
  /** Folder for the manifest, the values and the logs of this installation only. */
  readonly stateFolder: string
}

/** A cluster that is ready for the installation. */
export interface OpenCluster {
  readonly cluster: Cluster
  readonly door: ClusterConnection
  readonly kubernetes: Kubernetes
}

/** The umbrella chart, and the values that are known before the mirror. */
export interface ChartLayers extends Omit<ValuesLayers, 'override'> {
  readonly local: LocalChart
}

/** The system in the private registry. */
export interface MirroredSystem {
  readonly system: System
  readonly patches: Patches
  readonly lock: Lock
  readonly missing: readonly MissingItem[]
  readonly registry: EcrRegistry
  readonly override: ValuesTree
}

/** The input for helm. */
export interface Installable extends WrittenValues {
  readonly chart: LocalChart
}

/** The findings of a run's steps so far. Each step adds to them. */
export interface Findings {
  readonly region?: NamedRegion
  /** The account in that region. */
  readonly account?: Account
  readonly identity?: Identity
  readonly subnets?: readonly RoutedSubnet[]
  readonly artifacts?: Artifacts
  /** The template that was built from the checkout. */
  readonly template?: StackTemplate
  readonly foundation?: Foundation
  readonly opened?: OpenCluster
  readonly layers?: ChartLayers
  readonly mirrored?: MirroredSystem
  readonly installable?: Installable
  /** Images that the mirror skipped because their sources do not have them. Known once the proof has ended well. */
  readonly missing?: readonly MissingItem[]
}

/** Returns the findings with the given ones present. Throws an `Error` when a step runs before the one that it needs. */
export function having<K extends keyof Findings>(
  findings: Findings,
  ...keys: readonly K[]
): Findings & Required<Pick<Findings, K>> {
  if (haveAll(findings, keys)) return findings
  const absent = keys.filter((key) => findings[key] === undefined)
  throw new Error(`no earlier step has found ${absent.join(', ')}`)
}

function haveAll<K extends keyof Findings>(
  findings: Findings,
  keys: readonly K[],
): findings is Findings & Required<Pick<Findings, K>> {
  return keys.every((key) => findings[key] !== undefined)
}

/** Returns the registry of an installation that pushes images. */
export function registryOf({ registry }: Pick<Foundation, 'registry'>): EcrRegistry {
  if (registry !== undefined) return registry
  throw new Error('an image has to be pushed, but the registry was not resolved')
}
