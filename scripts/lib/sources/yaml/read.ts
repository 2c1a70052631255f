import type { LineCounter, Node } from 'yaml'
import { failure, type Result, success } from '../../model/problem.ts'
import type { ValuesNode } from '../../model/values/values.ts'
import { listMessages } from '../located/faults.ts'
import { parseBounded, type TextFault } from './bounded.ts'
import { convertDocument } from './convert.ts'
import type { Dialect } from './dialect.ts'

/** A YAML or JSON text with its name, for locating errors. */
export interface SourceText {
  readonly file: string
  readonly text: string
}

/** A parsed text: its data as a checked tree, and positions. */
export interface YamlReading {
  readonly node: ValuesNode
  /** The syntax tree, for positions only. */
  readonly contents: Node | null
  /** `file:line:column` of an offset. */
  readonly at: (offset: number | undefined) => string
}

/**
 * Reads an untrusted YAML (or JSON) text: size, depth and aliases are bounded, and mappings have no prototype. Fails
 * with every error at once, each with `file:line:column`.
 */
export function readYaml({ file, text }: SourceText, dialect: Dialect): Result<YamlReading> {
  const { document, faults, lines } = parseBounded(text, dialect)
  if (document === undefined || faults.length > 0) return invalid(file, lines, faults)
  const { node, faults: found } = convertDocument(document, dialect)
  if (found.length > 0) return invalid(file, lines, found)
  return success({
    node,
    contents: document.contents,
    at: (offset) => formatPosition(file, lines, offset ?? 0),
  })
}

function invalid(file: string, lines: LineCounter, faults: readonly TextFault[]): Result<never> {
  const message = listMessages(
    faults.map(({ offset, message: words }) => `${formatPosition(file, lines, offset)}: ${words}`),
  )
  return failure({ kind: 'invalid-input', side: 'input', message })
}

function formatPosition(file: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset)
  return `${file}:${line}:${col}`
}
