import { switchPool } from '../../cluster/node-pools.ts'
import { having } from '../../findings.ts'
import { waitLimits } from '../../job.ts'
import type { StepDefinition } from '../definition.ts'

/** Disables the general-purpose node pool. */
export const nodePoolOffStep: StepDefinition = {
  id: 'node-pool-off',
  title: 'Node pool shutdown',
  changes: () => true,

  plan: ({ flags }) =>
    flags.disableGeneralPurposePool
      ? 'disable the general-purpose node pool, and wait for it'
      : undefined,

  async run(job, findings, step) {
    const { foundation, opened } = having(findings, 'foundation', 'opened')
    await switchPool(foundation.account.clusters, opened.cluster, 'off', step, waitLimits(job))
    return {}
  },
}
