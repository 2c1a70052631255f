import type { Scalar } from 'yaml'
import { failure, type Result, success } from '../../model/problem.ts'
import { binaryTag, decodeBinary } from '../yaml/binary.ts'
import { type HelmScalar, resolveScalar } from './scalar.ts'

const core = 'tag:yaml.org,2002:'

/** The types that a tag can require. */
const tagged: Readonly<Record<string, HelmScalar['type']>> = {
  [`${core}null`]: 'null',
  [`${core}bool`]: 'bool',
  [`${core}int`]: 'int',
  [`${core}float`]: 'float',
}

/**
 * Reads a scalar with its quotes and its tag, as helm does: a custom tag, and `!`, turn it into text. Fails for text
 * that does not match its tag, and for numbers that JSON does not have, unless it is a key.
 */
export function readTagged(
  { type, tag, source }: Scalar,
  isKey: boolean,
): Result<HelmScalar, string> {
  const text = source ?? ''
  if (/\p{Cs}/u.test(text)) return failure('text with an unpaired surrogate: helm rejects it')
  if (tag === binaryTag) return readBinary(text)
  const wanted = tag === undefined ? undefined : tagged[tag]
  const isPlain = type === undefined || type === 'PLAIN'
  if (wanted === undefined && (tag !== undefined || !isPlain)) {
    return success({ type: 'text', value: text })
  }
  const read = resolveScalar(text)
  const scalar: HelmScalar =
    wanted === 'float' && read.type === 'int' ? { type: 'float', value: read.value } : read
  if (wanted !== undefined && scalar.type !== wanted) {
    return failure(`"${text}" is not of type ${wanted}, which its YAML tag requires`)
  }
  if (!isKey && scalar.type === 'float' && !Number.isFinite(scalar.value)) {
    return failure(`helm rejects the value "${text}"`)
  }
  return success(scalar)
}

function readBinary(text: string): Result<HelmScalar, string> {
  const value = decodeBinary(text)
  if (value === undefined) return failure(`"${text}" is not base64`)
  return success({ type: 'text', value })
}

/** Returns the template in a text, on one line and shortened for messages; undefined for a text without one. */
export function templateIn(raw: string): string | undefined {
  if (!raw.includes('{{')) return undefined
  const line = raw.replaceAll(/\s+/g, ' ').trim()
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}

/**
 * Returns where the text of a literal block starts: lines below its header, and the column of its first character.
 *
 * @param raw the block with its header, as written
 * @param text its content
 */
export function blockStart(
  raw: string,
  text: string,
): { readonly line: number; readonly column: number } {
  const written = /^[^\n]*\n(?:[ \t]*\n)*( *)/.exec(raw)?.[1]?.length ?? 0
  const kept = /^\n*( *)/.exec(text)?.[1]?.length ?? 0
  return { line: 1, column: written - kept + 1 }
}
