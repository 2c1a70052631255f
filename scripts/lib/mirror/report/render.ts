import { renderPage } from '../../tools/files/template.ts'
import { printableLines } from '../../model/text/printable.ts'
import { redactSecrets } from '../../model/text/redact.ts'
import { viewReport } from './page.ts'
import type { Report } from './report.ts'

/** Renders the page of a report: one self-contained file that works offline and without its script. */
export function renderReport(report: Report): Promise<string> {
  return renderPage('report.html.hbs', { ...printableTexts(viewReport(report)) }, ['report.css'])
}

/** Returns the view with all text printable: direction marks, for example, could make a page misleading. */
function printableTexts<T>(view: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- text stays text, and everything else is unchanged
  return mapTexts(view) as T
}

function mapTexts(node: unknown): unknown {
  if (typeof node === 'string') return printableLines(redactSecrets(node)).join('\n')
  if (Array.isArray(node)) return node.map(mapTexts)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, mapTexts(value)]))
}
