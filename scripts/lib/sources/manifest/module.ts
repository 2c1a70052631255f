import { createHash } from 'node:crypto'
import type { Operator } from '../../model/chart/operator.ts'
import type { Manifest } from '../../model/manifest/manifest.ts'
import { escapeStrings } from '../../model/text/printable.ts'
import { renderTemplate } from '../../tools/files/template.ts'

/**
 * Counts the changes after which the search for values finds other ones for the same charts. A manifest that an earlier
 * search made is out of date.
 */
export const solverVersion = 4

/**
 * Returns the hash that identifies a manifest's input: the given text, the known operators, and the version of the
 * solver.
 */
export function hashInput(text: string, operators: readonly Operator[] = []): string {
  const known = operators.length === 0 ? '' : `operators ${JSON.stringify(operators)}\n`
  return checksumOf(`solver ${solverVersion}\n${known}${text}`)
}

/** Returns the checksum that stands above a module's literal. */
export function checksumOf(literal: string): string {
  return `sha256:${createHash('sha256').update(literal).digest('hex')}`
}

/**
 * Renders the manifest as a TypeScript module whose literal is JSON: sorted, with line breaks that give readable diffs.
 */
export function renderManifestModule(manifest: Manifest, source: string): Promise<string> {
  // Direction marks from charts are escaped, so that a reviewer sees the real text.
  const literal = escapeStrings(spread(manifest, 0), 'json')
  return renderTemplate('private-ecr-manifest.ts.hbs', {
    source,
    literal,
    checksum: checksumOf(literal),
  })
}

/** Maximum width of a line. */
const width = 190

/** Formats JSON with one entry per line if an object or list is too long for one line. */
function spread(value: unknown, depth: number): string {
  const line = compact(value)
  if (line.length <= width - 2 * depth || typeof value !== 'object' || value === null) return line
  const inner = '  '.repeat(depth + 1)
  const outer = '  '.repeat(depth)
  const parts = Array.isArray(value)
    ? value.map((item) => spread(item, depth + 1))
    : Object.entries(value)
        .filter(([, child]) => child !== undefined)
        .map(([key, child]) => `${JSON.stringify(key)}: ${spread(child, depth + 1)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${outer}${close}`
}

function compact(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(compact).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).filter(([, child]) => child !== undefined)
  if (fields.length === 0) return '{}'
  return `{ ${fields.map(([key, child]) => `${JSON.stringify(key)}: ${compact(child)}`).join(', ')} }`
}
