import {
  type DocumentOptions,
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  type ParseOptions,
  type SchemaOptions,
} from 'yaml'
import type { z } from 'zod'
import { failure, type Problem, type Result, success } from '../model/problem.ts'
import { listMessages } from './located/faults.ts'

/** A YAML or JSON text with its name, from which errors can be located. */
export interface SourceText {
  readonly file: string
  readonly text: string
}

/**
 * Parses a YAML (or JSON) text and checks it against a schema.
 * All errors are found at once, each with `file:line:column`: syntax and duplicate keys first, then the schema's.
 */
export function parseYamlSource<T>(
  source: SourceText,
  schema: z.ZodType<T>,
  options: ParseOptions & DocumentOptions & SchemaOptions = {},
): Result<T> {
  const lines = new LineCounter()
  const document = parseDocument(source.text, {
    ...options,
    lineCounter: lines,
    prettyErrors: false,
  })
  const at = (offset: number | undefined) => {
    const { line, col } = lines.linePos(offset ?? 0)
    return `${source.file}:${line}:${col}`
  }
  if (document.errors.length > 0) {
    return invalid(
      listMessages(document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message}`)),
    )
  }
  const read = readDocument(document)
  if (!read.ok) return invalid(`${source.file}: ${read.problem.message}`)

  const checked = schema.safeParse(read.value)
  if (checked.success) return success(checked.data)
  const issues = checked.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: [...issue.path, key],
          message: `unknown key "${key}"`,
          key: true,
        }))
      : [{ path: issue.path, message: issue.message, key: false }],
  )
  const [first, ...rest] = issues.map(({ path, message, key }) => {
    const offset = locate(document.contents, path, key)
    const where = path.length === 0 ? '' : `${path.map(String).join('.')}: `
    return `${at(offset)}: ${where}${message}`
  })
  return invalid(listMessages([first ?? `${source.file}: not valid`, ...rest]))
}

/** Aliases that lead nowhere, or to far too much, are found only when the document is turned into values. */
function readDocument(document: ReturnType<typeof parseDocument>): Result<unknown> {
  try {
    return success(document.toJS())
  } catch (error) {
    return invalid(error instanceof Error ? error.message : String(error))
  }
}

function invalid(message: string): Result<never> {
  const problem: Problem = { kind: 'invalid-input', side: 'input', message }
  return failure(problem)
}

/** Offset of the node at a path, or of the nearest one that exists; of the key itself when `key` is asked for. */
function locate(root: Node | null, path: readonly PropertyKey[], key: boolean): number | undefined {
  let node: unknown = root
  let offset = root?.range?.[0]
  for (const [index, part] of path.entries()) {
    if (isAlias(node) || !isCollectionNode(node)) return offset
    if (isMap(node)) {
      const pair = node.items.find(({ key: name }) => isScalar(name) && String(name.value) === part)
      if (pair === undefined) return offset
      const last = index === path.length - 1
      const name = pair.key
      if (isScalar(name)) offset = name.range?.[0] ?? offset
      node = pair.value
      if (last && key) return offset
    } else {
      node = node.items[Number(part)]
    }
    if (isRanged(node)) offset = node.range[0]
  }
  return offset
}

function isCollectionNode(node: unknown): node is { items: unknown[] } {
  return typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items)
}

function isRanged(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
}
