import type { Account } from './doors.ts'
import { openCluster } from './cluster-phase.ts'
import type { ClusterConnection } from './steps/cluster.ts'
import { prepareInstallation } from './images-phase.ts'
import { type Foundation, layGround } from './infrastructure.ts'
import { install } from './install-phase.ts'
import type { MissingItem } from '../mirror/report/unfilled-text.ts'
import type { Job } from './job.ts'

/** What is known by now, for whoever has to explain how it ended. */
export interface Progress {
  /** ARN of the caller. */
  caller?: string
  /** The release, as soon as it is resolved. */
  version?: string
  foundation?: Foundation
  /** Images that the mirror has skipped because their sources do not have them. */
  missing?: readonly MissingItem[]
}

/** Carries out a bootstrap, from the account to the console. Throws what the first step that fails throws. */
export async function runJob(job: Job, progress: Progress): Promise<void> {
  const accounts: Account[] = []
  const doors: ClusterConnection[] = []
  try {
    const foundation = await layGround(job, (account) => void accounts.push(account), progress)
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
