import type { Call, Reply } from '../net/call.ts'
import type { Manifest, ManifestBody, Repository } from '../content/repository.ts'
import type { Route } from './route.ts'

/** The behavior that distinguishes one registry from another. The handler implements the protocol itself. */
export interface RegistryPolicy {
  /** Rejects a request that lacks credentials or exceeds a quota or rate. */
  authorize(call: Call, route: Route): Reply | undefined
  find(name: string): Repository | undefined
  /** Creates an unknown repository on push, in registries that support it. */
  createOnPush?(name: string): Repository | undefined
  /** The response for a repository that `find` does not know. */
  missing(name: string): Reply
  /** False for read-only registries. */
  readonly writable: boolean
  /** Headers for every manifest, such as the remaining quota. */
  manifestHeaders?(call: Call): Record<string, string>
  /** Returns true if a blob of the repository `from` can be mounted in another one. */
  mayMount?(digest: string, from: string, to: Repository): boolean
  /** Returns true if requests for an existing manifest or blob are answered as if it did not exist. */
  hidesManifest?(repository: Repository, reference: string): boolean
  hidesBlob?(repository: Repository, digest: string): boolean
  /** Called after a manifest is accepted. */
  afterPut?(repository: Repository, digest: string): void
  /** Rejects a well-formed manifest that is not allowed. */
  beforePut?(repository: Repository, reference: string, manifest: PutManifest): Reply | undefined
  readonly now: () => number
}

export interface PutManifest extends Manifest {
  readonly body: ManifestBody
}
