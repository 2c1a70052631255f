import { copyFile, mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { block } from '../charts/override.ts'
import { failure, type Result, success } from '../model/problem.ts'
import { replaceFile } from '../tools/files.ts'
import { joinNames } from '../tools/files/name.ts'
import { renderTemplate } from '../tools/template.ts'
import type { PreparedChart } from './prepare.ts'

/** The folder of a chart's output; two versions of one chart have folders of their own. */
export function folderOf(
  out: string,
  { group }: Pick<PreparedChart, 'group'>,
  all: readonly Pick<PreparedChart, 'group'>[],
): string {
  const versions = new Set(
    all.filter((other) => other.group.name === group.name).map((other) => other.group.version),
  )
  return versions.size > 1 ? joinNames(out, group.name, group.version) : joinNames(out, group.name)
}

/**
 * Writes what a chart came to: the repacked archive, the same unpacked, and the values that do the same for any copy of
 * the chart. Returns the archive's new place. Fails when the folder cannot be written.
 */
export async function writeOutput(
  folder: string,
  prepared: PreparedChart,
  registry: string,
): Promise<Result<string>> {
  const { group, archive, patched, beyondValues } = prepared
  try {
    await mkdir(folder, { recursive: true })
    const file = join(folder, basename(archive.file))
    await copyFile(archive.file, file)
    const { atime, mtime } = await stat(archive.file)
    await utimes(file, atime, mtime)
    await unpack(joinNames(folder, group.name), patched.files)
    for (const snippet of prepared.snippets) {
      const text = await renderTemplate('addon-values.yaml.hbs', {
        name: group.name,
        version: group.version,
        registry,
        values: block(snippet.values),
        beyond: beyondValues,
      })
      await replaceFile(joinNames(folder, snippet.file), text)
    }
    return success(file)
  } catch (error) {
    return failure({
      kind: 'invalid-input',
      side: 'local',
      message: `"${folder}" cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      next: 'name another folder by --out',
    })
  }
}

async function unpack(root: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  // What an earlier version of the chart has left would be taken for a part of this one.
  const isChart = await stat(join(root, 'Chart.yaml')).then(
    () => true,
    () => false,
  )
  if (isChart) await rm(root, { recursive: true })
  for (const [path, content] of files) {
    const file = resolve(root, path)
    if (!file.startsWith(root + sep) && !file.startsWith(resolve(root) + sep)) {
      throw new Error(`"${path}" leads out of the chart`)
    }
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}
