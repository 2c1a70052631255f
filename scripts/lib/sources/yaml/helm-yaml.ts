import { FAILSAFE_SCHEMA, Type } from 'js-yaml'
import { type Result, success } from '../../model/problem.ts'
import type { ValuesNode } from '../../model/values/values.ts'
import { helmDialect } from './dialect.ts'
import { checkFast, loadFast } from './fast.ts'
import { resolveAsHelm } from './helm-scalar.ts'
import { readYaml, type SourceText } from './read.ts'

const kinds = ['scalar', 'sequence', 'mapping'] as const

/** The rules of `helmDialect` for js-yaml. */
const schema = FAILSAFE_SCHEMA.extend({
  implicit: [
    new Type('tag:yaml.org,2002:helm', {
      kind: 'scalar',
      resolve: (text: string) => typeof resolveAsHelm(text) !== 'string',
      construct: resolveAsHelm,
    }),
  ],
  // Tags unknown to go-yaml change nothing, except that no content becomes an empty text.
  explicit: kinds.flatMap((kind) =>
    ['!', 'tag:'].map(
      (tag) =>
        new Type(tag, {
          kind,
          multi: true,
          construct: (data: unknown) => (kind === 'scalar' ? (data ?? '') : data),
        }),
    ),
  ),
})

/** Syntax that js-yaml reads differently from helm: YAML 1.1 line ends, merge keys, directives, standard YAML tags. */
const needsCare =
  /[\u0085\u2028\u2029]|<<(?![\w"'-])|^%|!<|!!(?:bool|binary|float|int|merge|null|omap|pairs|set|timestamp|value)\b/m

/**
 * Reads YAML as helm does, where the last of two equal keys wins: charts, their values, and their output. Fails with
 * `file:line:column`.
 */
export function readHelmYaml({ file, text }: SourceText): Result<ValuesNode> {
  // helm ignores everything after the first document, so that text must not prevent reading it.
  const source = { file, text: text.split(/^\.\.\.(?=[ \t\r\n]|$)/m, 1)[0] ?? '' }
  if (needsCare.test(source.text)) return readCarefully(source)
  const data = loadFast(source, schema)
  if (!data.ok) return data
  const checked = checkFast(source, data.value)
  if (checked.ok) return checked
  // The slow reader locates faults better.
  const careful = readCarefully(source)
  return careful.ok ? checked : careful
}

function readCarefully(source: SourceText): Result<ValuesNode> {
  const read = readYaml(source, { ...helmDialect, equalKeys: 'take the last' })
  return read.ok ? success(read.value.node) : read
}
