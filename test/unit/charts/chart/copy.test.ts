import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createBudget } from '../../../../scripts/lib/charts/chart/budget.ts'
import { copyChart } from '../../../../scripts/lib/charts/chart/copy.ts'
import { readRaw, unpack } from '../../../../scripts/lib/charts/chart/files.ts'
import { archiveFile, packOf } from '../../support/archives.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const upper = (_: string, content: Buffer) => Buffer.from(content.toString('utf8').toUpperCase())

/** The files of a chart as they are on disk, with their content. */
async function rawOf(path: string): Promise<Record<string, string>> {
  const { files } = await readRaw(path, createBudget())
  return Object.fromEntries([...files].map(([name, content]) => [name, content.toString('utf8')]))
}

describe('copyChart', () => {
  it('keeps every file of an archive at its place, whatever helm does with it in a folder', async () => {
    const path = archiveFile(
      packOf([
        { path: 'one/Chart.yaml', content: 'name: one' },
        { path: 'one/.helmignore', content: 'templates/a.yaml' },
        { path: 'one/templates/a.yaml', content: 'a' },
        { path: 'one/templates/.b.yaml', content: 'b' },
        { path: 'one/charts/_c/templates/c.yaml', content: 'c' },
        { path: 'one/charts/d/templates/d.prov', content: 'd' },
      ]),
    )
    const copy = await copyChart(path, upper, makeTempFolder())
    expect(copy).toMatch(/\.tgz$/)
    expect(Object.entries(await rawOf(copy))).toEqual([
      ['Chart.yaml', 'NAME: ONE'],
      ['.helmignore', 'TEMPLATES/A.YAML'],
      ['templates/a.yaml', 'A'],
      ['templates/.b.yaml', 'B'],
      ['charts/_c/templates/c.yaml', 'C'],
      ['charts/d/templates/d.prov', 'D'],
    ])
  })

  it.each(['charts/sub-1.0.0.tgz', 'charts/a/charts/sub.tar.gz'])(
    'changes the files of %s, which stays an archive',
    async (name) => {
      const sub = packOf([
        { path: '_sub/Chart.yaml', content: 'name: _sub' },
        { path: '_sub/templates/a.prov', content: 'a' },
      ])
      const path = archiveFile(packOf([{ path: `one/${name}`, content: sub }]))
      const copy = await copyChart(path, upper, makeTempFolder())
      const { files } = await readRaw(copy, createBudget())
      const inside = await unpack(files.get(name) ?? Buffer.alloc(0), createBudget())
      expect([...inside].map(([one, content]) => [one, content.toString('utf8')])).toEqual([
        ['Chart.yaml', 'NAME: _SUB'],
        ['templates/a.prov', 'A'],
      ])
    },
  )

  it.each(['charts/_sub.tgz', 'charts/.sub.tgz', 'files/sub.tgz'])(
    'does not open %s, which is no subchart',
    async (name) => {
      const path = archiveFile(packOf([{ path: `one/${name}`, content: 'no archive' }]))
      const copy = await copyChart(path, (_, content) => content, makeTempFolder())
      expect(await rawOf(copy)).toEqual({ [name]: 'no archive' })
    },
  )

  it('copies a folder as a folder', async () => {
    const folder = join(makeTempFolder(), 'one')
    mkdirSync(join(folder, 'templates'), { recursive: true })
    writeFileSync(join(folder, 'Chart.yaml'), 'name: one')
    writeFileSync(join(folder, 'templates', 'a.yaml'), 'a')
    const copy = await copyChart(folder, upper, makeTempFolder())
    expect((await readRaw(copy, createBudget())).isFolder).toBe(true)
    expect(await rawOf(copy)).toEqual({ 'Chart.yaml': 'NAME: ONE', 'templates/a.yaml': 'A' })
  })
})
