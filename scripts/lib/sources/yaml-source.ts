import { isAlias, isMap, isScalar, type Node } from 'yaml'
import type { z } from 'zod'
import { failure, type Problem, type Result, success } from '../model/problem.ts'
import { listMessages, shownFaults } from './located/faults.ts'
import { type Dialect, kitDialect } from './yaml/dialect.ts'
import { readYaml, type SourceText } from './yaml/read.ts'

export type { SourceText } from './yaml/read.ts'

/**
 * Parses a YAML (or JSON) text and checks it against a schema.
 * All errors are found at once, each with `file:line:column`: syntax and duplicate keys first, then the schema's.
 */
export function parseYamlSource<T>(
  source: SourceText,
  schema: z.ZodType<T>,
  dialect: Dialect = kitDialect,
): Result<T> {
  const read = readYaml(source, dialect)
  if (!read.ok) return read
  const { node, contents, at } = read.value
  const checked = schema.safeParse(node)
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
  const messages = issues.slice(0, shownFaults).map(({ path, message, key }) => {
    const offset = locate(contents, path, key)
    const where = path.length === 0 ? '' : `${path.map(String).join('.')}: `
    return `${at(offset)}: ${where}${message}`
  })
  // Locating a fault takes a walk through the file, so faults that are not shown are not located.
  const others = issues.slice(shownFaults).map(({ message }) => message)
  const [first = `${source.file}: not valid`, ...rest] = [...messages, ...others]
  return invalid(listMessages([first, ...rest]))
}

function invalid(message: string): Result<never> {
  const problem: Problem = { kind: 'invalid-input', side: 'input', message }
  return failure(problem)
}

/** Offset of the node at a path, or of the nearest one that exists; of the key itself if `key` is set. */
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
