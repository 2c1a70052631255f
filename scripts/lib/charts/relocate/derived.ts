import type { ValuesNode } from '../../model/values.ts'
import type { Steps } from '../../steps/steps.ts'
import { loadYaml } from '../chart-metadata.ts'
import { walkBeside } from './match/beside.ts'
import type { Change } from './match/compare.ts'

const hash = /(?:sha256:)?\b[0-9a-f]{32,128}\b/g

/** A hash over something else, alone or in a text: it changes with what it is taken of. */
export function isChecksum({ path, before, after }: Change): boolean {
  if (/checksum|hash|sha/i.test(path) && isHash(before) && isHash(after)) return true
  return before !== after && before.replaceAll(hash, '#') === after.replaceAll(hash, '#')
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{8,128}$/.test(text)
}

/** Texts for programs. A name, a label or a selector that changes is never an echo. */
const echoPlaces =
  /^(?:data|stringData|binaryData)[.[]|\.env\[\d+\]\.value$|\.(?:args|command)\[\d+\]$|annotations[.[]/

/**
 * True when a chart writes the override's own values down again, such as a dump of all values in a ConfigMap: every
 * scalar that differs is a value that was given.
 */
export function* isEcho(
  { path, before, after }: Change,
  given: ReadonlySet<unknown>,
): Steps<boolean> {
  if (!echoPlaces.test(path)) return false
  if (given.has(after)) return true
  const [old, now] = [readTree(before), readTree(after)]
  if (old === undefined || now === undefined) return false
  let echoes = 0
  let others = 0
  yield* walkBeside(now, old, (_, value, twin) => {
    if (value === twin) return
    if (given.has(value)) echoes += 1
    else others += 1
  })
  yield* walkBeside(old, now, (_, __, twin) => {
    if (twin === undefined) others += 1
  })
  return others === 0 && echoes > 0
}

/** A text as the tree that it spells, in base64 or not; nothing for text that spells none. */
function readTree(text: string): ValuesNode | undefined {
  const isEncoded = /^[A-Za-z0-9+/]{40,}={0,2}$/.test(text)
  try {
    const root = loadYaml(isEncoded ? Buffer.from(text, 'base64').toString('utf8') : text)
    return typeof root === 'object' ? root : undefined
  } catch {
    return undefined
  }
}
