import type { Kubelet } from './workloads/kubelet.ts'
import type { KubeObject } from './objects/object.ts'
import type { Store } from './objects/store.ts'

/** What became of the tokens that clients sent. */
export interface TokenChecks {
  accepted: number
  /** The reasons, in order. */
  readonly refused: string[]
}

/** What a test sees and does in a cluster. */
export interface KubernetesInspection {
  objects(kind?: string): KubeObject[]
  /** The images of all pods that there have been, hooks included, each once. */
  images(): string[]
  /** Lets the Jobs of a name (a glob) fail, those that hang too, with this in their logs. */
  failJob(name: string, log?: string): void
  /** Lets the Jobs of a name (a glob) run on and on. */
  hangJob(name: string, log?: string): void
  /** Lets the Jobs of a name (a glob) succeed again, those that hang too. */
  passJob(name: string, log?: string): void
  tokenChecks(): { readonly accepted: number; readonly refused: readonly string[] }
}

export function createInspection(
  store: Store,
  kubelet: Kubelet,
  checks: TokenChecks,
): KubernetesInspection {
  return {
    objects: (kind) =>
      structuredClone(
        store
          .entries()
          .map(({ object }) => object)
          .filter((object) => kind === undefined || object.kind === kind),
      ),
    images: () => kubelet.images(),
    failJob: (name, log = '') => kubelet.setJob(name, { outcome: 'fail', log }),
    hangJob: (name, log = '') => kubelet.setJob(name, { outcome: 'hang', log }),
    passJob: (name, log = '') => kubelet.setJob(name, { outcome: 'succeed', log }),
    tokenChecks: () => structuredClone(checks),
  }
}
