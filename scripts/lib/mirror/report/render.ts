import { renderPage } from '../../tools/files/template.ts'
import { printableLines } from '../../model/text/printable.ts'
import { redactSecrets } from '../../model/text/redact.ts'
import { viewReport } from './page.ts'
import type { Report } from './report.ts'

/** The page of a report: one file that needs nothing else, neither a network nor its script. */
export function renderReport(report: Report): Promise<string> {
  return renderPage('report.html.hbs', { ...printableTexts(viewReport(report)) }, ['report.css'])
}

/** The same view with every text in it printable: a page can be made to say other things by direction marks as well. */
function printableTexts<T>(view: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- texts stay texts, and all else is as it was
  return mapTexts(view) as T
}

function mapTexts(node: unknown): unknown {
  if (typeof node === 'string') return printableLines(redactSecrets(node)).join('\n')
  if (Array.isArray(node)) return node.map(mapTexts)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, mapTexts(value)]))
}
