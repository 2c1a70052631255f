import type { Account } from './account.ts'
import { openCluster } from './cluster-phase.ts'
import type { ClusterDoor } from './steps/cluster.ts'
import { prepareInstallation } from './images-phase.ts'
import { type Ground, layGround } from './infrastructure.ts'
import { install } from './install-phase.ts'
import type { MissingItem } from '../mirror/report/unfilled-text.ts'
import type { Job } from './job.ts'

/** What is known by now, for whoever has to explain how it ended. */
export interface Progress {
  /** ARN of the caller. */
  caller?: string
  /** The release, as soon as it is resolved. */
  version?: string
  ground?: Ground
  /** Images that the mirror has skipped because their sources do not have them. */
  missing?: readonly MissingItem[]
}

/** Carries out a bootstrap, from the account to the console. Throws what the first step that fails throws. */
export async function runJob(job: Job, progress: Progress): Promise<void> {
  const accounts: Account[] = []
  const doors: ClusterDoor[] = []
  try {
    const ground = await layGround(job, (account) => void accounts.push(account), progress)
    progress.ground = ground
    const cluster = await openCluster(job, ground, (door) => void doors.push(door))
    const installable = await prepareInstallation(job, ground, cluster)
    progress.missing = installable.missing
    await install(job, ground, cluster, installable)
  } finally {
    for (const door of doors) door.close()
    for (const account of accounts) account.close()
  }
}
