import {
  chmodSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeFolder, placeFile, replaceFile } from '../../../../scripts/lib/tools/files/files.ts'
import { makePrivateFolder } from '../../../../scripts/lib/tools/files/private-folder.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const isRoot = process.getuid?.() === 0
const text = (file: string) => readFileSync(file, 'utf8')

/** A file that must stay as it is. */
function precious(): string {
  const file = join(makeTempFolder(), 'precious')
  writeFileSync(file, 'precious')
  return file
}

describe.each([
  ['replaceFile', (file: string) => replaceFile(file, 'new')],
  [
    'placeFile',
    (file: string) => {
      const source = join(makeTempFolder(), 'source')
      writeFileSync(source, 'new')
      return placeFile(source, file)
    },
  ],
])('%s', (_, write) => {
  it('writes a file into a folder that is made for it, and leaves nothing else there', async () => {
    const folder = join(makeTempFolder(), 'a', 'b')
    await write(join(folder, 'x'))
    await write(join(folder, 'x'))
    expect(readdirSync(folder)).toEqual(['x'])
    expect(text(join(folder, 'x'))).toBe('new')
  })

  it('follows a link that the user made, and keeps it', async () => {
    const file = precious()
    const folder = makeTempFolder()
    symlinkSync(file, join(folder, 'x'))
    await write(join(folder, 'x'))
    expect(readlinkSync(join(folder, 'x'))).toBe(file)
    expect(text(file)).toBe('new')
  })

  it('makes the file that a link points to', async () => {
    const folder = makeTempFolder()
    symlinkSync('sub/y', join(folder, 'x'))
    await write(join(folder, 'x'))
    expect(text(join(folder, 'sub/y'))).toBe('new')
  })

  it.each([
    ['the file', 'x', 'x'],
    ['a folder on the way', 'd', 'd/x'],
  ])('refuses a link in a folder that anyone can write to: %s', async (_name, link, path) => {
    const target = precious()
    const shared = makeTempFolder()
    chmodSync(shared, 0o1777)
    symlinkSync(path === 'x' ? target : join(target, '..'), join(shared, link))
    const outcome = write(join(shared, path))
    await expect(outcome).rejects.toThrow(
      `"${join(shared, link)}" is a link to "${readlinkSync(join(shared, link))}", and it is in a folder that anyone can write to`,
    )
    expect(text(target)).toBe('precious')
    expect(readdirSync(shared)).toEqual([link])
  })

  it.skipIf(!isRoot)('refuses a link of another user', async () => {
    const target = precious()
    const folder = makeTempFolder()
    symlinkSync(target, join(folder, 'x'))
    lchownSync(join(folder, 'x'), 65_534, 65_534)
    await expect(write(join(folder, 'x'))).rejects.toThrow('and it belongs to another user')
    expect(text(target)).toBe('precious')
  })

  it('refuses links in a circle', async () => {
    const folder = makeTempFolder()
    symlinkSync('y', join(folder, 'x'))
    symlinkSync('x', join(folder, 'y'))
    await expect(write(join(folder, 'x'))).rejects.toThrow('the path has too many links')
  })

  it('never writes through a link under a name that could be foreseen', async () => {
    const target = precious()
    const folder = makeTempFolder()
    const file = join(folder, 'x')
    for (const name of [`x.${process.pid}.new`, `x.${process.pid}.part`, 'x.new', 'x.tmp']) {
      symlinkSync(target, join(folder, name))
    }
    await write(file)
    expect(text(file)).toBe('new')
    expect(text(target)).toBe('precious')
  })

  it('leaves no draft when it fails', async () => {
    const folder = makeTempFolder()
    mkdirSync(join(folder, 'x'))
    await expect(write(join(folder, 'x'))).rejects.toThrow('is not a file')
    expect(readdirSync(folder)).toEqual(['x'])
  })

  it('may be done many times at once', async () => {
    const file = join(makeTempFolder(), 'x')
    await Promise.all(Array.from({ length: 20 }, () => write(file)))
    expect(text(file)).toBe('new')
    expect(readdirSync(join(file, '..'))).toEqual(['x'])
  })
})

describe('replaceFile', () => {
  it('gives a file the mode that is asked for', async () => {
    const file = join(makeTempFolder(), 'x')
    await replaceFile(file, 'a')
    await replaceFile(file, 'b', 0o600)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })
})

describe('makeFolder', () => {
  it('makes folders for their owner alone, and leaves one that is there as it is', async () => {
    const before = process.umask(0)
    onTestFinished(() => void process.umask(before))
    const parent = makeTempFolder()
    mkdirSync(join(parent, 'old'), { mode: 0o755 })
    await makeFolder(join(parent, 'old', 'new', 'deep'), '--out')
    const modes = ['old', 'old/new', 'old/new/deep'].map(
      (name) => statSync(join(parent, name)).mode & 0o777,
    )
    expect(modes).toEqual([0o755, 0o700, 0o700])
  })

  it('refuses a folder behind a link in a shared folder', async () => {
    const shared = makeTempFolder()
    chmodSync(shared, 0o1777)
    symlinkSync(makeTempFolder(), join(shared, 'out'))
    await expect(makeFolder(join(shared, 'out', 'a'), '--out')).rejects.toThrow('is a link to')
  })
})

describe('makePrivateFolder', () => {
  it('makes a folder for its owner alone, whatever the umask, and tightens one that is there', async () => {
    const before = process.umask(0)
    onTestFinished(() => void process.umask(before))
    const parent = makeTempFolder()
    mkdirSync(join(parent, 'old'), { mode: 0o777 })
    for (const name of ['new', 'old']) {
      const folder = await makePrivateFolder(join(parent, name))
      expect(statSync(folder).mode & 0o777).toBe(0o700)
    }
  })

  it.skipIf(!isRoot)('refuses a folder of another user', async () => {
    const folder = join(makeTempFolder(), 'theirs')
    mkdirSync(folder)
    lchownSync(folder, 65_534, 65_534)
    await expect(makePrivateFolder(folder)).rejects.toThrow('belongs to another user')
  })
})
