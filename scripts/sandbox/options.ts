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
  /** Canonical references of the images in the public registries. */
  readonly images: readonly string[]
  readonly charts?: readonly ChartRequest[]
  /** Other hosts that serve the images of a public registry, by host. */
  readonly imageMirrors?: Readonly<Record<string, string>>
  /** A folder with archives at `<host>/<path>/*.tgz` to serve instead of the stand-ins. */
  readonly chartsDir?: string
  readonly account?: string
  /** The account of the credentials; that of the registry if omitted. */
  readonly caller?: string
  readonly region?: string
  /** Port of the proxy; any free port if omitted. */
  readonly port?: number
  /** Multiplies the size of every layer. At 1, the Migration Assistant's images add up to about 100 MiB. */
  readonly scale?: number
  /** An additional factor for the size of shared layers. */
  readonly baseScale?: number
  readonly faults?: readonly FaultRule[]
  /** The minimum time of every response, in milliseconds. */
  readonly latency?: number
  /** Bytes per second to and from each host, in each direction; unlimited if omitted. */
  readonly bandwidth?: number
  readonly limits?: UpstreamLimits
  readonly ecr?: EcrOptions
  /** Additional hosts, each opened once when the sandbox starts. */
  readonly guests?: readonly ((room: GuestRoom) => Guest)[]
  readonly now?: () => number
}

export interface EcrOptions {
  readonly blobMounting?: boolean
  /** Manifests per second; further ones are answered with 429. */
  readonly putImageRate?: number
  /** Pull-through cache rules: the public registry for each prefix. */
  readonly pullThrough?: Readonly<Record<string, string>>
  /** How long it takes to restore an image from the archive; immediate if omitted. */
  readonly restoreMilliseconds?: number
  /** Upper limit for the page size of listings. */
  readonly pageSize?: number
  /** Repository creation templates; one for CREATE_ON_PUSH creates repositories on push. */
  readonly templates?: readonly CreationTemplate[]
}

interface EcrImages {
  /** Tag to digest. */
  readonly tags: Readonly<Record<string, string>>
  /** Digests of all manifests, including children of indexes. */
  readonly manifests: readonly string[]
}

/** A running sandbox, with the controls that tests use. */
export interface Sandbox {
  readonly proxyUrl: string
  readonly caFile: string
  /** For the environment of child processes only, never for this process. */
  readonly environment: Readonly<Record<string, string>>
  readonly registryHost: string

  counters(): Record<string, HostCounters>
  resetCounters(): void
  /** Hosts that were requested but are not part of the sandbox. */
  refused(): string[]

  /** Adds a fault. Returns a function that removes it. */
  addFault(rule: FaultRule): () => void
  setCredentials(state: CredentialState, operations?: readonly string[]): void
  /** Expires all registry passwords issued so far. */
  expireTokens(): void
  /** Replaces the limits of the public registries and resets their counts. */
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
  /**
   * Puts an upstream image into ECR under a tag, creates the repository if necessary, and returns the image's digest.
   */
  putEcrImage(repository: string, tag: string, image: string): string
  /** Archives an image in ECR, including the children of an index. */
  archiveEcrImage(repository: string, reference: string): void
  /** Makes BatchGetImage fail for one image; pulling it returns 404. */
  failEcrImage(repository: string, reference: string, failure: ImageFailure): void
  ecrImageStatus(repository: string, reference: string): ImageStatus | undefined

  close(): Promise<void>
}
