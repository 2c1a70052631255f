import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { ProblemError } from '../../model/problem.ts'
import { describeTreeFault } from '../../model/tree/fault-text.ts'
import { writeJson } from '../../model/tree/json.ts'
import type { ValuesTree } from '../../model/values/values.ts'
import { replaceOwnFile } from '../../tools/files/files.ts'

/** A values file as passed to helm. */
export interface HelmFile {
  readonly path: string
  /** Hex SHA-256 of its bytes. */
  readonly sha256: string
}

/**
 * Returns the text of a values file for helm: one line of ASCII JSON, whose strings every YAML reader reads the same
 * way. Equal trees have equal texts. Throws `ProblemError` for text that is not Unicode.
 */
function helmText(values: ValuesTree): string {
  const text = writeJson(values)
  if (text.ok) return `${text.value}\n`
  throw new ProblemError({
    kind: 'invalid-input',
    side: 'input',
    message: `the values cannot be passed to helm: ${describeTreeFault(text.problem)}`,
  })
}

/** Returns the hex SHA-256 of a file as it is now; undefined when it cannot be read. */
export async function hashFile(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch(() => undefined)
  return bytes && hash(bytes)
}

/** Writes a values file for helm. Only the owner can read it, because values may be secrets. */
export async function writeHelmFile(path: string, values: ValuesTree): Promise<HelmFile> {
  const text = helmText(values)
  await replaceOwnFile(path, text)
  return { path, sha256: hash(text) }
}

function hash(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}
