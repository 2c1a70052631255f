import { toJson } from '../../cli/text.ts'
import { dirname, join, resolve } from 'node:path'
import { replaceFile, replaceOwnFile } from '../../tools/files/files.ts'
import type { Report } from './report.ts'

/** The files that the report of a run is written to, as data and as a page. */
export interface ReportFiles {
  readonly data: readonly string[]
  readonly pages: readonly string[]
  /** The state folder: what is in it is ours, and never a link. */
  readonly folder: string
}

/**
 * Returns the files of a report: the requested ones, by extension, and the last report in the state folder. A run that
 * found everything present writes a page only on request: the page would take longer than the run itself.
 */
export function reportFiles(
  report: Report,
  folder: string,
  wanted: readonly string[] = [],
): ReportFiles {
  const places = wanted.map((file) => resolve(file))
  return {
    folder,
    data: [...places.filter((file) => !isPage(file)), join(folder, 'last-report.json')],
    pages: [
      ...places.filter(isPage),
      ...(isEventful(report) ? [join(folder, 'last-report.html')] : []),
    ],
  }
}

function isPage(file: string): boolean {
  return /\.html?$/i.test(file)
}

/** Returns true unless everything was already present. */
function isEventful({ counts, outcomes, repositoriesCreated, repositories }: Report): boolean {
  const { changed = [], drift = [], problems = [] } = repositories ?? {}
  const told = [repositoriesCreated, changed, drift, problems]
  return counts.skipped < outcomes.length || told.some(({ length }) => length > 0)
}

/** Returns the page to refer people to, when it shows more than the summary. */
export function pageToName(report: Report, { pages }: ReportFiles): string | undefined {
  return isEventful(report) ? pages[0] : undefined
}

/** Writes a report to all its files. */
export async function writeReport(
  report: Report,
  { data, pages, folder }: ReportFiles,
): Promise<void> {
  const write = (file: string, text: string) =>
    dirname(file) === folder ? replaceOwnFile(file, text) : replaceFile(file, text)
  for (const file of data) await write(file, toJson(report))
  if (pages.length === 0) return
  // Loaded only now: most pipeline runs have nothing to show.
  const { renderReport } = await import('./render.ts')
  const page = await renderReport(report)
  for (const file of pages) await write(file, page)
}
