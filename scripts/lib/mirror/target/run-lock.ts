import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { check, lock } from 'proper-lockfile'
import {
  failure,
  hasCode,
  type Problem,
  ProblemError,
  type Result,
  success,
  unwrap,
} from '../../model/problem.ts'
import { readJson } from '../../model/tree/json.ts'
import { isRunning } from '../../tools/credentials/credentials.ts'
import { makeFolder, replaceFile } from '../../tools/files/files.ts'
import { repeat } from '../../tools/pacing/repeat.ts'

interface Owner {
  readonly pid: number
  readonly host: string
  readonly since: string
}

/** Whoever holds the lock, as far as is known. */
interface Holder {
  readonly owner: Owner | undefined
}

type Release = () => Promise<void>

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
): Promise<Release> {
  await makeFolder(folder, '--state-dir')
  const ownerFile = join(folder, 'owner.json')
  const lockfilePath = join(folder, 'run.lock')
  let told = false
  const take = async (): Promise<Result<Release, Holder>> => {
    const holder = await readOwner(ownerFile)
    if (holder !== undefined && isAlive(holder)) {
      const isHeld = await check(folder, { stale: suspendedMilliseconds, lockfilePath })
      if (isHeld) throw new ProblemError(busy(holder, folder))
    }
    try {
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
      return success(() => release().catch(() => undefined))
    } catch (error) {
      if (!hasCode(error, 'ELOCKED')) throw error
      return failure({ owner: await readOwner(ownerFile) })
    }
  }
  const { result } = await repeat(take, {
    signal,
    interrupted: (seen) => seen && busy(seen.owner, folder),
    decide: ({ owner }) => {
      const isDead = owner !== undefined && owner.host === hostname() && !isAlive(owner)
      if (!isDead) return { end: busy(owner, folder) }
      if (!told) onWait(`process ${owner.pid}, which ended without cleaning up`)
      told = true
      return { again: 500 }
    },
  })
  return unwrap(result)
}

function isAlive({ host, pid }: Owner): boolean {
  return host === hostname() && isRunning(pid)
}

function busy(owner: Owner | undefined, folder: string): Problem {
  const who =
    owner === undefined
      ? 'another process'
      : `process ${owner.pid} on "${owner.host}", since ${owner.since}`
  return {
    kind: 'busy',
    side: 'local',
    message: `this target is being mirrored by ${who}`,
    next: `wait until it has ended; its lock is in "${folder}"`,
  }
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
