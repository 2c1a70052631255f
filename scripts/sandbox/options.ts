import type { CredentialState } from './aws/credentials.ts'
import type { StoredManifest } from './content/repository.ts'
import type { HostCounters } from './net/counters.ts'
import type { Guest, GuestRoom } from './guest.ts'
import type { FaultRule } from './net/faults.ts'
import type { NewRepository } from './ecr/state.ts'
import type { CreationTemplate, EcrSettings } from './ecr/settings.ts'
import type { ImageFailure, ImageStatus } from './ecr/hindrance.ts'
import type { ChartRequest } from './upstream/chart-source.ts'
import type { UpstreamLimits } from './upstream/quota.ts'

export interface SandboxOptions {
  /** Canonical references that the public registries hold. */
  readonly images: readonly string[]
  readonly charts?: readonly ChartRequest[]
  /** Other hosts that serve the images of a public registry, by host. */
  readonly imageMirrors?: Readonly<Record<string, string>>
  /** A folder `<host>/<path>/*.tgz` with archives to serve instead of the stand-ins. */
  readonly chartsDir?: string
  readonly account?: string
  readonly region?: string
  /** Port of the proxy; any free one when left out. */
  readonly port?: number
  /** Multiplies the size of every layer. At 1 the Migration Assistant's images are about 100 MiB in all. */
  readonly scale?: number
  /** Multiplies the size of the layers that images share once more. */
  readonly baseScale?: number
  readonly faults?: readonly FaultRule[]
  /** Milliseconds that every answer takes at least. */
  readonly latency?: number
  /** Bytes per second and direction that go to and from each host; any number when left out. */
  readonly bandwidth?: number
  readonly limits?: UpstreamLimits
  readonly ecr?: EcrOptions
  /** Further hosts, each opened once when the sandbox starts. */
  readonly guests?: readonly ((room: GuestRoom) => Guest)[]
  readonly now?: () => number
}

export interface EcrOptions {
  readonly blobMounting?: boolean
  /** Manifests per second; more are answered with 429. */
  readonly putImageRate?: number
  /** Pull-through cache rules: the public registry for each prefix. */
  readonly pullThrough?: Readonly<Record<string, string>>
  /** How long it takes to get an image out of the archive; at once when left out. */
  readonly restoreMilliseconds?: number
  /** Upper limit for the pages of listings. */
  readonly pageSize?: number
  /** Repository creation templates; one for CREATE_ON_PUSH makes the repositories of a push. */
  readonly templates?: readonly CreationTemplate[]
}

interface EcrImages {
  /** Tag to digest. */
  readonly tags: Readonly<Record<string, string>>
  /** Digests of all manifests, children of indexes among them. */
  readonly manifests: readonly string[]
}

/** A running sandbox, and the strings by which a test pulls it. */
export interface Sandbox {
  readonly proxyUrl: string
  readonly caFile: string
  /** For the environment of child processes, never for one's own. */
  readonly environment: Readonly<Record<string, string>>
  readonly registryHost: string

  counters(): Record<string, HostCounters>
  resetCounters(): void
  /** Hosts that were asked for and are not part of the sandbox. */
  refused(): string[]

  /** Returns a function that takes the rule away again. */
  addFault(rule: FaultRule): () => void
  setCredentials(state: CredentialState, operations?: readonly string[]): void
  /** Ends all registry passwords that were handed out. */
  expireTokens(): void
  /** Replaces the limits of the public registries; counting starts anew. */
  setLimits(limits: UpstreamLimits): void
  /** Empties ECR: a new registry under the same name, with these settings. */
  resetEcr(options?: EcrOptions): void

  upstreamDigest(reference: string): string | undefined
  /** Puts a new image under an upstream tag and returns its digest. */
  replaceUpstream(reference: string): string
  removeUpstream(reference: string): void

  ecrRepositories(): string[]
  ecrSettings(repository: string): EcrSettings | undefined
  ecrImages(repository: string): EcrImages | undefined
  ecrManifest(repository: string, reference: string): StoredManifest | undefined
  createEcrRepository(name: string, options?: NewRepository): void
  /** Puts an upstream image into ECR under a tag, creating the repository if need be; returns its digest. */
  putEcrImage(repository: string, tag: string, image: string): string
  /** Moves an image of ECR into its archive, with what an index names. */
  archiveEcrImage(repository: string, reference: string): void
  /** Has BatchGetImage fail for one image; whoever pulls it meets a 404. */
  failEcrImage(repository: string, reference: string, failure: ImageFailure): void
  ecrImageStatus(repository: string, reference: string): ImageStatus | undefined

  close(): Promise<void>
}
