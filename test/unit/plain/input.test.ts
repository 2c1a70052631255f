import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { ProblemError, unwrap } from '../../../scripts/lib/model/problem.ts'
import { findPlainInput } from '../../../scripts/lib/plain/input.ts'
import { readPlainInput } from '../../../scripts/lib/plain/read.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

const { signal } = new AbortController()

function write(files: Readonly<Record<string, string>>): string {
  const folder = join(makeTempFolder(), 'all')
  mkdirSync(folder)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

/** Returns what a word of the command line names, and how messages and problems name it. */
async function find(word: string) {
  try {
    const found = await findPlainInput(word)
    return found.ok ? (found.value?.kind ?? 'a chart') : found.problem.message
  } catch (error) {
    if (error instanceof ProblemError) return error.message
    throw error
  }
}

describe('a word of the command line names', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, string]>([
    ['a folder', { 'a.yaml': '' }, 'folder'],
    ['a folder', { 'deploy/a.yml': '', 'README.md': '' }, 'folder'],
    ['a chart', { 'Chart.yaml': '', 'a.yaml': '' }, 'a chart'],
    ['a chart', { 'templates/a.yaml': '' }, 'a chart'],
    ['a chart', { 'values.yaml': '' }, 'a chart'],
    ['a chart', { 'README.md': '' }, 'a chart'],
    ['a chart', { '.git/a.yaml': '' }, 'a chart'],
  ])('%s: %j', async (_, files, expected) => {
    expect(await find(write(files))).toBe(expected)
  })

  it.each([
    ['-', 'stdin'],
    ['oci://quay.io/example/app', 'a chart'],
    ['https://example.com/a.yaml', 'a chart'],
    ['missing.yaml', 'a chart'],
  ])('%s: %s', async (word, expected) => {
    expect(await find(word)).toBe(expected)
  })

  it.each([
    ['a.yaml', 'file'],
    ['a.YML', 'file'],
    ['a.json', 'file'],
    ['a.tgz', 'a chart'],
  ])('a file %s: %s', async (name, expected) => {
    expect(await find(join(write({ [name]: '' }), name))).toBe(expected)
  })

  it.each(['kustomization.yaml', 'base/kustomization.yml', 'base/Kustomization'])(
    'no folder that kustomize builds, with %s',
    async (name) => {
      const folder = write({ 'a.yaml': '', [name]: '' })
      const found = await findPlainInput(folder)
      expect(found.ok ? '' : found.problem.message).toContain(`contains "all/${name}"`)
      expect(found.ok ? '' : found.problem.next).toContain(`kustomize build ${folder} | npx tsx`)
    },
  )
})

describe('a folder is refused', () => {
  it.each<readonly [string, (folder: string) => void, string]>([
    [
      'with a link out of it',
      (folder) => symlinkSync('/etc/hosts', join(folder, 'b.yaml')),
      '"all/b.yaml" is a link that leads out of the folder',
    ],
    [
      'with a link to nothing',
      (folder) => symlinkSync('none', join(folder, 'b.yaml')),
      '"all/b.yaml" is a link to nothing',
    ],
    [
      'with a link to a folder',
      (folder) => symlinkSync('sub', join(folder, 'b.yaml')),
      '"all/b.yaml" is a link to a folder',
    ],
    [
      'with a link to a folder under any name',
      (folder) => symlinkSync('sub', join(folder, 'more')),
      '"all/more" is a link to a folder',
    ],
    [
      'with a line break in a name',
      (folder) => writeFileSync(join(folder, 'a\n---\nb.yaml'), ''),
      'the name of a file has characters that are not printable',
    ],
    [
      'that is deep',
      (folder) => mkdirSync(join(folder, 'a/'.repeat(40)), { recursive: true }),
      'its folders are nested more than 32 levels deep',
    ],
  ])('%s', async (_, change, expected) => {
    const folder = write({ 'a.yaml': '', 'sub/c.yaml': '' })
    change(folder)
    expect(await find(folder)).toContain(expected)
  })
})

describe('manifests are read', () => {
  const read = async (word: string, stdin: Readable & { isTTY?: boolean } = Readable.from([])) => {
    const input = unwrap(await findPlainInput(word))
    if (input === undefined) throw new Error('a chart')
    const text = await readPlainInput(input, stdin, signal)
    return text.ok ? text.value : text.problem.message
  }

  it('file by file, each with its name, and links within the folder as files', async () => {
    const folder = write({ 'b.yaml': '\uFEFFkind: B', 'a/a.yaml': '---\nkind: A\n', 'c.txt': 'no' })
    symlinkSync('../b.yaml', join(folder, 'a/z.yml'))
    expect(await read(folder)).toBe(
      '---\n# Source: all/a/a.yaml\n---\nkind: A\n---\n# Source: all/a/z.yml\nkind: B\n---\n# Source: all/b.yaml\nkind: B\n',
    )
  })

  it.each<readonly [string, readonly Buffer[], string]>([
    ['in pieces', [Buffer.from([0x61, 0xc3]), Buffer.from([0xa9])], 'aé'],
    ['not as other text than UTF-8', [Buffer.from([0xff, 0xfe])], 'stdin is not UTF-8'],
    [
      'not with a control character',
      [Buffer.from('a: \u001b[31m')],
      '"stdin" contains control characters, which YAML does not allow',
    ],
    [
      'not without end',
      Array.from({ length: 65 }, () => Buffer.alloc(1024 * 1024, ' ')),
      'the manifests are larger than 64 MiB',
    ],
  ])('from stdin: %s', async (_, pieces, expected) => {
    expect(await read('-', Readable.from(pieces))).toBe(expected)
  })

  it('not from a terminal', async () => {
    const terminal = Object.assign(Readable.from([]), { isTTY: true })
    expect(await read('-', terminal)).toBe('"-" reads manifests from stdin, which is a terminal')
  })

  it('not from files that are too large together', async () => {
    const folder = write({ 'a.yaml': '', 'b.yaml': '' })
    for (const name of ['a.yaml', 'b.yaml']) truncateSync(join(folder, name), 40 * 1024 * 1024)
    expect(await read(folder)).toBe('the manifests are larger than 64 MiB')
  })

  it('until the command is interrupted', async () => {
    const controller = new AbortController()
    const endless = new Readable({ read: () => controller.abort() })
    const input = { kind: 'stdin', name: 'stdin' } as const
    await expect(readPlainInput(input, endless, controller.signal)).rejects.toThrow('interrupted')
  })
})
