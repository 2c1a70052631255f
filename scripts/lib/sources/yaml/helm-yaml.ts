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
  // Tags that go-yaml does not know change nothing, but that nothing at all is an empty text.
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

/** What js-yaml reads otherwise than helm: line ends of YAML 1.1, merge keys, directives, tags of YAML's own. */
const needsCare =
  /[\u0085\u2028\u2029]|<<(?![\w"'-])|^%|!<|!!(?:bool|binary|float|int|merge|null|omap|pairs|set|timestamp|value)\b/m

/**
 * Reads YAML as helm does, of the last of two equal keys: charts, their values, and what they render. Fails with
 * `file:line:column`.
 */
export function readHelmYaml({ file, text }: SourceText): Result<ValuesNode> {
  // Behind the end of its first document helm reads nothing, and what stands there must not keep that from being read.
  const source = { file, text: text.split(/^\.\.\.(?=[ \t\r\n]|$)/m, 1)[0] ?? '' }
  if (needsCare.test(source.text)) return readCarefully(source)
  const data = loadFast(source, schema)
  if (!data.ok) return data
  const checked = checkFast(source, data.value)
  if (checked.ok) return checked
  // The slow reader knows better where a fault is.
  const careful = readCarefully(source)
  return careful.ok ? checked : careful
}

function readCarefully(source: SourceText): Result<ValuesNode> {
  const read = readYaml(source, { ...helmDialect, equalKeys: 'take the last' })
  return read.ok ? success(read.value.node) : read
}
