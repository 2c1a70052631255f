import { switchPool } from '../../cluster/node-pools.ts'
import { having } from '../../findings.ts'
import { waitLimits } from '../../job.ts'
import type { StepDefinition } from '../definition.ts'

/** Enables the general-purpose node pool. */
export const nodePoolStep: StepDefinition = {
  id: 'node-pool',
  title: 'Node pool',
  changes: () => true,

  plan: ({ build }) =>
    build.images
      ? undefined
      : 'enable the general-purpose node pool if it is disabled, and wait for it',

  async run(job, findings, step) {
    const { foundation, opened } = having(findings, 'foundation', 'opened')
    await switchPool(foundation.account.clusters, opened.cluster, 'on', step, waitLimits(job))
    return {}
  },
}
