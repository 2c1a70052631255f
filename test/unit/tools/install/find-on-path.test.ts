import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findOnPath } from '../../../../scripts/lib/tools/install/cache.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

/** A folder with a program in it. */
function folderWith(name: string, mode = 0o755): string {
  const folder = makeTempFolder()
  writeFileSync(join(folder, name), '#!/bin/sh\n')
  chmodSync(join(folder, name), mode)
  return folder
}

const find = (...folders: readonly string[]) =>
  findOnPath('tool', { PATH: folders.join(delimiter) })

describe('findOnPath', () => {
  it('finds the first program of that name', async () => {
    const [first, second] = [folderWith('tool'), folderWith('tool')]
    expect(await find(folderWith('other'), first, second)).toBe(join(first, 'tool'))
  })

  it.each<[string, (folder: string) => string]>([
    ['relative', (folder) => relative(process.cwd(), folder)],
    ['relative by a dot', (folder) => `./${relative(process.cwd(), folder)}`],
    ['empty', () => ''],
    ['the dot', () => '.'],
    ['relative by the home', () => '~/bin'],
  ])('skips an entry that is %s', async (_, spell) => {
    const hostile = folderWith('tool')
    const good = folderWith('tool')
    expect(await find(spell(hostile))).toBeUndefined()
    expect(await find(spell(hostile), good)).toBe(join(good, 'tool'))
  })

  it('skips what cannot be executed, and folders', async () => {
    const folder = makeTempFolder()
    mkdirSync(join(folder, 'tool'))
    expect(await find(folderWith('tool', 0o644), folder)).toBeUndefined()
    expect(await findOnPath('tool', {})).toBeUndefined()
  })
})
