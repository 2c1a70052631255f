import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { invalidInput, type Result, success } from '../model/problem.ts'
import { shellWord } from '../model/text/shell-word.ts'
import { type FoundFile, isManifestName, listManifests } from './folder.ts'

/** Manifests that no chart renders, and where they are read from. */
export type PlainInput =
  | { readonly kind: 'stdin'; readonly name: string }
  | { readonly kind: 'file'; readonly name: string; readonly path: string }
  | { readonly kind: 'folder'; readonly name: string; readonly files: readonly FoundFile[] }

/**
 * Returns the manifests that a word of the command line names: `-` for stdin, a file, or a folder without a chart.
 * Returns nothing for a word that names a chart or nothing at all. Fails for a folder that kustomize builds. Throws
 * `ProblemError` for a folder with links that lead out of it.
 */
export async function findPlainInput(word: string): Promise<Result<PlainInput | undefined>> {
  if (word === '-') return success({ kind: 'stdin', name: 'stdin' })
  if (word.includes('://')) return success(undefined)
  const path = resolve(word)
  const info = await stat(path).catch(() => undefined)
  const name = basename(path)
  if (info?.isFile() === true) {
    return success(isManifestName(name) ? { kind: 'file', name, path } : undefined)
  }
  if (info?.isDirectory() !== true || (await isChart(path))) return success(undefined)
  const { files, kustomization } = await listManifests(path)
  if (kustomization !== undefined) {
    return invalidInput(
      `"${word}" contains "${kustomization}": what is installed is not in its files, but in what kustomize makes of them`,
      `build it, and pass on the output: kustomize build ${shellWord(word)} | npx tsx scripts/relocate-chart.ts REGISTRY -`,
    )
  }
  return success(files.length === 0 ? undefined : { kind: 'folder', name, files })
}

/** True for a chart, whether or not it is complete: its reader reports what is missing. */
async function isChart(folder: string): Promise<boolean> {
  const found = await Promise.all(
    ['Chart.yaml', 'templates', 'values.yaml'].map((name) =>
      stat(resolve(folder, name)).catch(() => undefined),
    ),
  )
  return found.some((info) => info !== undefined)
}
