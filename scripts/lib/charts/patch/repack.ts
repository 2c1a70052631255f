import { utimes } from 'node:fs/promises'
import { append, compareText } from '../../model/collections.ts'
import { escapeComponent } from '../../model/image/escape.ts'
import type { ValuesTree } from '../../model/values/values.ts'
import { replaceFile } from '../../tools/files/files.ts'
import { refuseLinks } from '../../tools/files/links.ts'
import { joinNames } from '../../tools/files/name.ts'
import { walkCharts } from '../chart/files.ts'
import type { ChartFiles } from '../chart/chart.ts'
import { fixedTime, packFiles } from '../chart/write.ts'
import { annotateChart, overlayValues } from './overlay.ts'
import { createRewriter, type Rewrite } from './rewriter.ts'
import type { Session } from '../../session/session.ts'

export interface PatchedChart {
  /** By path from the chart's root, subcharts included. */
  readonly files: ReadonlyMap<string, Buffer>
  /** The changes, file by file. */
  readonly changes: readonly string[]
}

/**
 * Rewrites a chart so that its own defaults point to the registry: merges values into its values.yaml, keeping comments
 * and layout, and replaces references that no value sets in the templates. Annotations in Chart.yaml record what was
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
  append(changes, rewriteTemplates(files, rewrites))
  const distinct = [...new Set(changes)]
  const metadata = files.get('Chart.yaml')?.toString('utf8') ?? ''
  files.set('Chart.yaml', Buffer.from(annotateChart(metadata, distinct, sourceDigest)))
  return { files, changes: distinct }
}

/**
 * Replaces references in every template and file that may render them, including subcharts. Returns the changed files.
 */
function rewriteTemplates(files: Map<string, Buffer>, rewrites: readonly Rewrite[]): string[] {
  if (rewrites.length === 0) return []
  const rewrite = createRewriter(rewrites)
  const changed = new Map(rewrites.map(({ text }) => [text, [] as string[]]))
  for (const [path, content] of files) {
    if (!/(?:^|\/)(?:templates|files|crds)\//.test(path)) continue
    const { text, replaced } = rewrite(content.toString('utf8'))
    if (replaced.size > 0) files.set(path, Buffer.from(text))
    for (const one of replaced) changed.get(one)?.push(path)
  }
  return rewrites.flatMap(({ text }) => changed.get(text) ?? [])
}

/**
 * Packs a patched chart like `packChart`, into a folder of its own below the session's: `a` in version 1.0.0-1.0.0 and
 * `a-1.0.0` in version 1.0.0 have archives of the same name.
 */
export function packApart(
  chart: { readonly name: string; readonly version: string },
  patched: PatchedChart,
  session: Pick<Session, 'folder'>,
): Promise<string> {
  const name = escapeComponent(`${chart.name} ${chart.version}`)
  return packChart(chart, patched, joinNames(session.folder, name), session)
}

/**
 * Packs a patched chart into a folder and returns the archive's path. The bytes depend on the files only. Throws
 * `ProblemError` for a link at the archive's path.
 */
export async function packChart(
  { name, version }: { readonly name: string; readonly version: string },
  { files }: PatchedChart,
  folder: string,
  { folder: workFolder }: Pick<Session, 'folder'>,
): Promise<string> {
  const target = joinNames(folder, `${name}-${version}.tgz`)
  await refuseLinks(folder, target)
  // helm reads the first Chart.yaml that it finds.
  const paths = [...files.keys()].filter((path) => path !== 'Chart.yaml').toSorted(compareText)
  const ordered = new Map(
    ['Chart.yaml', ...paths].map((path) => [path, files.get(path) ?? Buffer.alloc(0)]),
  )
  await replaceFile(target, await packFiles(name, ordered, workFolder))
  // helm writes the file's time into what it pushes.
  await utimes(target, fixedTime, fixedTime)
  return target
}
