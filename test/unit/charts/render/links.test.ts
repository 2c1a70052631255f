import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkKept, keepArchive } from '../../../../scripts/lib/charts/fetch/archive-cache.ts'
import { openRenderCache } from '../../../../scripts/lib/charts/render/cache.ts'
import { sweepRenders } from '../../../../scripts/lib/session/sweep.ts'
import { writeHelmFile } from '../../../../scripts/lib/charts/render/helm-file.ts'
import { treeOf } from '../../../../scripts/lib/model/values/values.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const key = 'a'.repeat(64)

/** Something of the user's that no cache may touch. */
function precious(): string {
  const file = join(makeTempFolder(), 'precious')
  writeFileSync(file, 'precious')
  return file
}

async function keep(kept: string): Promise<void> {
  const fetched = join(makeTempFolder(), 'fetched.tgz')
  writeFileSync(fetched, 'archive')
  await keepArchive(fetched, kept)
}

const refuse = () => expect.unreachable()

describe('a link in the place of a file of the kit, as an archive of a cache may have it,', () => {
  it.each<[string, string, (folder: string) => Promise<unknown>]>([
    [
      'a render',
      `${key}.render.gz`,
      (folder) => openRenderCache(folder, { notice: refuse }).store(key, 'kind: Pod\n'),
    ],
    ['an archive', 'shop/shop-1.tgz', (folder) => keep(join(folder, 'shop/shop-1.tgz'))],
    ['a record', 'shop/shop-1.tgz.sha256', (folder) => keep(join(folder, 'shop/shop-1.tgz'))],
    ['the mark of a sweep', 'swept', (folder) => sweepRenders(folder, { hasNew: true })],
    [
      'values for helm',
      'values.json',
      (folder) => writeHelmFile(join(folder, 'values.json'), treeOf({ a: 1 })),
    ],
  ])('is replaced by %s, and what it points to is left alone', async (_, name, write) => {
    const folder = makeTempFolder()
    for (const target of [precious(), join(makeTempFolder(), 'nothing yet')]) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      rmSync(join(folder, name), { force: true })
      symlinkSync(target, join(folder, name))
      await write(folder)
      expect(lstatSync(join(folder, name)).isFile()).toBe(true)
      if (target.endsWith('precious')) expect(readFileSync(target, 'utf8')).toBe('precious')
      else expect(lstatSync(target, { throwIfNoEntry: false })).toBeUndefined()
    }
  })

  it('does not keep anything from being kept', async () => {
    const folder = makeTempFolder()
    symlinkSync(precious(), join(folder, `${key}.render.gz`))
    const cache = openRenderCache(folder, { notice: refuse })
    expect(await cache.read(key)).toBeUndefined()
    await cache.store(key, 'kind: Pod\n')
    expect(await cache.read(key)).toBe('kind: Pod\n')
    symlinkSync(precious(), join(folder, 'shop.tgz'))
    await keep(join(folder, 'shop.tgz'))
    expect(await checkKept(join(folder, 'shop.tgz'))).toBe('whole')
  })
})
