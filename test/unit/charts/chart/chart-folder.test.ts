import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hashChart, readChart } from '../../../../scripts/lib/charts/chart/files.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

// Charts that lie in a folder, as people have them in their repositories.
const metadata = 'apiVersion: v2\nname: one\nversion: 1.0.0\n'

function folder(files: Readonly<Record<string, string>>): string {
  const root = join(makeTempFolder(), 'one')
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  return root
}

const nested = (depth: number) =>
  Object.fromEntries(
    Array.from({ length: depth }, (_, level) => [
      `${'charts/one/'.repeat(level)}Chart.yaml`,
      metadata,
    ]),
  )

describe('a folder is refused', () => {
  it.each([
    ['without a Chart.yaml', { 'values.yaml': '' }, 'there is no Chart.yaml in "one"'],
    [
      'with a folder of charts/ that is no chart',
      { 'Chart.yaml': metadata, 'charts/sub/values.yaml': '' },
      'there is no Chart.yaml in "sub"',
    ],
    ['of charts within charts without end', nested(15), 'nested more than'],
  ])('%s', async (_, files, words) => {
    const result = await readChart(folder(files))
    expect(result).toMatchObject({ ok: false, problem: { kind: 'invalid-input', side: 'input' } })
    expect(result.ok ? '' : result.problem.message).toContain(words)
  })

  it('that is not there', async () => {
    const result = await readChart(join(makeTempFolder(), 'nowhere'))
    expect(result.ok ? '' : result.problem.message).toContain('"nowhere" is not a chart: ENOENT')
  })
})

describe('a folder', () => {
  it('may have charts within charts, as deep as anybody has', async () => {
    expect(unwrap(await readChart(folder(nested(8)))).subcharts).toHaveLength(1)
  })

  it('is read without the history of git if it ignores that, and with a file of this name', async () => {
    const ignoring = { 'Chart.yaml': metadata, '.helmignore': '.git/\n' }
    const root = folder({ ...ignoring, '.git/config': 'x' })
    expect([...unwrap(await readChart(root)).files.keys()]).toEqual(['.helmignore', 'Chart.yaml'])
    const linked = folder({ ...ignoring, '.git': 'gitdir: x' })
    expect(unwrap(await readChart(linked)).files.has('.git')).toBe(true)
  })

  it('is refused with the history of git, which helm reads, and templates with it', async () => {
    const root = folder({ 'Chart.yaml': metadata, '.git/config': 'x' })
    expect(await readChart(root)).toMatchObject({
      ok: false,
      problem: {
        message: expect.stringContaining('helm also reads its ".git" folder'),
        next: expect.stringContaining('add the line ".git/" to its .helmignore'),
      },
    })
  })

  it('is refused with a .helmignore that is no text', async () => {
    const root = folder({ 'Chart.yaml': metadata })
    writeFileSync(join(root, '.helmignore'), Buffer.from([0x61, 0xff]))
    const read = await readChart(root)
    expect(read.ok ? '' : read.problem.message).toContain('is not UTF-8')
  })

  it.each([
    ['charts/sub/templates/a.prov', 'contains "templates/a.prov"'],
    ['charts/sub/charts/_x.txt', undefined],
  ])('with %s in a subchart: %s', async (path, words) => {
    const root = folder({
      'Chart.yaml': metadata,
      'charts/sub/Chart.yaml': 'name: sub\nversion: 1.0.0\n',
      [path]: 'a',
    })
    const read = await readChart(root)
    expect(read.ok ? undefined : read.problem.message).toEqual(
      words && expect.stringContaining(words),
    )
  })

  it('is refused with a subchart that helm would skip if its folder had its name', async () => {
    const root = folder({
      'Chart.yaml': metadata,
      'charts/sub/Chart.yaml': 'name: _sub\nversion: 1.0.0\n',
    })
    const read = await readChart(root)
    expect(read.ok ? '' : read.problem.message).toContain('"sub" is named "_sub"')
  })

  it('may have a link to a file', async () => {
    const root = folder({ 'Chart.yaml': metadata, 'shared.yaml': 'a: 1' })
    symlinkSync('shared.yaml', join(root, 'values.yaml'))
    const { files } = unwrap(await readChart(root))
    expect(files.get('values.yaml')?.toString()).toBe('a: 1')
  })

  it('may have a link to a folder of its own, which helm follows too', async () => {
    const root = folder({
      'Chart.yaml': metadata,
      'lib/shared/Chart.yaml': 'name: shared\nversion: 1.0.0\n',
      'charts/README.md': '',
    })
    symlinkSync('../lib/shared', join(root, 'charts/shared'))
    const { subcharts } = unwrap(await readChart(root))
    expect(subcharts.map((sub) => sub.metadata.name)).toEqual(['shared'])
  })
})

describe('hashChart', () => {
  const files = { 'Chart.yaml': metadata, 'values.yaml': 'a: 1\n', 'templates/a.yaml': 'x' }
  const hash = async (all: Readonly<Record<string, string>>) =>
    hashChart(unwrap(await readChart(folder(all))))

  it.each([
    ['one byte', { ...files, 'values.yaml': 'a: 2\n' }],
    ['the name of a file', { 'Chart.yaml': metadata, 'values.yaml': 'a: 1\n', 'templates/b': 'x' }],
    ['a file without content', { ...files, 'files/empty': '' }],
    ['a subchart', { ...files, 'charts/sub/Chart.yaml': 'name: sub\nversion: 1.0.0\n' }],
    [
      'a byte that moves to the next file',
      { ...files, 'values.yaml': 'a: 1\nx', 'templates/a.yaml': '' },
    ],
  ])('differs by %s', async (_, other) => {
    expect(await hash(other)).not.toBe(await hash(files))
  })

  it('does not heed locks, which bear the time of their making', async () => {
    expect(await hash({ ...files, 'Chart.lock': 'generated: now' })).toBe(await hash(files))
  })
})
