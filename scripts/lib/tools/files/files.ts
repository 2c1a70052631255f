import { randomBytes } from 'node:crypto'
import {
  access,
  constants,
  copyFile,
  lstat,
  mkdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { ProblemError } from '../../model/problem.ts'
import { resolveForWriting } from './links.ts'
import { writeProblem } from './problem.ts'

/**
 * Makes a folder that only its owner can enter, and checks that it can be written to.
 * Throws `ProblemError` with the flag by which another one is chosen.
 */
export async function makeFolder(folder: string, flag: string): Promise<void> {
  try {
    const path = await resolveForWriting(folder)
    await mkdir(path, { recursive: true, mode: 0o700 })
    await access(path, constants.W_OK)
  } catch (error) {
    if (error instanceof ProblemError) throw error
    throw new ProblemError(
      {
        kind: 'invalid-input',
        side: 'local',
        message: `"${folder}" cannot be written to: ${error instanceof Error ? error.message : String(error)}`,
        next: `name another place by ${flag}`,
      },
      { cause: error },
    )
  }
}

/** Checks that a file can be written where it is wanted. Throws `ProblemError` with the flag that names it. */
export async function checkPlace(file: string, flag: string): Promise<void> {
  await makeFolder(dirname(file), flag)
  const existing = await stat(file).catch(() => undefined)
  if (existing === undefined || existing.isFile()) return
  throw notAFile(file, `name a file by ${flag}`)
}

/**
 * Writes a file by rename, so that a reader sees the old file or the new one and never half of one, and two runs may
 * write it at once. A link at its place is followed when this user or root made it; any other is refused.
 * Throws `ProblemError` for a link of another user, for what is there and is no file, and when it cannot be written.
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  await publish(file, await targetOf(file), writing(content, mode))
}

/**
 * The same for a file of the kit's own in a private folder, which only the owner can read. Nobody puts a link there on
 * purpose, but a cache that was restored from an archive may have one: it is replaced, never followed.
 */
export async function replaceOwnFile(file: string, content: string | Uint8Array): Promise<void> {
  await publish(file, resolve(file), writing(content, 0o600))
}

/** Copies a file to its place, on whatever file system that is, with the manners of `replaceFile`. */
export async function placeFile(file: string, target: string): Promise<void> {
  await publish(target, await targetOf(target), copying(file))
}

/** The same with the manners of `replaceOwnFile`. */
export async function placeOwnFile(file: string, target: string): Promise<void> {
  await publish(target, resolve(target), copying(file))
}

type WriteDraft = (draft: string) => Promise<void>

function writing(content: string | Uint8Array, mode: number): WriteDraft {
  return (draft) => writeFile(draft, content, { mode, flag: 'wx' })
}

function copying(file: string): WriteDraft {
  return (draft) => copyFile(file, draft, constants.COPYFILE_EXCL)
}

/** Where a file is written, with its links resolved. Throws `ProblemError`. */
async function targetOf(file: string): Promise<string> {
  try {
    return await resolveForWriting(file)
  } catch (error) {
    throw writeProblem(file, error)
  }
}

/** Has a draft written beside the target, under an unpredictable name, and moves it into the target's place. */
async function publish(file: string, target: string, write: WriteDraft): Promise<void> {
  const folder = dirname(target)
  const draft = join(folder, `.ecr-airlift-${randomBytes(12).toString('hex')}.new`)
  try {
    await mkdir(folder, { recursive: true })
    const existing = await lstat(target).catch(() => undefined)
    if (existing !== undefined && !existing.isFile() && !existing.isSymbolicLink()) {
      throw notAFile(file, 'name another place, or remove what is there')
    }
    await write(draft)
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw writeProblem(file, error)
  }
}

function notAFile(file: string, next: string): ProblemError {
  const message = `"${file}" is not a file`
  return new ProblemError({ kind: 'invalid-input', side: 'input', message, next })
}
