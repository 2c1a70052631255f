import { isTree, nodeAt, type ValuesNode, type ValuesTree } from '../../../model/values/values.ts'
import type { Steps } from '../../../steps/steps.ts'
import { readJson } from '../../../model/tree/json.ts'
import { decodeText } from './base64.ts'
import { walkBeside } from './beside.ts'
import { isEchoByLine } from './echo-lines.ts'
import type { Change } from './compare.ts'
import type { RenderedDocument } from '../../render/documents.ts'
import { type LeafPath, parseLeafPath } from '../../../model/values/leaf-path.ts'
import type { Given } from './given.ts'
import { isAnnotation, isVariable } from './places.ts'

/** Excludes hashes that decide what is fetched: the digest or tag of a reference, or a part of a URL. */
const hash = /(?<![@:/\w])\b(?=\d*[a-f]|\d{32})[0-9a-f]{32,128}\b/g

/** Where a chart puts a hash that it computes: annotations, labels, variables, and text that contains these. */
const hashPlaces = /(?:labels|matchLabels)[.[]|^(?:data|stringData)[.[]/

/** A key that names a hash: `checksum/config`, `configHash`, `sha256sum`. */
const hashKey = /checksum|hash|(?:^|[^a-z])sha(?:1|224|256|384|512)?(?:sum)?(?:$|[^a-z])/i

/** A line that holds nothing but an identity, which is a hash of the settings around it. */
const hashedId = /^\s*(?:- )?id: ["']?[\da-f]{64}["']?\s*$/

/** Returns the names of resources whose hash has changed, each with its previous name. */
export function renamedIn(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(
    changes.filter((change) => change.path === 'metadata.name' && isHashChange(change)).map(pairOf),
  )
}

/**
 * True for a hash of other content, alone or in a text: it changes with that content.
 *
 * @param renamed resources whose names contain such a hash: the name changes in the same way wherever it is used
 */
export function isChecksum(change: Change, renamed: ReadonlySet<string>): boolean {
  const { document, path, before, after } = change
  if (/(?:^|\.)\w*[nN]ame$/.test(path) && renamed.has(pairOf(change))) return true
  if (!hashPlaces.test(path) && !isVariable(path) && !isAnnotation(path)) return false
  const name = isVariable(path) ? variableName(document, path) : lastKey(path)
  // If another field uses the variable, its hash may decide what is fetched.
  if (isVariable(path) && document.text.includes(`$(${name})`)) return false
  if (hashKey.test(name)) return (isHash(before) && isHash(after)) || isHashChange(change)
  return isHashChange(change) && namesHashes(before, after)
}

/** True when each differing line names a hash. */
function namesHashes(before: string, after: string): boolean {
  const later = new Set(after.split('\n'))
  return before
    .split('\n')
    .every((line) => later.has(line) || hashKey.test(line) || hashedId.test(line))
}

function pairOf({ before, after }: Change): string {
  return JSON.stringify([before, after])
}

function isHashChange({ before, after }: Change): boolean {
  return before !== after && before.replaceAll(hash, '#') === after.replaceAll(hash, '#')
}

/** Returns the last key of a path, with its part in brackets. */
function lastKey(path: string): string {
  return /[^.]*$/.exec(path)?.[0] ?? path
}

/** Returns the name of the variable whose value is at a path. */
function variableName({ root }: RenderedDocument, path: string): string {
  const place = parseLeafPath(path.replace(/value$/, 'name'))
  const name = place === undefined || root === undefined ? undefined : nodeAt(root, place)
  return typeof name === 'string' ? name : ''
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{8,128}$/.test(text)
}

const longestEcho = 2 * 1024 * 1024

/** Text for programs. A changed name, label or selector is never an echo. */
const echoPlaces = /^(?:data|stringData|binaryData)[.[]/

/** True for a command-line argument. */
function isArgument(path: string): boolean {
  return /\.(?:args|command)\[\d+\]$/.test(path)
}

/**
 * True when a chart repeats the override's own values, such as a dump of all values in a ConfigMap: every differing
 * scalar is a given value.
 */
export function* isEcho({ path, before, after }: Change, given: Given): Steps<boolean> {
  const isPlace = echoPlaces.test(path) || isArgument(path) || isVariable(path)
  if (!isPlace && !isAnnotation(path)) return false
  if (given.values.has(after)) return true
  // Kubernetes does not store objects of that size.
  if (Math.max(before.length, after.length) > longestEcho) return false
  // Content that is not text is compared unchanged.
  const [textBefore = before, textAfter = after] = [before, after].map(decodeText)
  const [old, now] = [readJson(textBefore), readJson(textAfter)]
  if (!isContainer(old) || !isContainer(now)) {
    const lines = isArgument(path) ? 'replaced' : 'added'
    return isEchoByLine(textBefore, textAfter, { ...given, lines })
  }
  let echoes = 0
  let others = 0
  yield* walkBeside(
    now,
    old,
    (inner, value, twin) => {
      if (value === twin) return
      const isNamed = twin !== undefined || given.keys.has(String(inner.at(-1)))
      if (isNamed && given.values.has(value)) echoes += 1
      else others += 1
    },
    true,
  )
  yield* walkBeside(
    old,
    now,
    (inner, _, twin) => {
      if (twin === undefined && !isFilled(inner, old, now)) others += 1
    },
    true,
  )
  return others === 0 && echoes > 0
}

/** True for an empty mapping or list that has content in the other tree: nothing of it is gone. */
function isFilled(path: LeafPath, old: ValuesNode, now: ValuesNode): boolean {
  const [was, is] = [nodeAt(old, path), nodeAt(now, path)]
  return Array.isArray(was) ? Array.isArray(is) : isTree(was) && isTree(is)
}

function isContainer(node: ValuesNode | undefined): node is ValuesTree | ValuesNode[] {
  return Array.isArray(node) || isTree(node)
}
