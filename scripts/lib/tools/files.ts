import { randomBytes } from 'node:crypto'
import { access, constants, copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ProblemError } from '../model/problem.ts'
import { resolveForWriting } from './files/links.ts'

/**
 * Makes a folder that only its owner can enter, and checks that it can be written to.
 * Throws `ProblemError` with the flag by which another one is chosen.
 */
export async function makeFolder(folder: string, flag: string): Promise<void> {
  const path = await resolveForWriting(folder)
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await access(path, constants.W_OK)
  } catch (error) {
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
  throw new ProblemError({
    kind: 'invalid-input',
    side: 'input',
    message: `"${file}" is not a file`,
    next: `name a file by ${flag}`,
  })
}

/**
 * Writes a file by rename, so that a reader sees the old file or the new one and never half of one, and two runs may
 * write it at once. A link at its place is followed when this user or root made it; any other is refused.
 * Throws `ProblemError` for a link of another user.
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  await publish(file, async (draft) => {
    await writeFile(draft, content, { mode, flag: 'wx' })
  })
}

/** Copies a file to its place, on whatever file system that is, with the manners of `replaceFile`. */
export async function placeFile(file: string, target: string): Promise<void> {
  await publish(target, (draft) => copyFile(file, draft, constants.COPYFILE_EXCL))
}

/** Has a draft written beside the file, under an unpredictable name, and moves it into the file's place. */
async function publish(file: string, write: (draft: string) => Promise<void>): Promise<void> {
  const target = await resolveForWriting(file)
  const folder = dirname(target)
  await mkdir(folder, { recursive: true })
  const draft = join(folder, `.ecr-airlift-${randomBytes(12).toString('hex')}.new`)
  try {
    await write(draft)
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
