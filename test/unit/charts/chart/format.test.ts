import { describe, expect, it } from 'vitest'
import { hashChart } from '../../../../scripts/lib/charts/chart/files.ts'
import { makeChartFiles } from '../../support/charts.ts'

// Templates of the old format read requirements.lock as a file of the chart, those of the new one read no lock at all
// (seen with helm 4.2.4). A hash that leaves out what a template reads lets a kept render pass for another chart's.

const rest = 'name: one\nversion: 1.0.0\n'

const hashOf = (chartFile: string, files: Readonly<Record<string, string>>) =>
  hashChart(makeChartFiles('one', { 'Chart.yaml': chartFile, ...files }))

function counts(chartFile: string, lock: string): boolean {
  const files = { 'values.yaml': 'a: 1\n' }
  const [none, first, second] = [files, { ...files, [lock]: 'a' }, { ...files, [lock]: 'b' }].map(
    (all) => hashOf(chartFile, all),
  )
  return new Set([none, first, second]).size === 3
}

const newFormat = [
  ['as usual', `apiVersion: v2\n${rest}`],
  ['in quotes', `apiVersion: "v2"\n${rest}`],
  ['with a comment', `apiVersion: v2 # since helm 3\n${rest}`],
  ['with its key in quotes', `"apiVersion": v2\n${rest}`],
  ['at the end', `${rest}apiVersion: v2\n`],
  ['in braces', '{ apiVersion: v2, name: one, version: 1.0.0 }'],
] as const

const oldFormat = [
  ['by its name', `apiVersion: v1\n${rest}`],
  ['for want of a format', rest],
  ['for want of its value', `apiVersion:\nv2: 1\n${rest}`],
  ['when it is empty', `apiVersion: ""\n${rest}`],
  ['when the new one stands behind the end', `${rest}...\napiVersion: v2\n`],
  [
    'when the new one is part of a text',
    `apiVersion: v1\n${rest}description: |\n  apiVersion: v2\n`,
  ],
  [
    'when a key that helm takes for the same comes later',
    `apiVersion: v2\napiversion: v1\n${rest}`,
  ],
] as const

describe('A chart is of the new format', () => {
  it.each(newFormat)('%s: its locks do not count in its hash', (_, chartFile) => {
    expect(counts(chartFile, 'requirements.lock')).toBe(false)
    expect(counts(chartFile, 'Chart.lock')).toBe(false)
  })
})

describe('A chart is of the old format', () => {
  it.each(oldFormat)('%s: its requirements.lock counts in its hash', (_, chartFile) => {
    expect(counts(chartFile, 'requirements.lock')).toBe(true)
  })
})

describe('A lock counts in the hash', () => {
  const chart = `apiVersion: v2\n${rest}`
  it('of a subchart of the old format, whatever the chart around it is', () => {
    const [first, second] = ['a', 'b'].map((lock) =>
      hashChart(
        makeChartFiles('one', { 'Chart.yaml': chart }, [
          makeChartFiles('sub', { 'requirements.lock': lock }),
        ]),
      ),
    )
    expect(first).not.toBe(second)
  })

  it('when it lies elsewhere than at the root, where it is a file as any other', () => {
    expect(counts(chart, 'files/requirements.lock')).toBe(true)
  })
})
