import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { check, lock } from 'proper-lockfile'
import { hasCode, ProblemError } from '../../model/problem.ts'
import { readJson } from '../../model/tree/json.ts'
import { isRunning } from '../../tools/credentials/credentials.ts'
import { makeFolder, replaceFile } from '../../tools/files/files.ts'
import { pause } from '../../tools/pacing/retry.ts'

interface Owner {
  readonly pid: number
  readonly host: string
  readonly since: string
}

/** A lock whose owner has not touched it for so long is free; the owner touches it twice in that time. */
const staleMilliseconds = 5_000
/** Unless the owner still runs here: a suspended laptop touches nothing. After so long it is somebody else's pid. */
const suspendedMilliseconds = 3_600_000

/**
 * Takes the lock of one target on this machine, so that two runs do not do the same work. Other machines are made
 * safe by content-addressed writes. The lock of a run that was killed is waited out; that of a running one is an error.
 *
 * @returns a function that releases it
 */
export async function lockRun(
  folder: string,
  signal: AbortSignal,
  onWait: (owner: string) => void,
  onLost: () => void,
): Promise<() => Promise<void>> {
  await makeFolder(folder, '--state-dir')
  const ownerFile = join(folder, 'owner.json')
  const lockfilePath = join(folder, 'run.lock')
  for (let told = false; ;) {
    try {
      const holder = await readOwner(ownerFile)
      if (holder !== undefined && isAlive(holder)) {
        const isHeld = await check(folder, { stale: suspendedMilliseconds, lockfilePath })
        if (isHeld) throw busy(holder, folder)
      }
      const release = await lock(folder, {
        stale: staleMilliseconds,
        update: staleMilliseconds / 2,
        lockfilePath,
        // The lock saves work and keeps nothing safe, so losing it is no reason to drop what is under way.
        onCompromised: () => onLost(),
      })
      const owner: Owner = {
        pid: process.pid,
        host: hostname(),
        since: new Date().toISOString(),
      }
      await replaceFile(ownerFile, `${JSON.stringify(owner)}\n`, 0o600)
      return () => release().catch(() => undefined)
    } catch (error) {
      if (!hasCode(error, 'ELOCKED')) throw error
      const owner = await readOwner(ownerFile)
      const isDead = owner !== undefined && owner.host === hostname() && !isAlive(owner)
      if (!isDead || signal.aborted) throw busy(owner, folder)
      if (!told) onWait(`process ${owner.pid}, which ended without cleaning up`)
      told = true
      await pause(500, signal)
    }
  }
}

function isAlive({ host, pid }: Owner): boolean {
  return host === hostname() && isRunning(pid)
}

function busy(owner: Owner | undefined, folder: string): ProblemError {
  const who =
    owner === undefined
      ? 'another process'
      : `process ${owner.pid} on "${owner.host}", since ${owner.since}`
  return new ProblemError({
    kind: 'busy',
    side: 'local',
    message: `this target is being mirrored by ${who}`,
    next: `wait until it has ended; its lock is in "${folder}"`,
  })
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    const owner: unknown = readJson(await readFile(file, 'utf8'))
    return isOwner(owner) ? owner : undefined
  } catch {
    // A lock that was taken this instant has no owner's file yet, or half of one.
    return undefined
  }
}

function isOwner(value: unknown): value is Owner {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'host' in value &&
    'since' in value
  )
}
