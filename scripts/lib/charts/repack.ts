import { chmod, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { create } from 'tar'
import { compareText } from '../model/collections.ts'
import type { ValuesTree } from '../model/values.ts'
import { replaceFile } from '../tools/files.ts'
import { joinNames } from '../tools/files/name.ts'
import { storeGzip } from '../tools/stored-gzip.ts'
import { type ChartFiles, walkCharts } from './chart-files.ts'
import { annotateChart, overlayValues } from './overlay.ts'
import type { Workshop } from './workshop.ts'

/** A reference that no value reaches, as it is rendered, and what it is to be. */
export interface Rewrite {
  readonly text: string
  readonly destination: string
}

export interface PatchedChart {
  /** By path from the chart's root, subcharts included. */
  readonly files: ReadonlyMap<string, Buffer>
  /** What was changed, file by file. */
  readonly changes: readonly string[]
}

/**
 * Rewrites a chart so that its own defaults lead to the registry: values are laid over its values.yaml, comments and
 * layout kept; what no value reaches is replaced in the template itself. Annotations in Chart.yaml say what was
 * changed, and from which source.
 */
export function patchChart(
  chart: ChartFiles,
  values: ValuesTree,
  rewrites: readonly Rewrite[],
  sourceDigest: string,
): PatchedChart {
  const files = new Map<string, Buffer>()
  for (const { chart: each, folder } of walkCharts(chart)) {
    for (const [path, content] of each.files) files.set(`${folder}${path}`, content)
  }
  const changes: string[] = []
  if (Object.keys(values).length > 0) {
    const before = files.get('values.yaml')?.toString('utf8') ?? ''
    files.set('values.yaml', Buffer.from(overlayValues(before, values)))
    changes.push('values.yaml')
  }
  for (const rewrite of rewrites) changes.push(...rewriteTemplates(files, rewrite))
  const distinct = [...new Set(changes)]
  const metadata = files.get('Chart.yaml')?.toString('utf8') ?? ''
  files.set('Chart.yaml', Buffer.from(annotateChart(metadata, distinct, sourceDigest)))
  return { files, changes: distinct }
}

/** Replaces a reference in every template and file that may render it, subcharts included; says in which. */
function rewriteTemplates(files: Map<string, Buffer>, { text, destination }: Rewrite): string[] {
  const pattern = patternOf(text)
  return [...files.keys()].filter((path) => {
    if (!/(?:^|\/)(?:templates|files|crds)\//.test(path)) return false
    const before = files.get(path)?.toString('utf8') ?? ''
    const after = before.replaceAll(pattern, destination)
    if (after !== before) files.set(path, Buffer.from(after))
    return after !== before
  })
}

/** The whole reference and nothing longer; one without a tag only where it is an image's value. */
function patternOf(text: string): RegExp {
  const escaped = text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
  const isBare = !/[:@/]/.test(text)
  return isBare
    ? new RegExp(`(?<=image:\\s*["']?)${escaped}(?=["']?\\s*(?:#.*)?$)`, 'gm')
    : new RegExp(`(?<![\\w./-])${escaped}(?![\\w./-])`, 'g')
}

/** In the archive every file bears it, so that the same chart is the same archive for ever. */
const fixedTime = new Date('2000-01-01T00:00:00Z')

/**
 * Packs a patched chart into a folder. The bytes follow from the files alone: helm's own packaging puts subcharts in
 * another order each time, and what a compressor makes of them depends on the machine. Returns the archive's path.
 */
export async function packChart(
  { name, version }: { readonly name: string; readonly version: string },
  { files }: PatchedChart,
  folder: string,
  { folder: workFolder }: Pick<Workshop, 'folder'>,
): Promise<string> {
  const stage = await mkdtemp(join(workFolder, 'pack-'))
  // helm reads the first Chart.yaml that it meets.
  const paths = [...files.keys()].filter((path) => path !== 'Chart.yaml').toSorted(compareText)
  const entries = ['Chart.yaml', ...paths].map((path) => `${name}/${path}`)
  for (const [path, content] of files) {
    const file = join(stage, name, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
    await chmod(file, 0o644)
  }
  const packed = join(stage, 'packed.tar')
  await create({ file: packed, cwd: stage, portable: true, mtime: fixedTime }, entries)
  const target = joinNames(folder, `${name}-${version}.tgz`)
  await replaceFile(target, storeGzip(await readFile(packed)))
  // helm writes the time of the file into what it pushes.
  await utimes(target, fixedTime, fixedTime)
  await rm(stage, { recursive: true, force: true })
  return target
}
