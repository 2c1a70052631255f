import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  checkManifestPlace,
  readListFile,
  readPreviousManifest,
} from '../../../scripts/lib/sources/manifest/generated.ts'
import { readOptionalFile, readTextFile } from '../../../scripts/lib/sources/text-file.ts'
import { writeScript } from '../support/run-script.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

// What a user names as an input is not always a file.

const isRoot = process.getuid?.() === 0
const read = (file: string) => readTextFile(file, { name: 'values file "v"', next: 'name another' })
const wait = (milliseconds: number) => new Promise((settle) => setTimeout(settle, milliseconds))

function makeFifo(): string {
  const file = join(makeTempFolder(), 'fifo')
  execFileSync('mkfifo', [file])
  return file
}

function makeFile(text = ''): string {
  const file = join(makeTempFolder(), 'file')
  writeFileSync(file, text)
  return file
}

describe('readTextFile', () => {
  it('takes a FIFO that nobody writes to for an empty text', async () => {
    expect(await read(makeFifo())).toEqual({ ok: true, value: '' })
  })

  it('waits for a writer who is slower, and reads all that comes', async () => {
    const file = makeFifo()
    const writer = openSync(file, 'r+')
    const reading = read(file)
    for (const piece of [
      Buffer.from('a: 1\nb: "'),
      Buffer.from([0xc3]),
      Buffer.from([0xbc, 0x22]),
    ]) {
      await wait(100)
      writeSync(writer, piece)
    }
    closeSync(writer)
    expect(await reading).toEqual({ ok: true, value: 'a: 1\nb: "ü"' })
  })

  it('reads what a shell gives it by <( )', () => {
    const script = writeScript(
      `import { readTextFile } from '@/sources/text-file.ts'\n` +
        `console.log(JSON.stringify(await readTextFile(process.argv[2] ?? '', { name: 'x' })))\n`,
    )
    const tsx = createRequire(import.meta.url).resolve('tsx')
    const command = '"$0" --import "$1" "$2" <(sleep 1; echo first; sleep 1; seq 100000; echo last)'
    const args = ['-c', command, process.execPath, tsx, script]
    const printed = execFileSync('bash', args, { encoding: 'utf8', maxBuffer: 10_000_000 })
    const { value } = JSON.parse(printed) as { readonly value: string }
    expect(value).toMatch(/^first\n1\n2\n/)
    expect(value).toMatch(/\n100000\nlast\n$/)
  })

  it.each<[string, () => string, string]>([
    ['a folder', () => makeTempFolder(), 'it is a folder'],
    ['nothing', () => join(makeTempFolder(), 'x'), 'it does not exist'],
    ['a path through a file', () => join(makeFile(), 'x'), 'part of its path is not a folder'],
    ['a name that is too long', () => `/${'x'.repeat(120_000)}`, 'ENAMETOOLONG'],
  ])('says that %s cannot be read', async (_, make, why) => {
    expect(await read(make())).toEqual({
      ok: false,
      problem: {
        kind: 'invalid-input',
        side: 'input',
        message: `values file "v" cannot be read: ${why}`,
        next: 'name another',
      },
    })
  })

  it.skipIf(isRoot)('says that a file with other permissions cannot be read', async () => {
    const file = makeFile()
    chmodSync(file, 0o000)
    expect(await read(file)).toMatchObject({
      problem: { message: 'values file "v" cannot be read: permission denied' },
    })
  })

  it.each([
    [64 * 1024 * 1024, true],
    [64 * 1024 * 1024 + 1, false],
  ])('a file of %i bytes is read: %s', async (length, isRead) => {
    const file = makeFile()
    truncateSync(file, length)
    const result = await read(file)
    if (result.ok) expect(result.value).toHaveLength(length)
    else {
      expect(result.problem).toMatchObject({
        kind: 'invalid-input',
        message: `${file}: the file is larger than 64 MiB`,
      })
    }
    expect(result.ok).toBe(isRead)
  })

  it('does not read a device that never ends', async () => {
    expect(await read('/dev/zero')).toMatchObject({
      ok: false,
      problem: { message: '/dev/zero: the file is larger than 64 MiB' },
    })
  })
})

describe('what cannot be read is a problem for each input', () => {
  it.each<[string, (file: string) => Promise<unknown>]>([
    ['that may be missing', readOptionalFile],
    ['as a manifest that is compared with', (file) => readPreviousManifest(file, () => {})],
    ['as the place of a manifest', checkManifestPlace],
    ['as a chart list', readListFile],
  ])('%s', async (_, readIt) => {
    await expect(readIt(makeTempFolder())).rejects.toMatchObject({
      problems: [
        {
          kind: 'invalid-input',
          side: 'input',
          message: expect.stringMatching(/cannot be read: it is a folder$/),
        },
      ],
    })
  })
})

describe('checkManifestPlace', () => {
  it.each([
    ['nothing', undefined],
    ['an empty file', ''],
    ['blank lines', ' \n\n'],
    ['a module that was damaged', '<<<<<<< ours\nexport default defineManifest({\n=======\n'],
  ])('takes %s', async (_, text) => {
    const file = text === undefined ? join(makeTempFolder(), 'new.ts') : makeFile(text)
    await expect(checkManifestPlace(file)).resolves.toBeUndefined()
  })

  it.each([
    ['a chart list', 'charts:\n  - name: a\n'],
    ['another module', 'export const manifest = {}\n'],
    ['data', '{"images": []}'],
    ['prose', '# Read me\n'],
  ])('refuses %s', async (_, text) => {
    await expect(checkManifestPlace(makeFile(text))).rejects.toMatchObject({
      problems: [
        {
          kind: 'invalid-input',
          message: expect.stringMatching(/was not replaced, because it is not a manifest module$/),
          next: 'specify a file that ends in .ts with --manifest, or remove this one',
        },
      ],
    })
  })

  it('refuses a folder', async () => {
    const folder = join(makeTempFolder(), 'x')
    mkdirSync(folder)
    await expect(checkManifestPlace(folder)).rejects.toThrow('it is a folder')
  })
})
