import type { z } from 'zod'
import { type Result, success } from '../../model/problem.ts'
import { readJson } from '../../model/tree/json.ts'
import { parseYamlSource, type SourceText } from '../yaml-source.ts'

/**
 * Parses generated data as JSON, which is fifty times as fast as YAML. Errors are located with the slow parser, which
 * knows lines and columns.
 *
 * @param start where the data starts in the text, and `end` where it ends
 */
export function parseJsonFirst<T>(
  { file, text }: SourceText,
  schema: z.ZodType<T>,
  start = 0,
  end = text.length,
): Result<T> {
  const literal = text.slice(start, end)
  const read = readJson(literal)
  const checked = read === undefined ? undefined : schema.safeParse(read)
  if (checked?.success) return success(checked.data)
  // Text before the data is blanked so that lines and columns stay correct.
  const blank = text.slice(0, start).replace(/[^\n]/g, ' ')
  return parseYamlSource({ file, text: blank + literal }, schema)
}
