import { writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { create, Header } from 'tar'
import { describe, expect, it } from 'vitest'
import { hashChart, readChart, walkCharts } from '../../../../scripts/lib/charts/chart/files.ts'
import type { ChartFiles } from '../../../../scripts/lib/charts/chart/chart.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

interface Entry {
  readonly path: string
  readonly content?: string
  readonly link?: string
  readonly hard?: boolean
}

const chartFile = (name: string) => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`

/** An archive written by hand: no tool would make some of these. */
function archiveOf(entries: readonly Entry[]): string {
  const blocks = entries.flatMap(({ path, content = '', link, hard }) => {
    const body = Buffer.from(content)
    const header = new Header({
      path,
      mode: 0o644,
      size: body.length,
      mtime: new Date(0),
      type: link === undefined ? 'File' : hard ? 'Link' : 'SymbolicLink',
      ...(link !== undefined && { linkpath: link }),
    })
    const head = Buffer.alloc(512)
    header.encode(head, 0)
    return [head, body, Buffer.alloc((512 - (body.length % 512)) % 512)]
  })
  const file = join(makeTempFolder(), 'chart.tgz')
  writeFileSync(file, gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])))
  return file
}

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(makeTempFolder(), 'app')
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  return folder
}

async function messageOf(path: string): Promise<string> {
  const read = await readChart(path)
  return read.ok ? 'accepted' : read.problem.message
}

const good: Entry = { path: 'app/Chart.yaml', content: chartFile('app') }

describe('an archive is refused', () => {
  it.each<[string, readonly Entry[], string]>([
    [
      'that climbs out',
      [good, { path: 'app/../../etc/passwd', content: 'x' }],
      'points outside the chart folder',
    ],
    [
      'with an absolute path',
      [good, { path: '/etc/passwd', content: 'x' }],
      'points outside the chart folder',
    ],
    ['with a drive', [good, { path: 'C:/x', content: 'x' }], 'points outside the chart folder'],
    [
      'with a link to the outside',
      [good, { path: 'app/x', link: '../../etc' }],
      'points outside the chart folder',
    ],
    ['without a Chart.yaml', [{ path: 'app/values.yaml' }], 'there is no Chart.yaml'],
    ['with a Chart.yaml of nothing', [{ path: 'app/Chart.yaml', content: '[]' }], 'not a mapping'],
    [
      'without a name',
      [{ path: 'app/Chart.yaml', content: 'version: 1' }],
      'no name or no version',
    ],
  ])('%s', async (_, entries, message) => {
    expect(await messageOf(archiveOf(entries))).toContain(message)
  })

  it('with a file that is larger than helm would take', async () => {
    const block = Array.from({ length: 4_000 }, (_, index) => index).join(' ')
    const large = {
      path: 'app/files/x',
      content: block.repeat(Math.ceil((101 << 20) / block.length)),
    }
    expect(await messageOf(archiveOf([good, large]))).toContain(
      'its file "app/files/x" is larger than 5 MiB, the limit of helm',
    )
  })

  it('that names a file in a folder above by the name of a subchart', async () => {
    const sub = { path: 'app/charts/x/Chart.yaml', content: chartFile('../../../x') }
    expect(await messageOf(archiveOf([good, sub]))).toContain('"../../../x"')
  })

  it('that is no archive', async () => {
    const file = join(makeTempFolder(), 'page.tgz')
    await writeFile(file, '<html>not a chart</html>')
    expect(await messageOf(file)).toContain('"page.tgz" is not a chart')
  })
})

describe('an entry of an archive that is a link', () => {
  const hard: Entry = { path: 'app/values.yaml', link: 'x', hard: true }
  it.each<[string, readonly Entry[]]>([
    ['in place of a file', [good, { path: 'app/values.yaml', link: 'other.yaml' }]],
    ['of the hard kind', [good, hard]],
  ])('is an empty file, as to helm: %s', async (_, entries) => {
    const { files } = unwrap(await readChart(archiveOf(entries)))
    expect(files.get('values.yaml')?.toString()).toBe('')
  })

  it('is refused after a file of its name', async () => {
    const values: Entry = { path: 'app/values.yaml', content: 'a: 1\n' }
    expect(await messageOf(archiveOf([good, values, hard]))).toContain(
      'it contains "values.yaml" twice',
    )
  })
})

describe('a chart', () => {
  const files = {
    'Chart.yaml': `${chartFile('app')}dependencies:\n  - { name: sub, version: 1.0.0, repository: '' }\n`,
    'values.yaml': 'a: 1\n',
    'templates/x.yaml': 'kind: X\n',
    'charts/sub/Chart.yaml': chartFile('sub'),
    'charts/sub/charts/deep/Chart.yaml': chartFile('deep'),
    'charts/_old/Chart.yaml': chartFile('old'),
  }
  const open = async (path: string): Promise<ChartFiles> => unwrap(await readChart(path))
  const foldersOf = (chart: ChartFiles) => [...walkCharts(chart)].map(({ folder }) => folder)

  it('has its subcharts apart, and skips what helm skips', async () => {
    const chart = await open(await folderOf(files))
    expect(foldersOf(chart)).toEqual(['', 'charts/sub/', 'charts/sub/charts/deep/'])
    expect([...chart.files.keys()]).toContain('templates/x.yaml')
  })

  it('hashes the same as a folder and as an archive, and otherwise for one byte', async () => {
    const folder = await folderOf(files)
    const archive = join(makeTempFolder(), 'app.tgz')
    await create({ file: archive, gzip: true, cwd: dirname(folder) }, ['app'])
    const other = await folderOf({ ...files, 'values.yaml': 'a: 2\n' })
    const hash = hashChart(await open(folder))
    expect(hashChart(await open(archive))).toBe(hash)
    expect(hashChart(await open(other))).not.toBe(hash)
  })

  it('has the subcharts that are archives', async () => {
    const sub = await folderOf({ 'Chart.yaml': chartFile('packed') })
    const archive = join(makeTempFolder(), 'packed.tgz')
    await create({ file: archive, gzip: true, cwd: dirname(sub) }, ['app'])
    const folder = await folderOf({ 'Chart.yaml': chartFile('app') })
    await mkdir(join(folder, 'charts'))
    const { copyFile } = await import('node:fs/promises')
    await copyFile(archive, join(folder, 'charts/packed-1.0.0.tgz'))
    expect(foldersOf(await open(folder))).toEqual(['', 'charts/packed/'])
  })
})
