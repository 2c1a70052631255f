import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readAnchors, readLinks } from '../support/texts/markdown-links.ts'

const project = resolve(import.meta.dirname, '../../..')

const pages = [
  'README.md',
  ...readdirSync(join(project, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

const read = (file: string) => readFileSync(join(project, file), 'utf8')

/** Returns what is wrong with the relative links of a page. */
function findBrokenLinks(page: string): string[] {
  return readLinks(read(page)).flatMap(({ target, line }) => {
    if (/^(?:https?|mailto):/.test(target)) return []
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : relative(project, resolve(project, dirname(page), path))
    const where = `${page}:${line}: ${target}`
    if (file.startsWith('..')) return [`${where} is outside the project`]
    if (!existsSync(join(project, file))) return [`${where}: no such file`]
    if (anchor === undefined || (file.endsWith('.md') && readAnchors(read(file)).has(anchor)))
      return []
    return [`${where}: no such heading`]
  })
}

test.for(pages)('%s links to files and headings that exist', (page) => {
  expect(findBrokenLinks(page)).toEqual([])
})

test('every page of docs can be reached from the README', () => {
  const linked = new Set(readLinks(read('README.md')).map(({ target }) => target.split('#')[0]))
  const own = pages.filter((page) => page.startsWith('docs/') && dirname(page) === 'docs')
  expect(own.filter((page) => !linked.has(page))).toEqual([])
})

test('the README has at most 150 lines', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150)
})

describe('the links of a text', () => {
  test.for([
    ['[a](b.md#c)', ['b.md#c']],
    ['![a](b.svg) and [c](<d.md> "title")', ['b.svg', 'd.md']],
    ['[a]: b.md', ['b.md']],
    ['`[a](b.md)` and ``[`c`](d.md)``', []],
    ['```sh\n[a](b.md)\n```', []],
    ['<a href="b.md">c</a>', ['b.md']],
  ] as const)('%j are %j', ([text, targets]) => {
    expect(readLinks(text).map(({ target }) => target)).toEqual(targets)
  })
})

describe('the anchor of a heading', () => {
  test.for([
    ['# Where things go', ['where-things-go']],
    ['## `--prefix` and [links](x.md)!', ['--prefix-and-links']],
    ['# A\n# A', ['a', 'a-1']],
    ['```\n# no heading\n```', []],
    ['###not a heading', []],
  ] as const)('of %j is %j', ([text, anchors]) => {
    expect([...readAnchors(text)]).toEqual(anchors)
  })
})
