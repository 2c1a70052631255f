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

/** All external interfaces of a mirror. Tests replace them with fakes that throw on unexpected calls. */
export interface MirrorDoors {
  readonly run: Run
  readonly clock: Clock
  /** Receives progress events, for example to print them on the terminal. */
  readonly notify: Notify
  readonly signal: AbortSignal
  /** The environment, with the logins that users and pipelines set there. */
  readonly env: NodeJS.ProcessEnv
  readonly backoff: Backoff
  /** Opens the control plane of a registry. Throws `ProblemError`. */
  readonly openTarget: (registry: EcrRegistry) => Promise<OpenTarget>
  readonly tools: ToolDoor
  readonly openCredentials: (stateFolder: string) => Promise<CredentialStore>
  /** Takes the lock of one target. Returns its release. Throws `ProblemError` when another run has the lock. */
  readonly lock: (
    folder: string,
    tell: { readonly onWait: (owner: string) => void; readonly onLost: () => void },
  ) => Promise<() => Promise<void>>
}

/** crane and helm. */
export interface ToolDoor {
  /** Finds or installs both. Throws `ProblemError` with one problem for each tool that is not available. */
  readonly prepare: (onNotice: (text: string) => void) => Promise<Readonly<Record<ToolName, Tool>>>
  /** Returns a problem for each tool that is not installed. Installs nothing. */
  readonly findMissing: () => Promise<Problem[]>
}

/** The doors of a run in progress: logged in, with its tools and its private folder. */
export interface RunDoors extends Pick<
  MirrorDoors,
  'run' | 'clock' | 'notify' | 'signal' | 'backoff'
> {
  readonly http: Http
  readonly ecr: Ecr
  readonly registries: RegistryClient
  readonly logins: Logins
  readonly gate: (host: string) => Gate
  /** A private folder that is removed when the run ends. */
  readonly workFolder: string
  /** Working folders and environments of crane and helm, which point to the credentials file. */
  readonly surroundings: Pick<ToolSurroundings, 'crane' | 'helm'>
  /** Paths of the tools. */
  readonly crane: string
  readonly helm: string
}

/** State that a run collects as it proceeds. */
export interface RunState {
  /** Start of the run, in the ticks of `clock.ticks()`. */
  readonly began: number
  /** Contents of images, by their digest at the source. */
  readonly contents: Map<string, Content>
  /** Pulls left on Docker Hub, according to its last answer. */
  readonly pulls: { left?: number }
}

/** A run in progress: its request, its doors and its state. */
export interface OpenRun {
  readonly request: MirrorRequest
  readonly doors: RunDoors
  readonly state: RunState
}
