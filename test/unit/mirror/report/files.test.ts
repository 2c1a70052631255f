import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  pageToName,
  reportFiles,
  writeReport,
} from '../../../../scripts/lib/mirror/report/files.ts'
import { renderSummary } from '../../../../scripts/lib/mirror/report/summary.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'
import { outcomeOf, reportOf } from '../../support/report.ts'

const busy = reportOf([outcomeOf('copied')])
const idle = reportOf([outcomeOf('skipped')])
const settled = reportOf([outcomeOf('skipped')], {
  repositories: { drift: [], update: true, changed: ['a'], left: [], problems: [] },
})

describe('the files of a report', () => {
  it.each([
    ['of a run that copied', busy, [], ['/s/last-report.json'], ['/s/last-report.html']],
    [
      'of a run that changed settings',
      settled,
      [],
      ['/s/last-report.json'],
      ['/s/last-report.html'],
    ],
    ['of a run that found all there', idle, [], ['/s/last-report.json'], []],
    ['that are wanted even then', idle, ['/a.html'], ['/s/last-report.json'], ['/a.html']],
    [
      'of both kinds',
      busy,
      ['/a.json', '/b.HTML', '/c'],
      ['/a.json', '/c', '/s/last-report.json'],
      ['/b.HTML', '/s/last-report.html'],
    ],
  ])('%s', (_, report, wanted, data, pages) => {
    expect(reportFiles(report, '/s', wanted)).toEqual({ data, pages, folder: '/s' })
  })

  it.each([
    ['in the state folder', busy, [], '/s/last-report.html'],
    ['where the user wants it', busy, ['/a.html'], '/a.html'],
    ['nowhere when there is nothing to see', idle, ['/a.html'], undefined],
  ])('are named: the page %s', (_, report, wanted, page) => {
    const named = pageToName(report, reportFiles(report, '/s', wanted))
    expect(named).toBe(page)
    expect(renderSummary(report, named).at(-1)?.startsWith('Details: ')).toBe(page !== undefined)
  })
})

it('a link in the state folder is replaced; one that the user named is followed', async () => {
  const [state, elsewhere] = [makeTempFolder(), makeTempFolder()]
  const [precious, named] = ['precious', 'named'].map((name) => join(elsewhere, name))
  if (precious === undefined || named === undefined) return
  writeFileSync(precious, 'precious')
  symlinkSync(precious, join(state, 'last-report.json'))
  symlinkSync(named, join(elsewhere, 'link.json'))
  await writeReport(idle, reportFiles(idle, state, [join(elsewhere, 'link.json')]))
  expect(readFileSync(precious, 'utf8')).toBe('precious')
  const texts = [named, join(state, 'last-report.json')].map((file) => readFileSync(file, 'utf8'))
  expect(texts[0]).toContain('"counts"')
  expect(texts[1]).toBe(texts[0])
})
