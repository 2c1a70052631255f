import { openTarget } from '../../aws/ecr/target.ts'
import type { Notify } from '../../model/events.ts'
import { systemClock } from '../../tools/pacing/clock.ts'
import { defaultBackoff } from '../../tools/pacing/retry.ts'
import type { Run } from '../../tools/process/exec.ts'
import type { MirrorDoors } from './doors.ts'

const run: Run = async (command, options) => {
  const exec = await import('../../tools/process/exec.ts')
  return exec.run(command, options)
}

/**
 * Opens the real doors. Code that only moves data is loaded when it is first used: most pipeline runs find everything
 * present.
 */
export function openMirrorDoors(
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
  notify: Notify,
): MirrorDoors {
  return {
    run,
    clock: systemClock,
    notify,
    signal,
    env,
    backoff: defaultBackoff,
    openTarget: (registry) => openTarget(registry, env, signal),
    tools: {
      prepare: async (onNotice) => {
        const { prepareTools } = await import('../../tools/install/install.ts')
        return prepareTools({ env, run, signal, onNotice })
      },
      findMissing: async () => {
        const { findTool } = await import('../../tools/install/install.ts')
        const { toolNames } = await import('../../tools/install/pins.ts')
        const found = await Promise.all(
          toolNames.map((name) => findTool(name, { env, run, signal })),
        )
        return found.flatMap((result) => (result.ok ? [] : [result.problem]))
      },
    },
    openCredentials: async (stateFolder) => {
      const { openCredentials } = await import('../../tools/credentials/credentials.ts')
      return openCredentials(env, stateFolder)
    },
    lock: async (folder, tell) => {
      const { lockRun } = await import('../target/run-lock.ts')
      return lockRun(folder, signal, tell.onWait, tell.onLost)
    },
  }
}
