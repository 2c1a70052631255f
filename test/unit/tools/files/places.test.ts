import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFolder, placeFile, replaceFile } from '../../../../scripts/lib/tools/files/files.ts'
import { makePrivateFolder } from '../../../../scripts/lib/tools/files/private-folder.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

// Places of outputs at which there is something that is no file, or under which nothing can be.

const kinds: [string, (path: string) => unknown][] = [
  ['a folder', (path) => mkdirSync(path)],
  ['a FIFO', (path) => execFileSync('mkfifo', [path])],
]

const kindOf = (path: string) => lstatSync(path).mode & 0o170000

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
  it.each(kinds)('refuses to replace %s', async (_kind, make) => {
    const folder = makeTempFolder()
    const file = join(folder, 'x')
    make(file)
    const before = kindOf(file)
    await expect(write(file)).rejects.toMatchObject({
      problems: [
        {
          kind: 'invalid-input',
          side: 'input',
          message: `"${file}" is not a file`,
          next: 'choose another place, or remove the existing entry',
        },
      ],
    })
    expect(kindOf(file)).toBe(before)
    expect(readdirSync(folder)).toEqual(['x'])
  })

  it.each(kinds)('refuses to replace %s behind a link', async (_kind, make) => {
    const folder = makeTempFolder()
    const target = join(folder, 'target')
    make(target)
    const before = kindOf(target)
    symlinkSync(target, join(folder, 'x'))
    await expect(write(join(folder, 'x'))).rejects.toThrow('is not a file')
    expect(kindOf(target)).toBe(before)
    expect(readdirSync(folder).toSorted()).toEqual(['target', 'x'])
  })
})

/** Paths that the file system refuses. */
const impossible: [string, (folder: string) => string, RegExp][] = [
  ['below a file', (folder) => join(folder, 'file', 'x'), /ENOTDIR/],
  ['far below a file', (folder) => join(folder, 'file', 'a', 'b', 'x'), /ENOTDIR/],
  ['with a name that is too long', (folder) => join(folder, 'x'.repeat(120_000)), /ENAMETOOLONG/],
  ['at a device that takes nothing', () => '/dev/null/x', /ENOTDIR/],
]

describe('a path that cannot be written is a problem of this machine, with a next step', () => {
  it.each<[string, (path: string) => Promise<unknown>]>([
    ['replaceFile', (path) => replaceFile(path, 'new')],
    [
      'placeFile',
      (path) => {
        const source = join(makeTempFolder(), 'source')
        writeFileSync(source, 'new')
        return placeFile(source, path)
      },
    ],
    ['makeFolder', (path) => makeFolder(path, '--out')],
    ['makePrivateFolder', (path) => makePrivateFolder(path)],
  ])('to %s', async (_, write) => {
    for (const [, pathIn, words] of impossible) {
      const folder = makeTempFolder()
      writeFileSync(join(folder, 'file'), '')
      const failed: unknown = await Promise.resolve(pathIn(folder))
        .then(write)
        .catch((error: unknown) => error)
      expect(failed).toMatchObject({
        problems: [{ kind: 'invalid-input', side: 'local', message: expect.stringMatching(words) }],
      })
      expect(failed).toHaveProperty('problems.0.next', expect.stringMatching(/another place/))
      expect(readdirSync(folder)).toEqual(['file'])
    }
  })
})
