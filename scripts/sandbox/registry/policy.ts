import type { Call, Reply } from '../net/call.ts'
import type { Manifest, ManifestBody, Repository } from '../content/repository.ts'
import type { Route } from './route.ts'

/** What distinguishes one registry from another. The protocol itself is the handler's. */
export interface RegistryPolicy {
  /** Refuses a request for want of credentials, quota or rate. */
  authorize(call: Call, route: Route): Reply | undefined
  find(name: string): Repository | undefined
  /** Makes a repository that `find` does not know when something is pushed into it, where that is how it works. */
  createOnPush?(name: string): Repository | undefined
  /** The answer for a repository that `find` does not know. */
  missing(name: string): Reply
  /** False for registries that one only reads from. */
  readonly writable: boolean
  /** Headers that go with every manifest, such as the rest of a quota. */
  manifestHeaders?(call: Call): Record<string, string>
  /** Whether a blob of the repository `from` may be taken over into another one. */
  mayMount?(digest: string, from: string, to: Repository): boolean
  /** Whether a manifest or blob that is there is answered for as if it were not. */
  hidesManifest?(repository: Repository, reference: string): boolean
  hidesBlob?(repository: Repository, digest: string): boolean
  /** Told of a manifest that was taken in. */
  afterPut?(repository: Repository, digest: string): void
  /** Refuses a manifest that is well-formed but not allowed. */
  beforePut?(repository: Repository, reference: string, manifest: PutManifest): Reply | undefined
  readonly now: () => number
}

export interface PutManifest extends Manifest {
  readonly body: ManifestBody
}
