import { LineCounter, parseDocument } from 'yaml'
import { failure, type Result, success } from '../model/problem.ts'
import type { ValuesNode } from '../model/values.ts'
import type { SourceText } from './yaml-source.ts'

/** One text, read twice: with YAML's types, and with every scalar as it is written. */
export interface TemplatedYaml {
  readonly typed: ValuesNode
  readonly verbatim: unknown
}

/**
 * Reads YAML in which go templates may stand: lines that are nothing but a template are left out, and a value that is
 * one is read as its text. Lines stay where they are, so that errors have the file's own `file:line:column`.
 */
export function readTemplatedYaml({ file, text }: SourceText): Result<TemplatedYaml> {
  const plain = text.split('\n').map(quoteTemplate).join('\n')
  const lines = new LineCounter()
  const options = { lineCounter: lines, prettyErrors: false, merge: true } as const
  const typed = parseDocument(plain, options)
  if (typed.errors.length > 0) {
    const messages = typed.errors.map(({ pos, message }) => {
      const { line, col } = lines.linePos(pos[0])
      return `${file}:${line}:${col}: ${message}`
    })
    return failure({ kind: 'invalid-input', side: 'input', message: messages.join('\n') })
  }
  const verbatim = parseDocument(plain, { schema: 'failsafe', merge: true })
  try {
    const values: ValuesNode = typed.toJS()
    return success({ typed: values, verbatim: verbatim.toJS() })
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return failure({ kind: 'invalid-input', side: 'input', message: `${file}: ${words}` })
  }
}

function quoteTemplate(line: string): string {
  if (/^\s*\{\{.*\}\}\s*$/.test(line)) return ''
  const open = line.indexOf('{{')
  const start = line.slice(0, Math.max(0, open))
  // Blanks at the end are looked at apart: two runs of them in one pattern take quadratic time.
  const isValue = /\s$/.test(start) && /^\s*(?:-(?: |$))?(?:[\w./-]+:)?$/.test(start.trimEnd())
  if (!isValue) return line
  return `${start}'${line.slice(open).trimEnd().replaceAll("'", "''")}'`
}
