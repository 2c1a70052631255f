import { lstat, readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
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
import { makeFolder, replaceOwnFile } from '../../tools/files/files.ts'
import { isOwn, refuseLinks } from '../../tools/files/links.ts'
import { repeat } from '../../tools/pacing/repeat.ts'

interface Owner {
  readonly pid: number
  readonly host: string
  readonly since: string
}

/** The owner of the lock, as far as known. */
interface Holder {
  readonly owner: Owner | undefined
}

type Release = () => Promise<void>

/** Milliseconds without an update after which a lock is free; its owner updates it twice in that time. */
const staleMilliseconds = 5_000
/** The same while the owner's pid still runs here (a suspended laptop): by then it belongs to another process. */
const suspendedMilliseconds = 3_600_000

/**
 * Takes the lock of one target on this machine, so that two runs do not do the same work. Runs on other machines are
 * safe because writes are content-addressed. Waits for the lock of a killed run to expire; throws `ProblemError` for
 * the lock of a running one.
 *
 * @returns a function that releases it
 */
export async function lockRun(
  folder: string,
  signal: AbortSignal,
  onWait: (owner: string) => void,
  onLost: () => void,
): Promise<Release> {
  await refuseLinks(dirname(folder), folder)
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
        // The lock only saves work and is not needed for safety, so losing it does not stop the run.
        onCompromised: () => onLost(),
      })
      const owner: Owner = {
        pid: process.pid,
        host: hostname(),
        since: new Date().toISOString(),
      }
      await replaceOwnFile(ownerFile, `${JSON.stringify(owner)}\n`)
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
      if (!told) onWait(`process ${owner.pid}, which ended without releasing it`)
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
    message: `${who} is already mirroring to this target`,
    next: `wait until it ends; its lock is in "${folder}"`,
  }
}

/** Maximum length of the owner's file. */
const maximumOwner = 4096

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    // A pipe in a state folder that was made elsewhere would never end.
    const info = await lstat(file)
    if (!info.isFile() || !isOwn(info) || info.size > maximumOwner) return undefined
    const owner: unknown = readJson(await readFile(file, 'utf8'))
    return isOwner(owner) ? owner : undefined
  } catch {
    // A lock taken at this moment has no owner file yet, or an incomplete one.
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
