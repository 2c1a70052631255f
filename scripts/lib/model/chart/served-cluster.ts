/** What a cluster reports about itself. */
export interface ServedCluster {
  readonly kubeVersion: string
  /** As `.Capabilities.APIVersions.Has` is asked: `group/version` and `group/version/Kind`. */
  readonly apiVersions: readonly string[]
}
