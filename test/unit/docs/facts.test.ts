import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { loadManifest } from '../../../scripts/lib/sources/manifest/file.ts'
import { readHeadings } from '../support/texts/markdown-links.ts'
import { rooms } from '../../structure/table.ts'

// What pages state about the project, compared with the project.

const project = resolve(import.meta.dirname, '../../..')
const read = (file: string) => readFileSync(join(project, file), 'utf8')

/** Rows of a page's tables, as trimmed cells. */
function readRows(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

test('the README counts what the manifest has', async () => {
  const { images, charts } = await loadManifest()
  expect(read('README.md')).toContain(`${images.length} images and ${charts.length} charts`)
})

test('the README lists every command', () => {
  const rows = readRows(read('README.md')).map(([name = '']) => name)
  const commands = readdirSync(join(project, 'scripts'))
    .filter((name) => name.endsWith('.ts') && name !== 'demo.ts')
    .map((name) => `\`scripts/${name}\``)
  expect(commands.filter((name) => !rows.includes(name))).toEqual([])
})

test('the performance page has the budgets of the last benchmark', () => {
  const table = read('docs/bench/table.md')
  const measured = readRows(table.slice(table.indexOf('### Budgets')))
  const shown = readRows(read('docs/performance.md')).map((row) => row.join(' | '))
  expect(measured.length).toBeGreaterThan(10)
  const isRule = (row: readonly string[]) => row.every((cell) => /^:?-+:?$/.test(cell))
  const missing = measured.filter((row) => !isRule(row) && !shown.includes(row.join(' | ')))
  expect(missing).toEqual([])
})

test('the architecture page says what each dependency and each room is for', () => {
  const page = readRows(read('docs/architecture.md')).map(([name = '']) => name)
  const named = page.flatMap((cell) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  )
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >
  const inLibrary = rooms.map(({ path }) => path.replace(/^scripts\/lib\//, ''))
  const library = inLibrary.filter((path, index) => path !== rooms[index]?.path)
  // In the order of the table, from the ground up.
  expect(named.filter((name) => library.includes(name))).toEqual(library)
  const wanted = Object.keys({ ...dependencies, ...devDependencies })
  const isNamed = (name: string) =>
    named.includes(name) || (name.startsWith('@types/') && named.includes('@types/*'))
  expect(wanted.filter((name) => !isNamed(name))).toEqual([])
})

test('every message that is a heading of the troubleshooting page is in the code', () => {
  const page = read('docs/troubleshooting.md')
  const own = page.slice(0, page.indexOf('## Messages of AWS'))
  const files = readdirSync(join(project, 'scripts/lib'), { recursive: true, encoding: 'utf8' })
  const code = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(join('scripts/lib', file)))
    .join('\n')
  const messages = readHeadings(own).flatMap((heading) =>
    [...heading.matchAll(/`([^`]+)`/g)].map(([, message = '']) => message),
  )
  expect(messages.length).toBeGreaterThan(30)
  const partsOf = (message: string) =>
    message
      .split('…')
      .map((part) => part.replaceAll(/^[\s"':;,.]+|[\s"':;,.]+$/g, ''))
      .filter((part) => part.length > 3)
  const unknown = messages.filter(
    (message) => !partsOf(message).every((part) => code.includes(part)),
  )
  expect(unknown).toEqual([])
})
