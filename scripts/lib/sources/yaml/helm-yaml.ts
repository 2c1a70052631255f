import { FAILSAFE_SCHEMA, load, Type, YAMLException } from 'js-yaml'
import { budgetOf, maximumDepth, toNode, type TreeFault } from '../../model/tree/check.ts'
import { describeFault } from '../../model/tree/fault-text.ts'
import { failure, type Result, success } from '../../model/problem.ts'
import type { ValuesNode } from '../../model/values.ts'
import { helmDialect } from './dialect.ts'
import { resolveAsHelm } from './helm-scalar.ts'
import { readYaml, type SourceText } from './read.ts'

const kinds = ['scalar', 'sequence', 'mapping'] as const

/** The rules of `helmDialect` for js-yaml, which is nine times as fast and knows no positions. */
const schema = FAILSAFE_SCHEMA.extend({
  implicit: [
    new Type('tag:yaml.org,2002:helm', {
      kind: 'scalar',
      resolve: (text: string) => typeof resolveAsHelm(text) !== 'string',
      construct: resolveAsHelm,
    }),
  ],
  // Tags that go-yaml does not know change nothing.
  explicit: kinds.flatMap((kind) =>
    ['!', 'tag:'].map(
      (tag) => new Type(tag, { kind, multi: true, construct: (data: unknown) => data }),
    ),
  ),
})
const options = { schema, json: true, maxDepth: maximumDepth + 2 }

/** Characters of a text that is read in this way. The largest rendered charts have some ten million. */
const maximumLength = 64 * 1024 * 1024

/** What js-yaml reads otherwise than helm: line ends of YAML 1.1, merge keys, directives, tags of YAML's own. */
const needsCare =
  /[\u0085\u2028\u2029]|<<(?![\w"'-])|^%|!<|!!(?:bool|binary|float|int|merge|null|omap|pairs|set|timestamp|value)\b/m

/**
 * Reads YAML as helm does, of the last of two equal keys: charts, their values, and what they render. Bounded as
 * `readYaml` is. Fails with the first error, with `file:line:column`.
 */
export function readHelmYaml(source: SourceText): Result<ValuesNode> {
  const { file, text } = source
  if (text.length > maximumLength) return invalid(`${file}: ${describeFault('length')}`)
  if (needsCare.test(text)) return readCarefully(source)
  let data: unknown
  try {
    data = load(text, options)
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const { line, column } = error.mark
    return invalid(`${file}:${line + 1}:${column + 1}: ${error.reason}`)
  }
  const checked = toNode(data, budgetOf(text))
  return checked.ok ? success(checked.value) : explainFault(source, checked.fault)
}

/** The slow reader knows where a fault is; to a text that it takes, the fault belongs as a whole. */
function explainFault(source: SourceText, fault: TreeFault): Result<never> {
  const read = readCarefully(source)
  return read.ok ? invalid(`${source.file}: ${describeFault(fault)}`) : read
}

function readCarefully(source: SourceText): Result<ValuesNode> {
  const read = readYaml(source, { ...helmDialect, equalKeys: 'take the last' })
  return read.ok ? success(read.value.node) : read
}

function invalid(message: string): Result<never> {
  return failure({ kind: 'invalid-input', side: 'input', message })
}
