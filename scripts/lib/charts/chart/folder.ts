import { isUtf8 } from 'node:buffer'
import { constants, type Dirent, type Stats } from 'node:fs'
import { open, readdir, readlink, realpath, stat } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { hasCode, type Problem, ProblemError } from '../../model/problem.ts'
import { type Budget, createBudget, limits } from './budget.ts'
import { type IsIgnored, readIgnore } from './ignore.ts'

/** Folders count as well: a chart may have more of them than files. */
const maximumEntries = 50_000
/** Links to folders can expose the same few folders many times. */
const maximumLinks = 5_000

/** A folder with its real path and the path by which it is reached from the chart's root. */
interface Place {
  readonly real: string
  readonly prefix: string
  /** Real paths of the folders above it. */
  readonly above: readonly string[]
}

/**
 * Reads the files of a chart folder that helm reads, by path from the folder, without those that `.helmignore`
 * excludes. Follows links within the folder, as helm does.
 *
 * Throws `ProblemError` for a link that points outside the folder, where helm would read any file of this machine, for
 * a dangling link, and for a link to a parent folder. Also throws for a FIFO, a socket or a device, which helm rejects
 * and which could block the reader.
 */
export async function readFolder(
  folder: string,
  budget: Budget = createBudget(),
): Promise<Map<string, Buffer>> {
  const root = await realpath(folder)
  const name = basename(folder)
  const files = new Map<string, Buffer>()
  let entries = 0
  let links = 0
  const refuse = (what: string, next?: string) => refusal(name, what, next)
  const count = (path: string, size: number) => {
    try {
      budget.addEntry(path)
      // Counted before it is read, because a single file may be larger than memory.
      budget.addBytes(size)
    } catch (error) {
      throw refuse(error instanceof Error ? error.message : String(error))
    }
  }

  const isIgnored = await readIgnoreFile(root, refuse)
  const visit = async ({ real: own, prefix, above }: Place): Promise<void> => {
    const found = await readdir(own, { withFileTypes: true })
    for (const entry of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      // The history of a Git repository, or a link or file that points to it.
      if (entry.name === '.git' && prefix === '') {
        if (isIgnored(entry.name, entry.isDirectory())) continue
        if (entry.isDirectory()) {
          throw refuse(
            'helm also reads its ".git" folder',
            'add the line ".git/" to its .helmignore, or specify an archive created by "helm package"',
          )
        }
      }
      entries += 1
      if (entry.isSymbolicLink()) links += 1
      if (entries > maximumEntries || links > maximumLinks) {
        throw refuse(`it has more than ${maximumEntries} entries or ${maximumLinks} links`)
      }
      const path = `${prefix}${entry.name}`
      const real = entry.isSymbolicLink()
        ? await follow({ own, entry, path, root, refuse })
        : join(own, entry.name)
      const info = await stat(real)
      if (isIgnored(path, info.isDirectory())) continue
      if (info.isDirectory()) {
        const around = [...above, own]
        if (around.includes(real)) throw refuse(`"${path}" is a link to a folder that contains it`)
        await visit({ real, prefix: `${path}/`, above: around })
      } else {
        if (!info.isFile()) throw refuse(`"${path}" is neither a file nor a folder`)
        count(path, info.size)
        const content = await readRegular(real)
        if (content === undefined) throw refuse(`"${path}" changed while it was being read`)
        files.set(path, content)
      }
    }
  }
  await visit({ real: root, prefix: '', above: [] })
  return files
}

/** Reads the rules of the folder's `.helmignore`, which has the same size limit as any other file. */
async function readIgnoreFile(
  root: string,
  refuse: (what: string) => ProblemError,
): Promise<IsIgnored> {
  const file = join(root, '.helmignore')
  const entries = await readdir(root, { withFileTypes: true })
  const entry = entries.find(({ name }) => name === '.helmignore')
  if (entry === undefined) return readIgnore('')
  const real = entry.isSymbolicLink()
    ? await follow({ own: root, entry, path: entry.name, root, refuse })
    : file
  const info = await stat(real)
  if (!info.isFile() || info.size > limits.fileBytes) {
    throw refuse('its ".helmignore" is not a regular file, or is larger than 5 MiB')
  }
  const content = await readRegular(real)
  if (content === undefined) throw refuse('its ".helmignore" changed while it was being read')
  // helm compares bytes.
  if (!isUtf8(content)) throw refuse('its ".helmignore" is not UTF-8')
  try {
    return readIgnore(content.toString('utf8'))
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error))
  }
}

interface Link {
  readonly own: string
  readonly entry: Dirent
  /** From the chart's root. */
  readonly path: string
  readonly root: string
  readonly refuse: (what: string, next?: string) => ProblemError
}

/** Returns the real path of a link's target, which is inside the chart folder. */
async function follow({ own, entry, path, root, refuse }: Link): Promise<string> {
  const link = join(own, entry.name)
  const target = await readlink(link)
  let real: string
  try {
    real = await realpath(link)
  } catch (error) {
    if (hasCode(error, 'ELOOP')) throw refuse(`"${path}" is a circular link to "${target}"`)
    if (!hasCode(error, 'ENOENT')) throw error
    throw refuse(`"${path}" is a link to "${target}", which does not exist`)
  }
  if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return real
  throw refuse(
    `"${path}" is a link to "${target}", which is outside the chart folder`,
    'replace the link with a copy of its target, or specify an archive created by "helm package"',
  )
}

/**
 * Reads a file by its real path. Returns undefined when it was replaced meanwhile: a link is not followed, a FIFO is
 * not waited for, and a link in place of a parent folder is noticed because the open file then has a different real
 * path.
 */
async function readRegular(path: string): Promise<Buffer | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const info: Stats = await handle.stat()
    if (!info.isFile()) return undefined
    const content = await handle.readFile()
    const now = await stat(path)
    const isSame = now.ino === info.ino && now.dev === info.dev && (await realpath(path)) === path
    return isSame ? content : undefined
  } finally {
    await handle.close()
  }
}

function refusal(name: string, what: string, next?: string): ProblemError {
  const problem: Problem = {
    kind: 'invalid-input',
    side: 'input',
    message: `"${name}" is not a chart: ${what}`,
    next: next ?? 'remove it from the folder, or specify an archive created by "helm package"',
  }
  return new ProblemError(problem)
}
