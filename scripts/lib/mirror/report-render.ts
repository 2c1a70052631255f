import { renderPage } from '../tools/template.ts'
import { viewReport } from './report-page.ts'
import type { Report } from './report.ts'

/** The page of a report: one file that needs nothing else, neither a network nor its script. */
export function renderReport(report: Report): Promise<string> {
  return renderPage('report.html.hbs', { ...viewReport(report) }, ['report.css'])
}
