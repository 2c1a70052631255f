import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readArchive } from '../../../../scripts/lib/charts/chart/archive.ts'
import { readChart, walkCharts } from '../../../../scripts/lib/charts/chart/files.ts'
import { type Result, unwrap } from '../../../../scripts/lib/model/problem.ts'
import { archiveFile, packOf, type RawEntry, tarOf } from '../../support/archives.ts'

const mebibyte = 1024 * 1024
const chartFile = (name = 'app', rest = ''): RawEntry => ({
  path: `${name}/Chart.yaml`,
  content: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${rest}`,
})
const zeros = Buffer.alloc(5 * mebibyte)
const end = Buffer.alloc(1024)

/** A chart that has so many copies of an archive among its subcharts. */
function chartWith(copies: number, sub: Buffer): Buffer {
  const subs = Array.from({ length: copies }, (_, index) => ({
    path: `app/charts/sub${index}.tgz`,
    content: sub,
  }))
  return packOf([chartFile(), ...subs])
}

/** Charts in charts, each with copies of the next. */
function nested(depth: number, copies: number): Buffer {
  return depth === 0 ? packOf([chartFile()]) : chartWith(copies, nested(depth - 1, copies))
}

/** Ninety megabytes in ninety kilobytes. */
const heavy = () =>
  packOf([
    chartFile(),
    ...Array.from({ length: 18 }, (_, index) => ({ path: `app/files/${index}`, content: zeros })),
  ])

const wordsOf = (read: Result<unknown>) => (read.ok ? 'accepted' : read.problem.message)

/** Hostile archives; on most of them a reader without limits works for minutes, or takes all memory. */
const bombs: readonly [string, () => Buffer, string][] = [
  [
    'with a small tar and gigabytes behind its end',
    () => {
      const member = gzipSync(Buffer.alloc(32 * mebibyte))
      return Buffer.concat([packOf([chartFile()]), ...Array.from({ length: 200 }, () => member)])
    },
    'it unpacks to more than 128 MiB',
  ],
  [
    'with files that are small each and too much together',
    () =>
      packOf([
        chartFile(),
        ...Array.from({ length: 30 }, (_, index) => ({ path: `app/x${index}`, content: zeros })),
      ]),
    'it unpacks to more than 128 MiB',
  ],
  [
    'with one file that helm would not take',
    () => packOf([chartFile(), { path: 'app/x', content: Buffer.alloc(5 * mebibyte + 1) }]),
    'its file "app/x" is larger than 5 MiB',
  ],
  [
    'that claims a file of gigabytes',
    () => packOf([chartFile(), { path: 'app/x', size: 8 * 1024 * mebibyte - 1 }]),
    'its file "app/x" is larger than 5 MiB',
  ],
  [
    'that claims a file of exabytes',
    () => packOf([chartFile(), { path: 'app/x', size: Number.MAX_SAFE_INTEGER }]),
    'is larger than 5 MiB',
  ],
  [
    'with more files than a chart has',
    () =>
      packOf([
        chartFile(),
        ...Array.from({ length: 20_001 }, (_, index) => ({ path: `app/${index}` })),
      ]),
    'it has more than 20,000 files',
  ],
  [
    'with a long name of a megabyte',
    () =>
      packOf([
        chartFile(),
        { path: 'long', flag: 'L', content: `app/${'x'.repeat(mebibyte)}` },
        { path: 'x' },
      ]),
    'one of its tar headers is too long',
  ],
  [
    'with a path of kilobytes',
    () =>
      packOf([
        chartFile(),
        { path: 'long', flag: 'L', content: `app/${'x'.repeat(5_000)}` },
        { path: 'x' },
      ]),
    'it has a path of 5004 characters (limit: 1024)',
  ],
  [
    'with a pax header of megabytes',
    () => packOf([{ path: 'pax', flag: 'x', content: `9 a=bcde\n`.repeat(300_000) }, chartFile()]),
    'one of its tar headers is too long',
  ],
  [
    'with a sparse file, which helm reads otherwise',
    () => packOf([chartFile(), { path: 'app/x', flag: 'S' }]),
    'it contains an entry of type "SparseFile"',
  ],
  ['that is packed twice', () => gzipSync(packOf([chartFile()])), 'it is compressed twice'],
  [
    'that breaks off',
    () => packOf([chartFile(), { path: 'app/x', content: 'x'.repeat(5_000) }]).subarray(0, -9),
    'the archive is truncated',
  ],
  [
    'whose tar breaks off',
    () => gzipSync(tarOf([chartFile(), { path: 'app/x', content: 'x', size: 5_000 }])),
    'Truncated input',
  ],
  [
    'that is not packed',
    () => Buffer.concat([tarOf([chartFile()]), end]),
    'it is not a gzip archive',
  ],
]

describe.each([
  ['readChart', readChart],
  ['readArchive', readArchive],
] as const)('%s refuses an archive', (_, read) => {
  it.each(bombs)('%s', { timeout: 20_000 }, async (__, make, words) => {
    expect(wordsOf(await read(archiveFile(make())))).toContain(words)
  })
})

describe('readChart refuses archives in archives', () => {
  it.each<[string, () => Buffer, string]>([
    [
      'that unpack to gigabytes together',
      () => chartWith(30, heavy()),
      'it unpacks to more than 128 MiB',
    ],
    [
      'whose Chart.yaml are larger together than any',
      () =>
        packOf([
          chartFile('app', `# ${'a'.repeat(4_500_000)}\n`),
          chartFile('app/charts/app', `# ${'a'.repeat(4_500_000)}\n`),
        ]),
      'its Chart.yaml and those of its subcharts are larger than 8 MiB',
    ],
    ['that are thousands', () => nested(11, 4), 'it contains more than 1,000 charts'],
    ['that go on and on', () => nested(40, 1), 'its subcharts are nested more than 12 levels deep'],
  ])('%s', { timeout: 20_000 }, async (_, make, words) => {
    expect(wordsOf(await readChart(archiveFile(make())))).toContain(words)
  })

  it('whose aliases multiply to more charts than anybody has', async () => {
    const aliases = Array.from(
      { length: 10 },
      (_, index) => `  - { name: app, version: 1.0.0, alias: a${index} }\n`,
    )
    const level = (depth: number): Buffer =>
      packOf([
        chartFile('app', `dependencies:\n${aliases.join('')}`),
        ...(depth === 0 ? [] : [{ path: 'app/charts/app.tgz', content: level(depth - 1) }]),
      ])
    expect(wordsOf(await readChart(archiveFile(level(10))))).toContain(
      'its subcharts and their aliases add up to more than 1000 charts',
    )
  })
})

describe('readChart reads', () => {
  it('archives in archives that are as deep and as many as honest ones', async () => {
    const chart = unwrap(await readChart(archiveFile(nested(5, 2))))
    expect([...walkCharts(chart)]).toHaveLength(63)
  })

  it('neither devices nor pipes', async () => {
    expect(wordsOf(await readChart('/dev/zero'))).toContain('it is neither a folder nor a file')
  })
})
