import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readOptionalFile, readTextFile } from '../../../scripts/lib/sources/text-file.ts'
import { readValuesFiles } from '../../../scripts/lib/sources/values/values-file.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

function fileOf(content: Buffer | string): string {
  const file = join(makeTempFolder(), 'values.yaml')
  writeFileSync(file, content)
  return file
}

const bytes = (...parts: readonly (string | number)[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))),
  )

describe('a text file that is not UTF-8', () => {
  it.each<[string, Buffer, string]>([
    ['Latin-1 in the first line', bytes('name: caf', 0xe9, '\n'), '1:10'],
    ['after lines and characters of several bytes', bytes('a: 1\nü€: ', 0xff, 'x\n'), '2:5'],
    ['after a replacement character that is really there', bytes('a: \ufffd\nb: ', 0xc3), '2:4'],
    ['a surrogate', bytes('a: ', 0xed, 0xa0, 0x80), '1:4'],
    ['UTF-16', bytes(0xff, 0xfe, 'a', 0, ':', 0), '1:1'],
  ])('is refused with its place: %s', async (_, content, place) => {
    const file = fileOf(content)
    const problem = {
      kind: 'invalid-input',
      side: 'input',
      message: `${file}:${place}: the file is not UTF-8`,
    }
    expect(await readTextFile(file, { name: 'x' })).toMatchObject({ ok: false, problem })
    await expect(readOptionalFile(file)).rejects.toMatchObject({ problems: [problem] })
    expect(await readValuesFiles([file])).toMatchObject({ ok: false, problem })
  })
})

it('a text file keeps its byte order mark and every character', async () => {
  const text = '\ufeffa: \ufffd\u2028'
  expect(await readTextFile(fileOf(text), { name: 'x' })).toEqual({ ok: true, value: text })
})

it('a file that does not exist is nothing only where it may be missing', async () => {
  const file = join(makeTempFolder(), 'none')
  expect(await readOptionalFile(file)).toBeUndefined()
  expect(await readTextFile(file, { name: `list "${file}"`, next: 'check its path' })).toEqual({
    ok: false,
    problem: {
      kind: 'invalid-input',
      side: 'input',
      message: `list "${file}" cannot be read: it does not exist`,
      next: 'check its path',
    },
  })
})
