import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** A pattern as it is written in a source file. */
export interface PatternLiteral {
  readonly file: string
  readonly source: string
  readonly flags: string
}

/** All patterns that are written in the TypeScript files of a folder, each once. */
export function patternsIn(folder: string): PatternLiteral[] {
  const found = new Map<string, PatternLiteral>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue
    const path = join(entry.parentPath, entry.name)
    for (const { source, flags } of literalsOf(readFileSync(path, 'utf8'))) {
      const key = `/${source}/${flags}`
      if (!found.has(key)) found.set(key, { file: relative(folder, path), source, flags })
    }
  }
  return [...found.values()]
}

/** What a source consists of as far as patterns matter: comments and texts are passed over. */
const parts =
  /\/\/.*|\/\*[^]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|(?<pattern>(?<=(?:^|[=(,:!&|?[{};>]|\breturn|\byield|=>)\s*)\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[dgimsuvy]*)/g

function literalsOf(code: string): Pick<PatternLiteral, 'source' | 'flags'>[] {
  return [...code.matchAll(parts)].flatMap(({ groups }) => {
    const text = groups?.['pattern']
    if (text === undefined) return []
    const end = text.lastIndexOf('/')
    const literal = { source: text.slice(1, end), flags: text.slice(end + 1) }
    return isPattern(literal) ? [literal] : []
  })
}

/** False for slashes in a template's text, which look like a pattern from afar. */
function isPattern({ source, flags }: Pick<PatternLiteral, 'source' | 'flags'>): boolean {
  try {
    return new RegExp(source, flags).source === source
  } catch {
    return false
  }
}
