import { expect, it } from 'vitest'
import { findTwins } from '../../../../scripts/lib/charts/chart/twins.ts'
import type { ChartFiles } from '../../../../scripts/lib/charts/chart/chart.ts'

const sub = (version: string, name = 'sub', content = ''): ChartFiles => ({
  metadata: { name, version, dependencies: [], isLibrary: false, annotations: {} },
  files: new Map([['x', Buffer.from(content)]]),
  subcharts: [],
})
const depends = (version: string, alias?: string) => ({
  name: 'sub',
  version,
  repository: '',
  ...(alias !== undefined && { alias }),
})
const sameFiles = (a: ChartFiles, b: ChartFiles) =>
  a.files.get('x')?.toString() === b.files.get('x')?.toString()
const [one, other] = [sub('1.0.0', 'sub', 'a'), sub('1.0.0', 'sub', 'b')]
const [old, recent] = [sub('1.0.0', 'sub', 'a'), sub('2.0.0', 'sub', 'b')]

it.each<[string, ReturnType<typeof depends>[], ChartFiles[], string | undefined]>([
  ['of other names', [], [sub('1.0.0'), sub('1.0.0', 'other')], undefined],
  ['that are the same', [], [one, one], undefined],
  ['of one name and version', [depends('1.0.0')], [one, other], 'sub'],
  ['of two versions that nothing declares', [], [old, recent], 'sub'],
  [
    'of two versions, each under a name',
    [depends('1.x', 'a'), depends('2.0.0', 'b')],
    [old, recent],
    undefined,
  ],
  [
    'of two versions, and a dependency that fits both',
    [depends('>=1', 'a'), depends('2.0.0', 'b')],
    [old, recent],
    'sub',
  ],
  ['of two versions under one name', [depends('1.x'), depends('2.x')], [old, recent], 'sub'],
])('subcharts %s', (_, dependencies, subcharts, expected) => {
  expect(findTwins(dependencies, subcharts, sameFiles)).toBe(expected)
})
