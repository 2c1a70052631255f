import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')

/** The sources of the entries and of the library, by their paths. */
function readSources(): [path: string, text: string][] {
  const library = readdirSync(join(root, 'scripts/lib'), { recursive: true, encoding: 'utf8' })
  const entries = readdirSync(join(root, 'scripts')).map((name) => `scripts/${name}`)
  return [...library.map((path) => `scripts/lib/${path}`), ...entries, 'bootstrap.ts']
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')])
}

const thatHave = (pattern: RegExp) =>
  readSources().flatMap(([path, text]) => (pattern.test(text) ? [path] : []))

describe('the library', () => {
  it('starts programs in one place', () => {
    const modules = /['"](?:node:cluster|(?:node:)?child_process|zx(?:\/[a-z]+)?)['"]/
    expect(thatHave(modules)).toEqual(['scripts/lib/tools/process/start.ts'])
  })

  it('reads the environment of its own process where a command starts, and for colors', () => {
    expect(thatHave(/process\.env\b/).toSorted()).toEqual([
      'scripts/lib/cli/main.ts',
      'scripts/lib/cli/terminal.ts',
      'scripts/lib/cli/working-folder.ts',
    ])
  })
})
