import type { Measured } from '../measure.ts'
import type { HostCounters } from '../../../scripts/sandbox/net/counters.ts'
import type { Sizes } from '../world/server-api.ts'
import type { Scenario } from '../rounds.ts'

/** What a host was asked and sent in one run. */
export type HostTraffic = Pick<HostCounters, 'requests' | 'writes' | 'bytesIn' | 'bytesOut'>

/** One run of one mover, as it was seen from both sides. */
export interface Run extends Measured {
  readonly mover: string
  readonly scenario: Scenario
  readonly round: number
  readonly hosts: Readonly<Record<string, HostTraffic>>
  /** Processor time of the sandbox, which shares the machine. */
  readonly sandboxSeconds: number
  /** What was not there afterwards, or not the same. */
  readonly faults: readonly string[]
  /** Of a mover that mounts: whether a lock told it beforehand which layers there are. */
  readonly layersKnown?: boolean
}

/** The conditions that all runs of one bench share. */
export interface Conditions {
  readonly images: number
  readonly charts: number
  readonly scale: number
  readonly baseScale: number
  /** Milliseconds. */
  readonly latency: number
  /** Bytes per second, host and direction; `null` for any number. */
  readonly bandwidth: number | null
  readonly putImageRate: number
  readonly rounds: number
  readonly machine: string
  /** Versions of the programs, by name. */
  readonly versions: Readonly<Record<string, string>>
}

export interface MoverInfo {
  readonly name: string
  readonly about: string
  readonly kind: 'peer' | 'kit'
  /** Why it was not run. */
  readonly absence?: string
}

/** Everything that a bench has found, as `results.json` keeps it. */
export interface Results {
  readonly conditions: Conditions
  readonly sizes: Sizes
  readonly movers: readonly MoverInfo[]
  readonly runs: readonly Run[]
  readonly startup?: Startup
  readonly renders?: Renders
  readonly curves?: Curves
}

/** Bytes and requests of one run, added up over the hosts of each side. */
export interface Traffic {
  readonly downBytes: number
  readonly upBytes: number
  readonly sourceRequests: number
  readonly awsRequests: number
  readonly writes: number
}

export function trafficOf({ hosts }: Pick<Run, 'hosts'>): Traffic {
  const entries = Object.entries(hosts)
  const aws = entries.filter(([host]) => isAws(host)).map(([, counted]) => counted)
  const sources = entries.filter(([host]) => !isAws(host)).map(([, counted]) => counted)
  const sum = (counters: readonly HostTraffic[], part: (one: HostTraffic) => number) =>
    counters.reduce((total, one) => total + part(one), 0)
  return {
    downBytes: sum(sources, ({ bytesOut }) => bytesOut),
    upBytes: sum(aws, ({ bytesIn }) => bytesIn),
    sourceRequests: sum(sources, ({ requests }) => requests),
    awsRequests: sum(aws, ({ requests }) => requests),
    writes: sum(aws, ({ writes }) => writes),
  }
}

/** ECR Public is a source too, but its images come from another host: this is the account's own side. */
function isAws(host: string): boolean {
  return host.endsWith('.amazonaws.com')
}

/** Runs of one mover in one scenario. */
export function runsOf(results: Results, mover: string, scenario: Scenario): Run[] {
  return results.runs.filter((run) => run.mover === mover && run.scenario === scenario)
}

/** Seconds that the line to ECR needs for so many bytes, which is what no mover can undercut. */
export function wireSeconds({ conditions }: Results, bytes: number): number | undefined {
  const { bandwidth } = conditions
  return bandwidth === null ? undefined : bytes / bandwidth
}

/** Seconds that the rate of PutImage dictates: its burst goes through at once. */
export function rateSeconds({ conditions, sizes }: Results): number {
  return Math.max(0, sizes.manifests - conditions.putImageRate) / conditions.putImageRate
}

/** Whether all is well: the kit never leaves anything out; of the peers that is only asked when `strict`. */
export function isWell(
  { runs, movers }: Pick<Results, 'runs' | 'movers'>,
  strict: boolean,
): boolean {
  const judged = movers.filter(({ kind }) => strict || kind === 'kit').map(({ name }) => name)
  return runs
    .filter(({ mover }) => judged.includes(mover))
    .every(({ exitCode, faults }) => exitCode === 0 && faults.length === 0)
}

/** How often charts are rendered to find and prove their relocation. */
export interface Renders {
  readonly renders: number
  /** Charts, each once for every variant. */
  readonly variants: number
}

/** What a number of images costs. */
export interface Point {
  readonly images: number
  /** Wall time as a whole; memory is what comes on top of the command's `--help`. */
  readonly seconds: number
  readonly bytes?: number
  /** Requests to AWS, ECR's registry among them. */
  readonly requests: number
}

/** Costs over the number of images. They should grow no faster than that. */
export interface Curves {
  /** Seconds that the command's `--help` takes, which is in every point. */
  readonly startSeconds: number
  /** A plan when ECR is empty. */
  readonly plan: readonly Point[]
  /** A plan when every repository exists, each of which has to be read. */
  readonly planPresent: readonly Point[]
  /** A mirror of small images. */
  readonly mirror: readonly Point[]
}

/** Medians, in seconds, of what people wait for before anything happens. */
export interface Startup {
  /** A TypeScript file with nothing in it, started as the entries are. */
  readonly empty: number
  readonly slowestHelp: number
  readonly slowest: string
  /** The values of all charts from the manifest, and the same command's `--help`. */
  readonly values: number
  readonly valuesHelp: number
}
