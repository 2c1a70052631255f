import { describe, expect, it } from 'vitest'
import type { ChartFiles } from '../../../../scripts/lib/charts/chart/chart.ts'
import { findAssumptions } from '../../../../scripts/lib/charts/relocate/assumptions.ts'
import { emptyLeaves } from '../../../../scripts/lib/charts/relocate/solve/empty-leaves.ts'
import { searchSlots } from '../../../../scripts/lib/charts/relocate/solve/slots.ts'
import { outsideProblem } from '../../../../scripts/lib/charts/render/outside-schema.ts'
import { isVolatile } from '../../../../scripts/lib/charts/render/volatile.ts'
import { emptyTree, treeOf } from '../../../../scripts/lib/model/values/values.ts'
import type { Steps } from '../../../../scripts/lib/steps/steps.ts'
import { makeChartFiles } from '../../support/charts.ts'

/** Returns how often work can be interrupted. */
function breaksOf(steps: Steps<unknown>): number {
  let breaks = 0
  while (steps.next().done !== true) breaks += 1
  return breaks
}

const withFile = (text: string) => makeChartFiles('one', { 'files/a.txt': text })
const manyFiles = makeChartFiles(
  'one',
  Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`templates/${index}.yaml`, '{{ .Values.image }}']),
  ),
)

const wide = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`image${index}`, '']))

// helm accepts files of five megabytes, and 128 of all files together: seconds and minutes in one block.
describe('Ctrl-C is noticed', () => {
  it.each<[string, (chart: ChartFiles) => Steps<unknown>, ChartFiles, number]>([
    [
      'among actions without end, for what a proof assumes',
      findAssumptions,
      withFile('{{'.repeat(300_000) + ' "Revision" }}'),
      300,
    ],
    [
      'among the APIs that are asked for',
      findAssumptions,
      withFile('{{"v1"}}'.repeat(100_000) + '{{ .Capabilities.APIVersions.Has "v1" }}'),
      200,
    ],
    ['between files, for what a proof assumes', findAssumptions, manyFiles, 300],
    ['among actions, for what changes', isVolatile, withFile('{{'.repeat(300_000) + '{now'), 300],
    ['between files, for what changes', isVolatile, manyFiles, 300],
    [
      'within a schema',
      outsideProblem,
      makeChartFiles('one', { 'values.schema.json': `[${'[],'.repeat(300_000)}[]]` }),
      300,
    ],
    [
      'between templates, for leaves that are not declared',
      (chart) => emptyLeaves(chart, emptyTree()),
      manyFiles,
      300,
    ],
    [
      'among leaves without a value',
      (chart) => emptyLeaves(chart, treeOf({ a: wide })),
      withFile(''),
      100,
    ],
    [
      'within a long text that may hold names',
      () => searchSlots(treeOf({ text: 'ab '.repeat(200_000) }), ['quay.io/a/b:1']),
      withFile(''),
      500,
    ],
  ])('%s', (_, search, chart, least) => {
    expect(breaksOf(search(chart))).toBeGreaterThanOrEqual(least)
  })
})
