import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { refuseLinks } from '../../../../scripts/lib/tools/files/links.ts'
import { makeFolders } from '../../../../scripts/lib/tools/files/make.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

describe('makeFolders', () => {
  it('makes a folder with its parents, with their mode', async () => {
    const folder = join(makeTempFolder(), 'a', 'b')
    await makeFolders(folder, 0o700)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, '..')).mode & 0o777).toBe(0o700)
  })

  it('accepts a folder that is there', async () => {
    const folder = makeTempFolder()
    mkdirSync(join(folder, 'a'))
    await makeFolders(join(folder, 'a'), 0o755)
    await Promise.all([1, 2, 3].map(() => makeFolders(join(folder, 'b', 'c'), 0o755)))
    expect(existsSync(join(folder, 'b', 'c'))).toBe(true)
  })

  it.each(['a', 'a/b'])('fails where a file is in the way of %s', async (path) => {
    const folder = makeTempFolder()
    writeFileSync(join(folder, 'a'), '')
    await expect(makeFolders(join(folder, path), 0o755)).rejects.toMatchObject({
      problems: [{ kind: 'invalid-input', side: 'local' }],
    })
  })

  it.skipIf(!existsSync('/proc/self'))('ends where no folder can be made', async () => {
    await expect(makeFolders('/proc/self/x/y', 0o755)).rejects.toMatchObject({
      problems: [{ kind: 'invalid-input', side: 'local' }],
    })
  })
})

it('a path below a file has no links to refuse', async () => {
  const folder = makeTempFolder()
  writeFileSync(join(folder, 'a'), '')
  await refuseLinks(folder, join(folder, 'a', 'b', 'c'), join(folder, 'd', 'e'))
  await refuseLinks(join(folder, 'a'), join(folder, 'a', 'b'))
})
