import type { HostCounters } from '../../../scripts/sandbox/net/counters.ts'
import type { EcrOptions } from '../../../scripts/sandbox/options.ts'
import type { ChartWork, Work } from './work.ts'

/** What the process with the sandbox is started with. */
export interface ServerOptions {
  readonly images: readonly string[]
  readonly charts: readonly ChartWork[]
  readonly scale: number
  readonly baseScale: number
  /** Milliseconds. */
  readonly latency: number
  /** Bytes per second, host and direction. */
  readonly bandwidth?: number
}

/** How much there is to move. */
export interface Sizes {
  /** Bytes of blobs and manifests when each repository gets its own copy. */
  readonly countedBytes: number
  /** The same when a layer that several repositories use crosses the wire once. */
  readonly uniqueBytes: number
  /** Manifests that have to be put, children of indexes among them. */
  readonly manifests: number
}

/** What the sandbox has seen since its counters were set to zero. */
export interface Seen {
  readonly hosts: Readonly<Record<string, HostCounters>>
  readonly cpuSeconds: number
}

/** What the process with the sandbox can be asked for. All of it happens outside the measured time. */
export interface ServerApi {
  start: (options: ServerOptions) => Promise<{
    readonly environment: Readonly<Record<string, string>>
    readonly registryHost: string
  }>
  /** Makes everything that is to be served, so that nobody waits for it later, and says how much it is. */
  stock: (work: Work) => Promise<Sizes>
  /** Starts a new ECR with these repositories. */
  renew: (options: EcrOptions, repositories: readonly string[]) => Promise<void>
  resetCounters: () => Promise<void>
  seen: () => Promise<Seen>
  /** What is missing in ECR or differs from its source, by digest, children and archives of charts included. */
  faults: (work: Work) => Promise<readonly string[]>
}

export interface Question {
  readonly id: number
  readonly name: keyof ServerApi
  readonly args: readonly unknown[]
}

export interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}
