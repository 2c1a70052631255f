import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderOf, writeOutput } from '../../../../scripts/lib/addons/sync/output.ts'
import type { PreparedChart } from '../../../../scripts/lib/addons/prepare/prepare.ts'
import { emptyTree, treeOf } from '../../../../scripts/lib/model/values/values.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const files = (content: string) =>
  new Map([
    ['Chart.yaml', Buffer.from('name: shop\nversion: 1.0.0\n')],
    ['templates/app.yaml', Buffer.from(content)],
  ])

/** As much of a prepared chart as is written. */
function prepared(content: string, snippet = 'values.yaml', path?: string): PreparedChart {
  const file = join(makeTempFolder(), 'shop-1.0.0.tgz')
  writeFileSync(file, 'archive')
  const all = files(content)
  if (path !== undefined) all.set(path, Buffer.from('x'))
  return {
    group: { name: 'shop', version: '1.0.0' },
    archive: { file, sha256: '' },
    patched: { files: all, changes: [] },
    beyondValues: [],
    snippets: [{ file: snippet, values: emptyTree() }],
  } as unknown as PreparedChart
}

describe('writeOutput', () => {
  it('writes the archive, the chart unpacked and its values, and replaces an earlier version', async () => {
    const folder = join(makeTempFolder(), 'shop')
    mkdirSync(join(folder, 'shop/templates'), { recursive: true })
    for (const path of ['Chart.yaml', 'templates/old.yaml']) {
      writeFileSync(join(folder, 'shop', path), 'old')
    }
    const written = await writeOutput(dirname(folder), folder, prepared('new'), 'r.example')
    expect(written).toEqual({ ok: true, value: join(folder, 'shop-1.0.0.tgz') })
    expect(readdirSync(folder).toSorted()).toEqual(['shop', 'shop-1.0.0.tgz', 'values.yaml'])
    expect(readdirSync(join(folder, 'shop/templates'))).toEqual(['app.yaml'])
    expect(readFileSync(join(folder, 'shop/templates/app.yaml'), 'utf8')).toBe('new')
  })

  it('unpacks no chart of which helm would ignore a file in a folder', async () => {
    const out = makeTempFolder()
    const chart = prepared('new')
    const ignoring = new Map([
      ...chart.patched.files,
      ['.helmignore', Buffer.from('templates/app.yaml\n')],
    ])
    const written = await writeOutput(
      out,
      join(out, 'shop'),
      { ...chart, patched: { ...chart.patched, files: ignoring } },
      'r.example',
    )
    expect(written).toMatchObject({
      ok: false,
      problem: {
        side: 'source',
        message: expect.stringContaining('helm would ignore "templates/app.yaml" of shop'),
      },
    })
  })

  it.each([
    ['shop', 'remove the link, or choose another place'],
    ['shop/templates', 'specify another folder with --out'],
  ])('writes nothing through a link at %s', async (link, next) => {
    const folder = join(makeTempFolder(), 'shop')
    const elsewhere = makeTempFolder()
    writeFileSync(join(elsewhere, 'app.yaml'), 'precious')
    mkdirSync(join(folder, link, '..'), { recursive: true })
    symlinkSync(elsewhere, join(folder, link))
    const written = await writeOutput(dirname(folder), folder, prepared('new'), 'r.example')
    expect(written).toMatchObject({
      ok: false,
      problem: { next },
    })
    expect(readdirSync(elsewhere)).toEqual(['app.yaml'])
    expect(readFileSync(join(elsewhere, 'app.yaml'), 'utf8')).toBe('precious')
  })

  it.each(['shop', 'shop/values.yaml', 'shop/shop-1.0.0.tgz', 'shop/shop'])(
    'refuses a link below the output folder and writes nothing: %s',
    async (link) => {
      const [out, elsewhere] = [makeTempFolder(), makeTempFolder()]
      mkdirSync(join(elsewhere, 'shop'))
      for (const path of ['shop/Chart.yaml', 'values.yaml', 'shop-1.0.0.tgz']) {
        writeFileSync(join(elsewhere, path), 'precious')
      }
      mkdirSync(join(out, link, '..'), { recursive: true })
      const target = link === 'shop' ? elsewhere : join(elsewhere, link.slice('shop/'.length))
      symlinkSync(target, join(out, link))
      const written = await writeOutput(out, join(out, 'shop'), prepared('new'), 'r.example')
      expect(written.ok ? '' : written.problem.message).toContain(
        `"${join(out, link)}" is a link to "${target}", and links below the given folder are not followed`,
      )
      for (const path of ['shop/Chart.yaml', 'values.yaml', 'shop-1.0.0.tgz']) {
        expect(readFileSync(join(elsewhere, path), 'utf8')).toBe('precious')
      }
      expect(readdirSync(elsewhere)).toHaveLength(3)
    },
  )

  it.each<[string, unknown, number]>([
    ['by all, without a list', treeOf({ a: { image: 'x' } }), 0o644],
    [
      'by their owner only, with a list that may hold passwords',
      treeOf({ a: { env: ['pw'] } }),
      0o600,
    ],
  ])('writes values that can be read %s', async (_, values, mode) => {
    const out = makeTempFolder()
    const chart = { ...prepared('new'), snippets: [{ file: 'values.yaml', values }] }
    const written = await writeOutput(out, join(out, 'shop'), chart as PreparedChart, 'r.example')
    expect(written.ok).toBe(true)
    expect(statSync(join(out, 'shop/values.yaml')).mode & 0o777).toBe(mode & ~process.umask())
  })

  it('leaves a folder alone that is no chart', async () => {
    const folder = join(makeTempFolder(), 'shop')
    mkdirSync(join(folder, 'shop'), { recursive: true })
    writeFileSync(join(folder, 'shop/mine'), 'precious')
    const written = await writeOutput(dirname(folder), folder, prepared('new'), 'r.example')
    expect(written.ok).toBe(false)
    expect(readdirSync(join(folder, 'shop'))).toEqual(['mine'])
    expect(readdirSync(folder)).not.toContainEqual(expect.stringMatching(/^\./))
  })

  it.each([
    ['a path of the chart', 'values.yaml', '../../../escaped', 'leaves the folder of its chart'],
    ['the name of a values file', '../../escaped', 'files/x', 'is not a valid file name'],
  ])('refuses %s that leaves the folder', async (_, snippet, path, message) => {
    const parent = makeTempFolder()
    const chart = prepared('new', snippet, path)
    const written = await writeOutput(join(parent, 'a'), join(parent, 'a/b'), chart, 'r.example')
    expect(written.ok ? '' : written.problem.message).toContain(message)
    expect(existsSync(join(parent, 'escaped'))).toBe(false)
  })

  it('keeps the time of the archive, which helm pushes along', async () => {
    const folder = join(makeTempFolder(), 'shop')
    const chart = prepared('new')
    const written = await writeOutput(dirname(folder), folder, chart, 'r.example')
    const [from, to] = [chart.archive.file, written.ok ? written.value : ''].map(
      (file) => statSync(file).mtimeMs,
    )
    expect(to).toBeCloseTo(from ?? 0, -1)
  })
})

describe('folderOf', () => {
  it.each([
    ['..', '1.0.0'],
    ['--help', '1.0.0'],
    ['a/../../b', '1.0.0'],
    ['shop', '../1.0.0'],
  ])('refuses chart %j in version %j', (name, version) => {
    const group = { name, version } as PreparedChart['group']
    const other = { name, version: '2.0.0' } as PreparedChart['group']
    expect(() => folderOf('/out', { group }, [{ group }, { group: other }])).toThrow(
      'is not a valid file name',
    )
  })

  it('has another folder for each version, also where case is ignored', () => {
    const groups = ['1.0.0-RC1', '1.0.0-rc1', '2.0.0'].map((version) => ({
      group: { name: 'shop', version } as PreparedChart['group'],
    }))
    const folders = groups.map((one) => folderOf('/out', one, groups))
    expect(new Set(folders.map((folder) => folder.toLowerCase())).size).toBe(3)
    expect(folders.slice(1)).toEqual(['/out/shop/1.0.0-rc1', '/out/shop/2.0.0'])
  })
})
