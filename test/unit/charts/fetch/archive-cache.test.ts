import {
  lchownSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkKept, keepArchive } from '../../../../scripts/lib/charts/fetch/archive-cache.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

/** An archive that was fetched and is kept. */
async function kept(): Promise<string> {
  const folder = makeTempFolder()
  const fetched = join(folder, 'fetched.tgz')
  writeFileSync(fetched, 'archive')
  const file = join(folder, 'charts/shop/shop-1.0.0.tgz')
  await keepArchive(fetched, file)
  return file
}

describe('a kept archive', () => {
  it('is whole as it was fetched, in a folder for its owner alone', async () => {
    const file = await kept()
    expect(await checkKept(file)).toBe('whole')
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700)
  })

  it('is absent before it was fetched', async () => {
    expect(await checkKept(join(makeTempFolder(), 'shop.tgz'))).toBe('absent')
  })

  it.each<[string, (file: string) => void]>([
    ['holds something else', (file) => writeFileSync(file, 'archiv3')],
    ['has no record', (file) => rmSync(`${file}.sha256`)],
    ['has another record', (file) => writeFileSync(`${file}.sha256`, '0'.repeat(64))],
    [
      'is a link',
      (file) => {
        renameSync(file, `${file}.moved`)
        symlinkSync(`${file}.moved`, file)
      },
    ],
    [
      'is a folder',
      (file) => {
        rmSync(file)
        mkdirSync(file)
      },
    ],
  ])('counts as changed when it %s', async (_, change) => {
    const file = await kept()
    change(file)
    expect(await checkKept(file)).toBe('changed')
  })

  it.skipIf(process.getuid?.() !== 0)('counts as changed when it is of another user', async () => {
    const file = await kept()
    lchownSync(file, 65_534, 65_534)
    expect(await checkKept(file)).toBe('changed')
  })
})
