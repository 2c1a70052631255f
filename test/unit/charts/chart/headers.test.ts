import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { create } from 'tar'
import { describe, expect, it } from 'vitest'
import { readArchive } from '../../../../scripts/lib/charts/chart/archive.ts'
import { readChart } from '../../../../scripts/lib/charts/chart/files.ts'
import { type Result, unwrap } from '../../../../scripts/lib/model/problem.ts'
import { archiveFile, packOf, paxRecord, type RawEntry } from '../../support/archives.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

// Readers of tar differ in what they make of headers. helm sees the files that Go's archive/tar finds (tried with helm
// 4.2.4): each archive that is refused here has another file for it than for other readers, or is one that it refuses.

const chart: RawEntry = {
  path: 'app/Chart.yaml',
  content: 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
}
const schema = 'app/values.schema.json'
const hidden = '{"$ref":"http://127.0.0.1/"}'
const readme: RawEntry = { path: 'app/README.md', content: hidden }
const atSchema: RawEntry = { path: schema, content: hidden }
const pax = (...records: readonly (Buffer | string)[]): RawEntry => ({
  path: 'pax',
  flag: 'x',
  content: Buffer.concat(records.map((record) => Buffer.from(record))),
})
const longName = (content: string, flag = 'L'): RawEntry => ({ path: 'long', flag, content })
/** A record that only a reader sees which takes each line for one. */
const within = (path: string) =>
  paxRecord('comment', `x\n${paxRecord('path', path).toString().trimEnd()}`)
const tooShort = (record: Buffer) => record.toString().replace(/^\d+/, (length) => `+${length}`)

const refused: readonly (readonly [string, readonly RawEntry[], string])[] = [
  [
    'a size in a pax header',
    [pax(paxRecord('size', '0')), readme],
    'extended tar headers sets "size"',
  ],
  [
    'a size for all entries',
    [{ ...pax(paxRecord('size', '0')), flag: 'g' }, readme],
    'extended tar headers sets "size"',
  ],
  [
    'another size beside its own',
    [pax(paxRecord('size', `${hidden.length}`), paxRecord('size', '0')), readme],
    'extended tar headers sets "size"',
  ],
  [
    'a size with a sign',
    [pax(paxRecord('size', `+${hidden.length}`)), readme],
    'extended tar headers sets "size"',
  ],
  [
    'a sparse name',
    [pax(paxRecord('GNU.sparse.major', '1'), paxRecord('GNU.sparse.name', schema)), readme],
    'extended tar headers sets "GNU.sparse.major"',
  ],
  ['another type', [pax(paxRecord('type', '5')), readme], 'extended tar headers sets "type"'],
  ['another character set', [pax(paxRecord('hdrcharset', 'BINARY')), readme], '"hdrcharset"'],
  [
    'a pax path and a long name',
    [pax(paxRecord('path', 'app/a')), longName(schema), readme],
    'more than one extended header',
  ],
  ['two long names', [longName('app/a'), longName(schema), readme], 'more than one extended'],
  [
    'two pax headers',
    [pax(paxRecord('path', 'app/a')), pax(paxRecord('mtime', '1')), readme],
    'more than one extended header',
  ],
  [
    'a pax header before one of all entries',
    [pax(paxRecord('path', 'app/a')), { ...pax(paxRecord('comment', 'x')), flag: 'g' }, atSchema],
    'more than one extended header',
  ],
  [
    'a path within a comment',
    [pax(within('app/a')), atSchema],
    'tar readers disagree about its entry',
  ],
  [
    'a path whose length has a sign',
    [pax(tooShort(paxRecord('path', schema))), readme],
    'one of its extended tar headers is damaged',
  ],
  [
    'a record without an end',
    [pax('20 path=app/a'), atSchema],
    'one of its extended tar headers is damaged',
  ],
  [
    'a record without a key',
    [pax(paxRecord('', 'x')), atSchema],
    'one of its extended tar headers is damaged',
  ],
  [
    'a pax path that is not UTF-8',
    [pax(paxRecord('path', Buffer.from('app/\u00FF/../values.schema.json', 'latin1'))), readme],
    'tar readers disagree about its entry',
  ],
  [
    'a long name with a zero byte and a line',
    [longName(`${schema}\0\nx`), readme],
    `tar readers disagree about its entry "${schema}"`,
  ],
  [
    'a name with a zero byte and a line',
    [{ ...atSchema, patches: [[schema.length, '\0\nx']] }],
    `tar readers disagree about its entry "${schema}"`,
  ],
  [
    'a long name of an old kind, which is a file to helm',
    [{ path: schema, flag: 'N', content: 'app/a' }, readme],
    `tar readers disagree about its entry "${schema}"`,
  ],
  [
    'a pax header of an old kind, which is a file to helm',
    [{ ...pax(paxRecord('mtime', '1')), path: 'app/templates/a.yaml', flag: 'X' }, readme],
    'tar readers disagree about its entry',
  ],
  [
    'the same at the end',
    [{ ...pax(paxRecord('mtime', '1')), path: 'app/templates/a.yaml', flag: 'X' }],
    'tar readers disagree about its entry "app/templates/a.yaml"',
  ],
  [
    'a name in two parts of another version',
    [
      {
        path: 'values.yaml',
        content: 'a: 1\n',
        patches: [
          [263, '01'],
          [345, 'app/charts/sub'],
        ],
      },
    ],
    'tar readers disagree about its entry "app/charts/sub/values.yaml"',
  ],
  [
    'a name in two parts of GNU',
    [
      {
        path: 'values.yaml',
        patches: [
          [257, 'ustar  \0'],
          [345, 'app/charts/sub'],
        ],
      },
    ],
    'one of its tar headers has an unsupported format',
  ],
  [
    'a file whose name ends as that of a folder',
    [{ path: 'app/values.yaml/', content: '' }],
    'tar readers disagree about its entry "app/values.yaml/"',
  ],
  [
    'a link whose name ends as that of a folder',
    [{ path: 'app/values.yaml/', flag: '2', patches: [[157, 'x']] }],
    'has a path that "helm package" never writes',
  ],
  [
    'a file with the mode of a folder, which helm skips',
    [{ ...readme, patches: [[100, '0040644\0']] }],
    'tar readers disagree about its entry "app/README.md"',
  ],
  [
    'a size behind a zero byte',
    [{ path: schema, patches: [[124, '\x000000001000\0']] }],
    'one of its tar headers contains an invalid number',
  ],
  [
    'a size that is half a number',
    [{ path: schema, patches: [[124, '0x000000001']] }],
    'one of its tar headers contains an invalid number',
  ],
  [
    'a size below nothing',
    [{ path: schema, patches: [[124, '-0000000001']] }],
    'one of its tar headers contains an invalid number',
  ],
  ['a Chart.yaml twice, which helm merges', [chart], 'it contains "Chart.yaml" twice'],
]

const wordsOf = (read: Result<unknown>) => (read.ok ? 'accepted' : read.problem.message)

describe.each([
  ['readChart', readChart],
  ['readArchive', readArchive],
] as const)('%s refuses an archive with', (_, read) => {
  it.each(refused)('%s', async (__, entries, words) => {
    expect(wordsOf(await read(archiveFile(packOf([chart, ...entries]))))).toContain(words)
  })
})

const accepted: readonly (readonly [string, readonly RawEntry[], string])[] = [
  ['a pax path', [pax(paxRecord('path', schema)), readme], 'values.schema.json'],
  [
    'the last of two pax paths',
    [pax(paxRecord('path', 'app/a'), paxRecord('path', schema)), readme],
    'values.schema.json',
  ],
  [
    'the size that it has anyway',
    [pax(paxRecord('size', `${hidden.length}`)), readme],
    'README.md',
  ],
  ['a long name', [longName(`${schema}\0`), readme], 'values.schema.json'],
  ['a name in two parts', [{ ...readme, path: 'a', patches: [[345, 'app/files']] }], 'files/a'],
  [
    'a path for all entries, which applies to none',
    [{ ...pax(paxRecord('path', 'x/y')), flag: 'g' }, readme],
    'README.md',
  ],
  [
    'attributes with any bytes',
    [
      pax(paxRecord('SCHILY.xattr.a', Buffer.from([0, 10, 255, 10])), paxRecord('mtime', '1.5')),
      readme,
    ],
    'README.md',
  ],
  ['a file of the oldest kind', [{ ...readme, flag: '\0' }], 'README.md'],
  ['a file of a contiguous kind', [{ ...readme, flag: '7' }], 'README.md'],
  ['a file with the mode of a file', [{ ...readme, patches: [[100, '0100644\0']] }], 'README.md'],
  ['a size in spaces', [{ ...readme, patches: [[124, '         34 ']] }], 'README.md'],
]

describe('readChart takes from an archive with', () => {
  it.each(accepted)('%s the file that helm takes', async (_, entries, path) => {
    const { files } = unwrap(await readChart(archiveFile(packOf([chart, ...entries]))))
    expect([...files.keys()]).toEqual(['Chart.yaml', path])
    expect(files.get(path)?.toString()).toBe(hidden)
  })

  it('the comment of git, and folders', async () => {
    const comment = { ...pax(paxRecord('comment', 'a'.repeat(40))), flag: 'g' }
    const entries = [
      comment,
      { path: 'app/', flag: '5' },
      chart,
      { path: 'app/files/', flag: '\0' },
    ]
    const { files } = unwrap(await readChart(archiveFile(packOf(entries))))
    expect([...files.keys()]).toEqual(['Chart.yaml'])
  })

  it.each([50, 120, 300])('paths of %d characters, as tar writes them', async (length) => {
    const folder = join(makeTempFolder(), 'app')
    const name = `${'d/'.repeat((length - 20) / 2)}\u00E9.txt`
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), 'a')
    writeFileSync(join(folder, 'Chart.yaml'), chart.content ?? '')
    const file = join(folder, '../app.tgz')
    await create({ file, gzip: true, cwd: join(folder, '..') }, ['app'])
    expect([...unwrap(await readChart(file)).files.keys()].toSorted()).toEqual(['Chart.yaml', name])
  })
})
