import { count, formatBytes } from '../../cli/text.ts'
import type { Outcome, Status } from '../../model/events.ts'
import type { Problem, ProblemKind, Side } from '../../model/problem.ts'
import { formatDuration } from '../../model/text/duration.ts'

export { formatDuration }

/** A color of the page. */
export type Tone = 'good' | 'same' | 'bad' | 'open'

const tones: Readonly<Record<Status, Tone>> = {
  copied: 'good',
  overwritten: 'good',
  restored: 'good',
  skipped: 'same',
  differs: 'bad',
  failed: 'bad',
  interrupted: 'open',
}

export const toneOf = (status: Status): Tone => tones[status]

/** The result of an item, for people. */
export const statusWords: Readonly<Record<Status, string>> = {
  copied: 'copied',
  overwritten: 'replaced',
  restored: 'restored',
  skipped: 'already present',
  differs: 'different',
  failed: 'failed',
  interrupted: 'unfinished',
}

const kinds: Readonly<Record<ProblemKind, string>> = {
  usage: 'Invalid usage',
  'invalid-input': 'Invalid input',
  conflict: 'Conflict',
  'tool-missing': 'Tool missing',
  'tool-outdated': 'Tool too old',
  'checksum-mismatch': 'Checksum mismatch',
  'unsafe-address': 'Unsafe address',
  'credentials-missing': 'No credentials',
  'credentials-expired': 'Credentials expired',
  'access-denied': 'Access denied',
  unauthorized: 'Login failed',
  'not-found': 'Not found',
  'repository-missing': 'Repository missing',
  'tag-immutable': 'Immutable tag',
  'digest-mismatch': 'Digest mismatch',
  archived: 'Archived',
  differs: 'Different content',
  'render-failed': 'Chart could not be rendered',
  'invalid-schema': 'Invalid schema',
  unproven: 'Not proven',
  'rate-limited': 'Too many requests',
  'server-error': 'Server error',
  network: 'Network failure',
  tls: 'TLS failure',
  timeout: 'Timeout',
  quota: 'Quota reached',
  busy: 'In use',
  interrupted: 'Interrupted',
  unknown: 'Unknown cause',
}

const sides: Readonly<Record<Side, string>> = {
  input: ' in the request',
  local: ' on this machine',
  source: ' at the source',
  target: ' at the target registry',
  unknown: '',
}

/** Returns the cause of a problem in a few words: `Not found at the source`. */
export function causeOf({ kind, side }: Pick<Problem, 'kind' | 'side'>): string {
  return `${kinds[kind]}${sides[side]}`
}

/** Returns the known facts about an item's result. Unknown bytes are reported as unknown, not as zero. */
export function factsOf(outcome: Outcome): string[] {
  const { status, attempts, milliseconds, blobs, bytes } = outcome
  const { mounted, mountedBytes, presentBytes = 0 } = outcome
  const isDone = status === 'copied' || status === 'overwritten'
  return [
    ...(isDone && bytes !== undefined ? [`${formatBytes(bytes)} sent`] : []),
    ...(isDone && bytes === undefined
      ? [blobs > 0 ? `${count(blobs, 'blob')} sent, size unknown` : 'size unknown']
      : []),
    ...(mounted > 0
      ? [
          `${mountedBytes === undefined ? count(mounted, 'blob') : formatBytes(mountedBytes)} mounted`,
        ]
      : []),
    ...(isDone && presentBytes > 0 ? [`${formatBytes(presentBytes)} already present`] : []),
    ...(attempts > 0 ? [formatDuration(milliseconds)] : []),
    ...(attempts > 1 ? [count(attempts, 'attempt')] : []),
  ]
}

/** Returns the total bytes of several items, and how many are unknown. Without items, the value is a dash. */
export function sumBytes(
  moved: readonly Outcome[],
  part: (outcome: Outcome) => number | undefined,
): { readonly value: string; readonly note: string } {
  const known = moved.map(part).filter((bytes) => bytes !== undefined)
  if (moved.length === 0) return { value: '–', note: '' }
  if (known.length === 0) return { value: 'unknown', note: '' }
  const rest = moved.length - known.length
  return {
    value: formatBytes(known.reduce((a, b) => a + b, 0)),
    note: rest === 0 ? '' : `and ${rest} unknown`,
  }
}
