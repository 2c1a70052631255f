import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type RenderedDocument,
  splitDocuments,
} from '../../../../scripts/lib/charts/render/documents.ts'
import { findMisread } from '../../../../scripts/lib/charts/render/reading.ts'
import type { Run } from '../../../../scripts/lib/tools/process/exec.ts'
import { makeDocument } from '../../support/charts.ts'
import { surroundingsOf } from '../../support/surroundings.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

/** Documents as helm would find them in the chart that it is given: those of all files, put together. */
function textsIn(chart: string): string[] {
  const names = readdirSync(chart).filter((name) => name.startsWith('documents-'))
  const files = names.map((_, number) => readFileSync(join(chart, `documents-${number}.json`)))
  for (const file of files) {
    expect(file.length).toBeLessThan(5 * 1024 * 1024)
    // helm takes it away.
    expect(file.subarray(0, 3).toString('hex')).not.toBe('efbbbf')
  }
  expect(JSON.parse(readFileSync(join(chart, 'values.yaml'), 'utf8'))).toEqual({
    files: files.length,
  })
  return JSON.parse(Buffer.concat(files).toString()) as string[]
}

/** A helm that says what it has read of each document. */
function helmThatReads(read: (text: string, index: number) => string | undefined) {
  const given: string[] = []
  const run: Run = (command, { deadline }) => {
    expect(command.args[0]).toBe('template')
    expect(deadline).toBe(60_000)
    const texts = textsIn(command.args.at(-1) ?? '')
    given.push(...texts)
    const lines = texts.flatMap((text, index) => {
      const json = read(text, index)
      return json === undefined
        ? []
        : [`document${index}: ${Buffer.from(json).toString('base64')}\n`]
    })
    const stdout = `---\n# Source: reading/templates/read.yaml\n${lines.join('')}`
    return Promise.resolve({ command, ending: 'exited', ok: true, exitCode: 0, stdout, stderr: '' })
  }
  return { run, given }
}

async function misreadBy(run: Run, documents: readonly RenderedDocument[]) {
  const workFolder = join(makeTempFolder(), 'work')
  const { signal } = new AbortController()
  const surroundings = surroundingsOf({})
  const doors = { run, helm: 'helm', surroundings, signal, workFolder }
  const result = await findMisread(documents, doors)
  return { result, left: documents.length === 0 ? [] : readdirSync(workFolder) }
}

const config = (data: string) => makeDocument(`kind: ConfigMap\ndata: ${data}`)
const asked = splitDocuments(config('{ a: 1, b: [v, w], c: null }'))

describe('findMisread', () => {
  it.each<[string, string | undefined, number[]]>([
    ['the same', '{"kind":"ConfigMap","data":{"a":1,"b":["v","w"],"c":null}}', []],
    [
      'the same in another order of keys',
      '{"data":{"c":null,"b":["v","w"],"a":1},"kind":"ConfigMap"}',
      [],
    ],
    ['another value', '{"kind":"ConfigMap","data":{"a":2,"b":["v","w"],"c":null}}', [0]],
    ['another type', '{"kind":"ConfigMap","data":{"a":"1","b":["v","w"],"c":null}}', [0]],
    ['another order of items', '{"kind":"ConfigMap","data":{"a":1,"b":["w","v"],"c":null}}', [0]],
    ['an item more', '{"kind":"ConfigMap","data":{"a":1,"b":["v","w","z"],"c":null}}', [0]],
    ['a key more', '{"kind":"ConfigMap","data":{"a":1,"b":["v","w"],"c":null,"d":1}}', [0]],
    ['a key less', '{"kind":"ConfigMap","data":{"a":1,"b":["v","w"]}}', [0]],
    ['another key', '{"kind":"ConfigMap","data":{"a":1,"b":["v","w"],"d":null}}', [0]],
    ['a mapping for nothing', '{"kind":"ConfigMap","data":{"a":1,"b":["v","w"],"c":{}}}', [0]],
    ['a list for a mapping', '{"kind":"ConfigMap","data":[]}', [0]],
    ['an error', '{"Error":"error converting YAML to JSON"}', [0]],
    ['what is no JSON', '{"kind":', [0]],
    ['nothing', undefined, [0]],
  ])('says which documents differ, where helm reads %s', async (_, json, expected) => {
    const { run } = helmThatReads(() => json)
    const { result, left } = await misreadBy(run, asked)
    expect(result).toEqual({ ok: true, value: new Set(expected) })
    expect(left).toEqual([])
  })

  it('counts among all documents, of which those without content are not asked for', async () => {
    const documents = splitDocuments(
      config('{ a: 1 }') +
        makeDocument('kind: Pod\na: *nowhere') +
        config('{ a: 2 }') +
        config('{ a: 3 }'),
    )
    const { run, given } = helmThatReads((text, index) =>
      JSON.stringify({ kind: 'ConfigMap', data: { a: index === 1 ? 0 : Number(text.at(-4)) } }),
    )
    const { result } = await misreadBy(run, documents)
    expect(given).toEqual([1, 2, 3].map((number) => `kind: ConfigMap\ndata: { a: ${number} }\n`))
    expect(result).toEqual({ ok: true, value: new Set([2]) })
  })

  it('gives helm every character of long documents, in files that it takes', async () => {
    const texts = ['\u{1F600}', 'x\u{1F600}', '"\\', '\u0001', 'é', '\ufeff'].map(
      (unit) => `kind: ConfigMap\ndata: { a: 1 }\n# ${unit.repeat(1_000_000)}.`,
    )
    const documents = splitDocuments(texts.map((text) => makeDocument(text)).join(''))
    const { run, given } = helmThatReads(() => '{"kind":"ConfigMap","data":{"a":1}}')
    const { result } = await misreadBy(run, documents)
    expect(given.map((text, index) => text === `${texts[index]}\n`)).toEqual(texts.map(() => true))
    expect(result).toEqual({ ok: true, value: new Set() })
  })

  it('asks nothing of helm where there is nothing to read', async () => {
    const refuse: Run = () => expect.unreachable()
    const unread = splitDocuments(makeDocument('kind: Pod\na: *nowhere'))
    const doors = {
      run: refuse,
      helm: 'helm',
      surroundings: surroundingsOf({}),
      signal: new AbortController().signal,
      workFolder: '/nowhere',
    }
    for (const documents of [[], unread]) {
      expect(await findMisread(documents, doors)).toEqual({ ok: true, value: new Set() })
    }
  })

  it('fails where helm fails, and leaves nothing behind', async () => {
    const run: Run = (command) =>
      Promise.resolve({
        command,
        ending: 'deadline',
        ok: false,
        exitCode: null,
        stdout: '',
        stderr: '',
      })
    const { result, left } = await misreadBy(run, asked)
    expect(result).toMatchObject({ ok: false, problem: { kind: 'timeout' } })
    expect(left).toEqual([])
  })
})
