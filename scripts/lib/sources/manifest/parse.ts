import type { Manifest } from '../../model/manifest/manifest.ts'
import { failure, type Result } from '../../model/problem.ts'
import { parseJsonFirst } from './json-first.ts'
import { literalOf } from './literal.ts'
import { manifestSchema } from './schema.ts'

/** Parses the text of a manifest module, or of a JSON or YAML file (by its extension). */
export function parseManifest(file: string, text: string): Result<Manifest> {
  const place = literalOf(file, text)
  if (place !== undefined)
    return parseJsonFirst({ file, text }, manifestSchema, place.start, place.end)
  return failure({
    kind: 'invalid-input',
    side: 'input',
    message: `"${file}" is not a manifest module: it has no defineManifest({ … })`,
    next: 'generate it with "npm run regenerate"',
  })
}
