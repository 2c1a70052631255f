import { isUtf8 } from 'node:buffer'
import { isTree, type ValuesNode, type ValuesTree } from '../../../model/values/values.ts'
import type { Steps } from '../../../steps/steps.ts'
import { readJson } from '../../../model/tree/json.ts'
import { walkBeside } from './beside.ts'
import { isEchoByLine } from './echo-lines.ts'
import type { Change } from './compare.ts'
import { isAnnotation, isVariable } from './places.ts'

/** Not one that says what is fetched: the digest or tag of a reference, or a part of an address. */
const hash = /(?<![@:/\w])\b(?=\d*[a-f]|\d{32})[0-9a-f]{32,128}\b/g

/** Where a chart puts a hash of its own making: annotations, labels, variables, and texts that hold these. */
const hashPlaces = /(?:labels|matchLabels)[.[]|^(?:data|stringData)[.[]/

/** A key that names a hash: `checksum/config`, `configHash`, `sha256sum`. */
const hashKey = /checksum|hash|(?:^|[^a-z])sha(?:1|224|256|384|512)?(?:sum)?(?:$|[^a-z])/i

/** Names of resources whose hash has changed, each with what it was. */
export function renamedIn(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(
    changes.filter((change) => change.path === 'metadata.name' && isHashChange(change)).map(pairOf),
  )
}

/**
 * A hash over something else, alone or in a text: it changes with what it is taken of.
 *
 * @param renamed resources whose names have such a hash: wherever one is named, the name changes alike
 */
export function isChecksum(change: Change, renamed: ReadonlySet<string>): boolean {
  const { path, before, after } = change
  if (/(?:^|\.)\w*[nN]ame$/.test(path) && renamed.has(pairOf(change))) return true
  if (!hashPlaces.test(path) && !isVariable(path) && !isAnnotation(path)) return false
  return (hashKey.test(lastKey(path)) && isHash(before) && isHash(after)) || isHashChange(change)
}

function pairOf({ before, after }: Change): string {
  return JSON.stringify([before, after])
}

function isHashChange({ before, after }: Change): boolean {
  return before !== after && before.replaceAll(hash, '#') === after.replaceAll(hash, '#')
}

/** The last key of a path, with what belongs to it in brackets. */
function lastKey(path: string): string {
  return /[^.]*$/.exec(path)?.[0] ?? path
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{8,128}$/.test(text)
}

const longestEcho = 2 * 1024 * 1024

/** Texts for programs. A name, a label or a selector that changes is never an echo. */
const echoPlaces = /^(?:data|stringData|binaryData)[.[]|\.(?:args|command)\[\d+\]$/

/**
 * True when a chart writes the override's own values down again, such as a dump of all values in a ConfigMap: every
 * scalar that differs is a value that was given.
 */
export function* isEcho(
  { path, before, after }: Change,
  given: ReadonlySet<unknown>,
): Steps<boolean> {
  if (!echoPlaces.test(path) && !isVariable(path) && !isAnnotation(path)) return false
  if (given.has(after)) return true
  // Kubernetes stores no object of that size.
  if (Math.max(before.length, after.length) > longestEcho) return false
  const [textBefore, textAfter] = [decoded(before), decoded(after)]
  const [old, now] = [readJson(textBefore), readJson(textAfter)]
  if (!isContainer(old) || !isContainer(now)) return isEchoByLine(textBefore, textAfter, given)
  let echoes = 0
  let others = 0
  yield* walkBeside(
    now,
    old,
    (_, value, twin) => {
      if (value === twin) return
      if (given.has(value)) echoes += 1
      else others += 1
    },
    true,
  )
  yield* walkBeside(
    old,
    now,
    (_, __, twin) => {
      if (twin === undefined) others += 1
    },
    true,
  )
  return others === 0 && echoes > 0
}

/** Base64 is judged by what it holds. */
function decoded(text: string): string {
  if (!/^[A-Za-z0-9+/]{40,}={0,2}$/.test(text)) return text
  const bytes = Buffer.from(text, 'base64')
  // What is no text is compared as it is.
  return isUtf8(bytes) ? bytes.toString('utf8') : text
}

function isContainer(node: ValuesNode | undefined): node is ValuesTree | ValuesNode[] {
  return Array.isArray(node) || isTree(node)
}
