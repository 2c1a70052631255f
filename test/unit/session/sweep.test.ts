import {
  chmodSync,
  existsSync,
  lchownSync,
  readdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chooseExpired, renderLimits, sweepRenders } from '../../../scripts/lib/session/sweep.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

const day = 24 * 60 * 60_000
const now = 1_000 * day
const limits = { bytes: 100, age: 30 * day }
const entry = (name: string, bytes: number, daysAgo: number) => ({
  name,
  bytes,
  usedAt: now - daysAgo * day,
})

describe('chooseExpired', () => {
  it.each([
    ['nothing of a small cache', [entry('a', 50, 0), entry('b', 50, 29)], []],
    ['what was not used for 30 days', [entry('a', 1, 31), entry('b', 1, 29)], ['a']],
    [
      'the least recently used of too much',
      [entry('a', 60, 3), entry('b', 30, 1), entry('c', 60, 2)],
      ['a'],
    ],
    ['one that is too large by itself', [entry('a', 101, 0), entry('b', 99, 1)], ['a']],
  ])('chooses %s', (_, entries, expected) => {
    expect(chooseExpired(entries, now, limits)).toEqual(expected)
  })

  it('keeps 512 MiB for 30 days', () => {
    expect(renderLimits).toEqual({ bytes: 536_870_912, age: 2_592_000_000 })
  })
})

const render = (letter: string) => `${letter.repeat(64)}.render.gz`

function folderWith(files: Readonly<Record<string, number>>): string {
  const folder = makeTempFolder()
  for (const [name, daysAgo] of Object.entries(files)) {
    writeFileSync(join(folder, name), 'x'.repeat(40))
    const time = new Date(now - daysAgo * day)
    utimesSync(join(folder, name), time, time)
  }
  return folder
}

const namesIn = (folder: string) => readdirSync(folder).toSorted()

describe('sweepRenders', () => {
  it('removes what is old or too much, what is left behind, and what earlier versions kept', async () => {
    const folder = folderWith({
      [render('a')]: 31,
      [render('b')]: 3,
      [render('c')]: 2,
      [render('d')]: 1,
      [`${'e'.repeat(64)}.gz`]: 0,
      '.ecr-airlift-0123456789ab.new': 1,
      '.ecr-airlift-ba9876543210.new': 0,
      'notes of the user': 99,
    })
    await sweepRenders(folder, { hasNew: true, now, limits })
    expect(namesIn(folder)).toEqual([
      '.ecr-airlift-ba9876543210.new',
      render('c'),
      render('d'),
      'notes of the user',
      'swept',
    ])
  })

  it('closes the folder and its entries to other users', async () => {
    const folder = folderWith({ [render('a')]: 0 })
    chmodSync(folder, 0o755)
    chmodSync(join(folder, render('a')), 0o644)
    await sweepRenders(folder, { hasNew: true, now })
    const modes = [folder, join(folder, render('a'))].map((path) => statSync(path).mode & 0o777)
    expect(modes).toEqual([0o700, 0o600])
  })

  it('looks at nothing twice a day, unless something was added', async () => {
    const folder = folderWith({ [render('a')]: 31, swept: 0.5 })
    await sweepRenders(folder, { hasNew: false, now })
    expect(namesIn(folder)).toEqual([render('a'), 'swept'])
    await sweepRenders(folder, { hasNew: false, now: now + day })
    expect(namesIn(folder)).toEqual(['swept'])
  })

  it('does not fail where there is no folder', async () => {
    const folder = join(makeTempFolder(), 'nowhere')
    await sweepRenders(folder, { hasNew: true })
    expect(existsSync(folder)).toBe(false)
  })

  it.skipIf(process.getuid?.() !== 0)('leaves the folder of another user alone', async () => {
    const folder = folderWith({ [render('a')]: 31 })
    lchownSync(folder, 65_534, 65_534)
    await sweepRenders(folder, { hasNew: true, now })
    expect(namesIn(folder)).toEqual([render('a')])
  })
})
