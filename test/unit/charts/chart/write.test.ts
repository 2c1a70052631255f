import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { writeChartFiles } from '../../../../scripts/lib/charts/chart/write.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const files = (...paths: readonly string[]) =>
  new Map(paths.map((path) => [path, Buffer.from(path)]))

describe('writeChartFiles', () => {
  it('writes files into a new folder, with a mode whatever the umask', async () => {
    const before = process.umask(0o077)
    onTestFinished(() => void process.umask(before))
    const root = join(makeTempFolder(), 'a/chart')
    await writeChartFiles(root, files('Chart.yaml', 'templates/.keep'), 0o644)
    expect(readFileSync(join(root, 'templates/.keep'), 'utf8')).toBe('templates/.keep')
    expect(statSync(join(root, 'Chart.yaml')).mode & 0o777).toBe(0o644)
  })

  it.each([
    ['a path that leaves it', files('a', '../../b'), 'leaves the folder of its chart'],
    ['a path twice', files('a', './a'), 'the chart contains "./a" twice'],
    ['a file in place of a folder', files('a', 'a/b'), 'a file where a folder is expected'],
    ['a folder in place of a file', files('a/b', 'a'), 'a file where a folder is expected'],
  ])('refuses %s', async (_, content, message) => {
    const parent = makeTempFolder()
    await expect(writeChartFiles(join(parent, 'x/chart'), content)).rejects.toThrow(message)
    expect(existsSync(join(parent, 'b'))).toBe(false)
  })

  it('adds nothing to a folder that exists', async () => {
    const root = join(makeTempFolder(), 'chart')
    mkdirSync(root)
    await expect(writeChartFiles(root, files('a'))).rejects.toThrow('EEXIST')
    expect(readdirSync(root)).toEqual([])
  })
})
