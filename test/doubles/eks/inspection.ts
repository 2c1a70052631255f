import {
  type AccessEntry,
  type AccessPolicy,
  type Cluster,
  type ClusterOptions,
  type EksState,
  setCluster,
} from './cluster.ts'

/** The state of a cluster that a test can read. */
export interface ClusterView {
  readonly settings: Cluster['settings']
  readonly accessEntries: readonly (Omit<AccessEntry, 'policies'> & {
    readonly policies: readonly AccessPolicy[]
  })[]
}

export interface EksInspection {
  eksCluster(name: string): ClusterView | undefined
  /** Changes a cluster without the clients noticing, or adds one. */
  setCluster(name: string, changes: Omit<ClusterOptions, 'name'>): void
}

export function createEksInspection(state: EksState): EksInspection {
  return {
    eksCluster(name) {
      const cluster = state.clusters.get(name)
      if (!cluster) return undefined
      const accessEntries = [...cluster.accessEntries.values()].map((entry) => ({
        ...entry,
        policies: [...entry.policies.values()],
      }))
      return { settings: cluster.settings, accessEntries }
    },
    setCluster: (name, changes) => setCluster(state, { name, ...changes }),
  }
}
