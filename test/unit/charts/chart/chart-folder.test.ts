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

  it('is read without what belongs to git', async () => {
    const root = folder({ 'Chart.yaml': metadata, '.git/config': 'x' })
    expect([...unwrap(await readChart(root)).files.keys()]).toEqual(['Chart.yaml'])
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
