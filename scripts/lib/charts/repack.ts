import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { failure, type Result, success } from '../model/problem.ts'
import type { ValuesTree } from '../model/values.ts'
import { classifyRun } from '../tools/failures.ts'
import { placeFile } from '../tools/files.ts'
import { packageCommand } from '../tools/helm.ts'
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

/** Packages a patched chart with helm into a folder. Returns the archive's path. */
export async function packChart(
  name: string,
  { files }: PatchedChart,
  folder: string,
  { run, helm, env, signal, folder: workFolder }: Workshop,
): Promise<Result<string>> {
  const stage = await mkdtemp(join(workFolder, 'pack-'))
  const root = join(stage, name)
  for (const [path, content] of files) {
    const file = join(root, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
    await utimes(file, fixedTime, fixedTime)
  }
  const packed = join(stage, 'packed')
  await mkdir(packed)
  const result = await run(packageCommand(helm.path, root, packed), { env, signal, cwd: stage })
  if (!result.ok) return failure(classifyRun(result))
  const [archive] = await readdir(packed)
  if (archive === undefined) {
    return failure({ kind: 'unknown', side: 'local', message: 'helm package made no archive' })
  }
  const target = join(folder, archive)
  await placeFile(join(packed, archive), target)
  // helm writes the time of the file into what it pushes.
  await utimes(target, fixedTime, fixedTime)
  await rm(stage, { recursive: true, force: true })
  return success(target)
}
