import type { SchemaViolation } from '../../model/chart/violation.ts'
import { clip } from '../../model/text/clip.ts'

/** Maximum of violations that are read from one message. */
const maximumViolations = 50

/**
 * Reads the violations in helm's message. Under the name of each chart it has one line per violation (helm 4.2.4, and
 * 3 since 3.18): `- at '/image/tag': missing property 'x'`. Lines of another form are kept as rules without a path.
 */
export function readViolations(message: string): SchemaViolation[] {
  const violations: SchemaViolation[] = []
  let chart = ''
  for (const line of message.split('\n')) {
    const named = /^([\w.-]+):$/.exec(line)?.[1]
    if (named !== undefined) chart = named
    const entry = /^ {0,20}- (.*)$/.exec(line)?.[1]
    if (entry === undefined || violations.length === maximumViolations) continue
    const quoted = /^at '([^']*)': (.+)$/.exec(entry)
    const [path, rule] = quoted === null ? ['', entry] : [quoted[1] ?? '', quoted[2] ?? '']
    violations.push({ chart, path: clip(path), rule: clip(rule) })
  }
  return violations
}
