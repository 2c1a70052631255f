import type { Ecr } from '../../aws/ecr/client.ts'
import type { OpenTarget } from '../../aws/ecr/target.ts'
import type { EcrRegistry } from '../../model/image/registry.ts'
import type { Problem } from '../../model/problem.ts'
import type { Run } from '../../tools/process/exec.ts'
import type { Clock } from '../../tools/pacing/clock.ts'
import type { Gate } from '../../tools/pacing/gate.ts'
import type { Http } from '../../tools/http/types.ts'
import type { Tool } from '../../tools/install/install.ts'
import type { ToolName } from '../../tools/install/pins.ts'
import type { CredentialStore } from '../../tools/credentials/credentials.ts'
import type { ToolSurroundings } from '../../tools/process/surroundings.ts'
import type { Backoff } from '../../tools/pacing/retry.ts'
import type { Notify } from '../../model/events.ts'
import type { Content } from '../../model/image/content.ts'
import type { RegistryClient } from '../../tools/registry/client.ts'
import type { Logins } from '../target/logins.ts'
import type { MirrorRequest } from './request.ts'

/** Everything through which a mirror touches the world. Tests give others, which throw on what they do not expect. */
export interface MirrorDoors {
  readonly run: Run
  readonly clock: Clock
  /** The terminal, or whoever else shows what happens. */
  readonly notify: Notify
  readonly signal: AbortSignal
  /** The logins that users and pipelines put into the environment. */
  readonly env: NodeJS.ProcessEnv
  readonly backoff: Backoff
  /** Opens the control plane of a registry. Throws `ProblemError`. */
  readonly openTarget: (registry: EcrRegistry) => Promise<OpenTarget>
  readonly tools: ToolDoor
  readonly openCredentials: (stateFolder: string) => Promise<CredentialStore>
  /** Takes the lock of one target, and returns what releases it. Throws `ProblemError` when another run has it. */
  readonly lock: (
    folder: string,
    tell: { readonly onWait: (owner: string) => void; readonly onLost: () => void },
  ) => Promise<() => Promise<void>>
}

/** crane and helm. */
export interface ToolDoor {
  /** Finds or installs both. Throws `ProblemError` with a problem for each that is not available. */
  readonly prepare: (onNotice: (text: string) => void) => Promise<Readonly<Record<ToolName, Tool>>>
  /** The problems of those that are not here; nothing is installed. */
  readonly findMissing: () => Promise<Problem[]>
}

/** The doors of a run that is under way: logged in, with its tools found and its folder made. */
export interface RunDoors extends Pick<
  MirrorDoors,
  'run' | 'clock' | 'notify' | 'signal' | 'backoff'
> {
  readonly http: Http
  readonly ecr: Ecr
  readonly registries: RegistryClient
  readonly logins: Logins
  readonly gate: (host: string) => Gate
  /** A private folder that goes when the run ends. */
  readonly workFolder: string
  /** Where crane and helm run, and with what environment: it leads to the credentials file. */
  readonly surroundings: Pick<ToolSurroundings, 'crane' | 'helm'>
  /** Paths of the tools. */
  readonly crane: string
  readonly helm: string
}

/** What a run learns while it is under way. */
export interface RunState {
  /** The run's beginning, by `clock.ticks()`. */
  readonly began: number
  /** What images consist of, by their digest at the source. */
  readonly contents: Map<string, Content>
  /** Pulls that Docker Hub still admits, as its last answer said. */
  readonly pulls: { left?: number }
}

/** A run under way: what was requested, what it works with, and what it has learned. */
export interface OpenRun {
  readonly request: MirrorRequest
  readonly doors: RunDoors
  readonly state: RunState
}
