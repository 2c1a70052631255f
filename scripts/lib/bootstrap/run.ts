import type { Account } from './doors.ts'
import { openCluster } from './cluster-phase.ts'
import type { ClusterConnection } from './steps/cluster.ts'
import { prepareInstallation } from './images-phase.ts'
import { type Foundation, layFoundation } from './infrastructure.ts'
import { install } from './install-phase.ts'
import type { MissingItem } from '../mirror/report/unfilled-text.ts'
import type { BootstrapJob } from './job.ts'

/** Facts known so far, to explain how the run ended. */
export interface Progress {
  /** ARN of the caller. */
  caller?: string
  /** The release, as soon as it is resolved. */
  version?: string
  foundation?: Foundation
  /** Images that the mirror skipped because their sources do not have them. */
  missing?: readonly MissingItem[]
}

/** Carries out a bootstrap, from the account to the console. Throws the error of the first failing step. */
export async function runJob(job: BootstrapJob, progress: Progress): Promise<void> {
  const accounts: Account[] = []
  const doors: ClusterConnection[] = []
  try {
    const foundation = await layFoundation(job, (account) => void accounts.push(account), progress)
    progress.foundation = foundation
    const cluster = await openCluster(job, foundation, (door) => void doors.push(door))
    const installable = await prepareInstallation(job, foundation, cluster)
    progress.missing = installable.missing
    await install(job, foundation, cluster, installable)
  } finally {
    for (const door of doors) door.close()
    for (const account of accounts) account.close()
  }
}
