import { randomBytes } from 'node:crypto'
import { access, constants, copyFile, lstat, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { ProblemError } from '../../model/problem.ts'
import { resolveForWriting } from './links.ts'
import { makeEach } from './make.ts'
import { writeProblem } from './problem.ts'

/**
 * Makes a folder that only its owner can enter, and checks that it can be written to.
 * Throws `ProblemError` with the flag that chooses another one.
 */
export async function makeFolder(folder: string, flag: string): Promise<void> {
  try {
    const path = await resolveForWriting(folder)
    await makeEach(path, 0o700)
    await access(path, constants.W_OK)
  } catch (error) {
    if (error instanceof ProblemError) throw error
    throw new ProblemError(
      {
        kind: 'invalid-input',
        side: 'local',
        message: `cannot write to "${folder}": ${error instanceof Error ? error.message : String(error)}`,
        next: `choose another place with ${flag}`,
      },
      { cause: error },
    )
  }
}

/** Checks that a file can be written at its path. Throws `ProblemError` with the flag that sets it. */
export async function checkPlace(file: string, flag: string): Promise<void> {
  await makeFolder(dirname(file), flag)
  const existing = await stat(file).catch(() => undefined)
  if (existing === undefined || existing.isFile()) return
  throw notAFile(file, `choose a file with ${flag}`)
}

/**
 * Writes a file by rename: a reader sees either the old or the new file, never a partial one, and two runs can write it
 * at once. Follows a link at its path if this user or root made it; refuses any other.
 * Throws `ProblemError` for a link of another user, for something that is not a file, and when writing fails.
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  await publish(file, await targetOf(file), writing(content, mode))
}

/**
 * Does the same for one of our own files in a private folder, readable by the owner only. A link there, for example in
 * a cache that was restored from an archive, is replaced and never followed.
 */
export async function replaceOwnFile(file: string, content: string | Uint8Array): Promise<void> {
  await publish(file, resolve(file), writing(content, 0o600), 0o700)
}

/** Copies a file to its place, also across file systems, with the guarantees of `replaceFile`. */
export async function placeFile(file: string, target: string): Promise<void> {
  await publish(target, await targetOf(target), copying(file))
}

/** Does the same with the guarantees of `replaceOwnFile`. */
export async function placeOwnFile(file: string, target: string): Promise<void> {
  await publish(target, resolve(target), copying(file), 0o700)
}

type WriteDraft = (draft: string) => Promise<void>

function writing(content: string | Uint8Array, mode: number): WriteDraft {
  return (draft) => writeFile(draft, content, { mode, flag: 'wx' })
}

function copying(file: string): WriteDraft {
  return (draft) => copyFile(file, draft, constants.COPYFILE_EXCL)
}

/** Returns the path that a file is written to, with links resolved. Throws `ProblemError`. */
async function targetOf(file: string): Promise<string> {
  try {
    return await resolveForWriting(file)
  } catch (error) {
    throw writeProblem(file, error)
  }
}

/** Writes a draft beside the target, under an unpredictable name, and renames it to the target. */
async function publish(
  file: string,
  target: string,
  write: WriteDraft,
  folderMode = 0o777,
): Promise<void> {
  const folder = dirname(target)
  const draft = join(folder, `.ecr-airlift-${randomBytes(12).toString('hex')}.new`)
  try {
    await makeEach(folder, folderMode)
    const existing = await lstat(target).catch(() => undefined)
    if (existing !== undefined && !existing.isFile() && !existing.isSymbolicLink()) {
      throw notAFile(file, 'choose another place, or remove the existing entry')
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
