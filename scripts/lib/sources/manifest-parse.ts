import type { Manifest } from '../model/manifest.ts'
import { failure, type Result, success } from '../model/problem.ts'
import { literalOf } from './manifest-literal.ts'
import { manifestSchema } from './manifest-schema.ts'
import { parseYamlSource } from './yaml-source.ts'

/** Parses the text of a manifest module, or of a JSON or YAML file (by the file's ending). */
export function parseManifest(file: string, text: string): Result<Manifest> {
  const place = literalOf(file, text)
  if (place !== undefined) return parseData(file, text, place.start, place.end)
  return failure({
    kind: 'invalid-input',
    side: 'input',
    message: `"${file}" is not a manifest module: it has no defineManifest({ … })`,
    next: 'generate it with "npm run regenerate"',
  })
}

/**
 * A generated literal is JSON, which is read fifty times as fast as YAML. Whatever is wrong is looked for again with
 * the slow parser, which knows lines and columns.
 */
function parseData(file: string, text: string, start: number, end: number): Result<Manifest> {
  const literal = text.slice(start, end)
  const read = readJson(literal)
  const checked = read === undefined ? undefined : manifestSchema.safeParse(read)
  if (checked?.success) return success(checked.data)
  // What stands before the literal is blanked so that lines and columns stay true.
  const blank = text.slice(0, start).replace(/[^\n]/g, ' ')
  return parseYamlSource({ file, text: blank + literal }, manifestSchema)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // YAML, or JSON with a mistake in it: the other parser will say.
    return undefined
  }
}
