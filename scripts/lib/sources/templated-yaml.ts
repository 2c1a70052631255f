import { type Result, success } from '../model/problem.ts'
import type { ValuesNode } from '../model/values.ts'
import { helmDialect, verbatimDialect } from './yaml/dialect.ts'
import { readYaml, type SourceText } from './yaml/read.ts'

/** One text, read twice: with YAML's types, and with every scalar as it is written. */
export interface TemplatedYaml {
  readonly typed: ValuesNode
  readonly verbatim: ValuesNode
}

/**
 * Reads YAML in which go templates may stand: lines that are nothing but a template are left out, and a value that is
 * one is read as its text. Lines stay where they are, so that errors have the file's own `file:line:column`.
 */
export function readTemplatedYaml({ file, text }: SourceText): Result<TemplatedYaml> {
  const plain = text.split('\n').map(quoteTemplate).join('\n')
  const typed = readYaml({ file, text: plain }, helmDialect)
  if (!typed.ok) return typed
  const verbatim = readYaml({ file, text: plain }, verbatimDialect)
  if (!verbatim.ok) return verbatim
  return success({ typed: typed.value.node, verbatim: verbatim.value.node })
}

function quoteTemplate(line: string): string {
  if (/^\s*\{\{.*\}\}\s*$/.test(line)) return ''
  const match = /^(\s*(?:- )?(?:[\w./-]+:)?\s+)(\{\{.*)$/.exec(line)
  const [, start, template] = match ?? []
  if (start === undefined || template === undefined) return line
  return `${start}'${template.trimEnd().replaceAll("'", "''")}'`
}
