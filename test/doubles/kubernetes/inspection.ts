import type { Kubelet } from './workloads/kubelet.ts'
import type { KubeObject } from './objects/object.ts'
import type { Store } from './objects/store.ts'

/** The results of checking the tokens that clients sent. */
export interface TokenChecks {
  accepted: number
  /** The reasons for rejections, in order. */
  readonly refused: string[]
}

/** What a test can read and change in a cluster. */
export interface KubernetesInspection {
  objects(kind?: string): KubeObject[]
  /** The images of all pods so far, hooks included, each once. */
  images(): string[]
  /** Makes Jobs with this name (a glob) fail with this log, including those that hang. */
  failJob(name: string, log?: string): void
  /** Makes Jobs with this name (a glob) run forever. */
  hangJob(name: string, log?: string): void
  /** Makes Jobs with this name (a glob) succeed again, including those that hang. */
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
