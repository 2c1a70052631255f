import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, extname, join, sep } from 'node:path'
import { inputProblem, ProblemError } from '../model/problem.ts'

/** A file of a folder. */
export interface FoundFile {
  /** From the folder, with its name: `deploy/app.yaml`. */
  readonly name: string
  /** Where it really is, without links. */
  readonly path: string
  readonly bytes: number
}

export interface FoundFiles {
  /** In the order of their names. */
  readonly files: readonly FoundFile[]
  /** The first file that makes kustomize build a folder. */
  readonly kustomization?: string
}

const extensions: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json'])

/** True for the extensions of files with manifests, as for kubectl. */
export function isManifestName(name: string): boolean {
  return extensions.has(extname(name).toLowerCase())
}

/** The names under which kustomize looks for its file. */
const kustomizations: ReadonlySet<string> = new Set([
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
])

/** The largest public collections of manifests have a few thousand files. */
const maximumEntries = 20_000
/** Folders within folders. */
const maximumDepth = 32

/**
 * Lists the manifests below a folder, apart from hidden files. Throws `ProblemError` for a link that leads out of the
 * folder or to a folder, for a name with control characters, and for too many files.
 */
export async function listManifests(folder: string): Promise<FoundFiles> {
  const root = await realpath(folder)
  const own = basename(folder)
  const files: FoundFile[] = []
  const built: string[] = []
  let entries = 0
  const refuse = (reason: string) =>
    new ProblemError(
      inputProblem(`"${folder}" cannot be read: ${reason}`, 'specify the files one by one instead'),
    )
  const visit = async (place: string, prefix: string, depth: number): Promise<void> => {
    if (depth > maximumDepth)
      throw refuse(`its folders are nested more than ${maximumDepth} levels deep`)
    const found = await readdir(place, { withFileTypes: true })
    entries += found.length
    if (entries > maximumEntries) throw refuse(`it has more than ${maximumEntries} entries`)
    for (const entry of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue
      const name = `${prefix}/${entry.name}`
      const path = join(place, entry.name)
      if (entry.isDirectory()) await visit(path, name, depth + 1)
      if (entry.isDirectory()) continue
      if (kustomizations.has(entry.name)) built.push(name)
      const isFolder = entry.isSymbolicLink() && (await isFolderAt(path))
      if (isFolder) throw refuse(`"${name}" is a link to a folder`)
      if (!isManifestName(entry.name)) continue
      // A line break in a name would be read as a part of the manifests.
      if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name))
        throw refuse('the name of a file has characters that are not printable')
      files.push({ name, ...(await openPlace(path, name, root, refuse)) })
    }
  }
  await visit(root, own, 0)
  const [kustomization] = built
  return { files, ...(kustomization !== undefined && { kustomization }) }
}

async function isFolderAt(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined)
  return info?.isDirectory() === true
}

async function openPlace(
  path: string,
  name: string,
  root: string,
  refuse: (reason: string) => ProblemError,
): Promise<Pick<FoundFile, 'path' | 'bytes'>> {
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined) throw refuse(`"${name}" is a link to nothing`)
  if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw refuse(`"${name}" is a link that leads out of the folder`)
  }
  const info = await stat(real)
  if (!info.isFile()) throw refuse(`"${name}" is not a file`)
  return { path: real, bytes: info.size }
}
