import {
  access,
  constants,
  copyFile,
  mkdir,
  realpath,
  rename,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname } from 'node:path'
import { ProblemError } from '../model/problem.ts'

/**
 * Makes a folder that only its owner can enter, and checks that it can be written to.
 * Throws `ProblemError` with the flag by which another one is chosen.
 */
export async function makeFolder(folder: string, flag: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.W_OK)
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

/** Writes a file by rename, so that nobody ever reads half of it. A link is followed, not replaced. */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const target = await realpath(file).catch(() => file)
  // Two processes may write the same file, each a whole one.
  const draft = `${target}.${process.pid}.new`
  await writeFile(draft, content, { mode })
  await rename(draft, target)
}

/** Copies a file to its place, on whatever file system that is, so that nobody ever sees half of it. */
export async function placeFile(file: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true })
  const draft = `${target}.${process.pid}.new`
  await copyFile(file, draft)
  await rename(draft, target)
}
