import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findMissing, readCommands } from '../../e2e/support/docs/commands.ts'
import { readPage } from '../support/texts/markdown-blocks.ts'

const project = resolve(import.meta.dirname, '../../..')
const pages = [
  'README.md',
  ...readdirSync(join(project, 'docs'))
    // The command reference is generated; its examples are those of --help.
    .filter((name) => name.endsWith('.md') && name !== 'commands.md')
    .map((name) => `docs/${name}`),
]

/** Commands under another name would not be run. */
const languages = new Set(['sh', 'console', 'yaml', 'json', 'mermaid', 'text'])
const notes = new Set(['not run', 'exit code', 'file'])

test.for(pages)(
  'the blocks of %s are of known languages, and what is not run has a reason',
  (page) => {
    const { blocks } = readPage(readFileSync(join(project, page), 'utf8'))
    for (const block of blocks) {
      const where = `${page}:${block.line}`
      expect(languages, where).toContain(block.language)
      for (const [key, value] of block.notes) {
        expect(notes, where).toContain(key)
        expect(value, where).not.toBe('')
      }
    }
  },
)

describe('the blocks of a page', () => {
  const read = (text: string) =>
    readPage(text).blocks.map(({ language, text: content, line, notes: all }) => [
      language,
      content,
      line,
      Object.fromEntries(all),
    ])

  test.for([
    ['```sh\na\n```', [['sh', 'a', 1, {}]]],
    ['- x\n\n  ```sh\n  a\n    b\n  ```', [['sh', 'a\n  b', 3, {}]]],
    ['~~~~yaml title\n~~~\n~~~~', [['yaml', '~~~', 1, {}]]],
    ['````\n```sh\n````\n', [['', '```sh', 1, {}]]],
    ['<!-- not run: why -->\n\n```sh\na\n```', [['sh', 'a', 3, { 'not run': 'why' }]]],
    ['<!-- not run: why -->\n\ntext\n\n```sh\na\n```', [['sh', 'a', 5, {}]]],
    [
      '<!-- file: a.yaml -->\n<!-- exit code: 1 -->\n```sh\n```',
      [['sh', '', 3, { file: 'a.yaml', 'exit code': '1' }]],
    ],
    ['`` ```sh `` inline', []],
  ] as const)('%j are %j', ([text, blocks]) => {
    expect(read(text)).toEqual(blocks)
  })

  test('have to be closed', () => {
    expect(() => readPage('text\n```sh\na')).toThrow('line 2 is not closed')
  })
})

describe('the commands of a block', () => {
  const block = (language: string, text: string) => ({ language, text, line: 1, notes: new Map() })

  test.for([
    ['sh', 'a\nb', [['a\nb', []]]],
    [
      'console',
      '$ a\nx\ny\n$ b',
      [
        ['a', ['x', 'y']],
        ['b', []],
      ],
    ],
    ['console', '$ a \\\n    --b\nx', [['a \\\n    --b', ['x']]]],
  ] as const)('of %s %j are %j', ([language, text, commands]) => {
    const found = readCommands(block(language, text))
    expect(found.map(({ text: command, shown }) => [command, shown])).toEqual(commands)
  })

  test('stand above their output', () => {
    expect(() => readCommands(block('console', 'x\n$ a'))).toThrow('no command above "x"')
  })
})

describe('shown output', () => {
  const printed = 'first   line\nDone in 20.6 s.\n[1/66] copied a:v1.2.3 (10 blobs, 0.9 s)\n'

  test.for([
    [['first line'], []],
    [['Done in 1.7 s.'], []],
    [['…', '[2/66] copied a:v1.3.0 (8 blobs, 1 s)'], []],
    [['[1/66] … (10 blobs, …)'], []],
    [['first'], ['first']],
    [['Done …', 'Done … min.'], ['Done … min.']],
    [['…line…line'], ['…line…line']],
    [['third line'], ['third line']],
  ] as const)('%j lacks %j', ([shown, missing]) => {
    expect(findMissing(shown, printed)).toEqual(missing)
  })
})
