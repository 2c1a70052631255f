import { expect, it } from 'vitest'
import { readSentences } from '../../reference/sentences.ts'

it.each<[string, string, readonly string[]]>([
  ['a string', `say('could not read it')`, ['could not read it']],
  ['a template with what it inserts', 'say(`no file "${name}"`)', ['no file "${name}"']],
  ['words about what is inserted', 'say(`${count(a)} missing`)', ['${count(a)} missing']],
  [
    'literals that are joined, as one',
    `say('it failed, ' + \`so \${next}\`)`,
    ['it failed, so ${next}'],
  ],
  [
    'literals within what is inserted, also by themselves',
    "say(`it failed${why ? ' and it ended' : ''}`)",
    ["it failed${why ? ' and it ended' : ''}", ' and it ended'],
  ],
  ['each sentence of an expression that is no text', `a + ('one word' + b)`, ['one word']],
  [
    'no path of an import',
    `import a from './a b c.ts'\nexport * from './d e.ts'\nexport { b } from './f g.ts'\nawait import('./h i.ts')`,
    [],
  ],
  ['no type', `type A = 'one word' | \`two words\``, []],
  ['no pattern', `const a = /two words/`, []],
  ['no tagged template', 'const a = String.raw`two words \\n`', []],
  ['no single word, and no key', `const a = { 'x-y': 'word', b: 'a-b c' }.b`, []],
  ['nothing that is only inserted', 'say(`${a} ${b}`)', []],
])('lists %s', (_, text, expected) => {
  expect(readSentences('a.ts', text).map((one) => one.text)).toStrictEqual(expected)
})

it('gives the line of each, in the order of the file', () => {
  const text = `// A comment with words.\nsay('first of all')\n\nsay(\n  'then the second',\n)\n`
  expect(readSentences('a.ts', text)).toStrictEqual([
    { line: 2, text: 'first of all' },
    { line: 5, text: 'then the second' },
  ])
})

it('refuses what is not TypeScript', () => {
  expect(() => readSentences('a.ts', 'const = 1')).toThrow('a.ts: ')
})
