import { count, formatBytes } from '../../cli/text.ts'
import type { Outcome, Status } from '../../model/events.ts'
import type { Problem, ProblemKind, Side } from '../../model/problem.ts'
import { formatDuration } from '../../model/text/duration.ts'

export { formatDuration }

/** How something is coloured. */
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

/** What became of an item, for people. */
export const statusWords: Readonly<Record<Status, string>> = {
  copied: 'copied',
  overwritten: 'replaced',
  restored: 'restored',
  skipped: 'already there',
  differs: 'different',
  failed: 'failed',
  interrupted: 'not finished',
}

const kinds: Readonly<Record<ProblemKind, string>> = {
  usage: 'Wrong use',
  'invalid-input': 'Invalid input',
  conflict: 'Contradiction',
  'tool-missing': 'Tool missing',
  'tool-outdated': 'Tool too old',
  'checksum-mismatch': 'Wrong checksum',
  'unsafe-address': 'Unsafe address',
  'credentials-missing': 'No credentials',
  'credentials-expired': 'Credentials ran out',
  'access-denied': 'Access denied',
  unauthorized: 'Login refused',
  'not-found': 'Not found',
  'repository-missing': 'Repository missing',
  'tag-immutable': 'Immutable tag',
  'digest-mismatch': 'Wrong digest',
  archived: 'Archived',
  differs: 'Other content',
  'render-failed': 'Chart not rendered',
  'invalid-schema': 'Invalid schema',
  unproven: 'Not proven',
  'rate-limited': 'Too many requests',
  'server-error': 'Server error',
  network: 'Network failure',
  tls: 'TLS failure',
  timeout: 'Too slow',
  quota: 'Quota reached',
  busy: 'In use',
  interrupted: 'Interrupted',
  unknown: 'Unknown cause',
}

const sides: Readonly<Record<Side, string>> = {
  input: ' in what was asked for',
  local: ' on this machine',
  source: ' at the source',
  target: ' at the target registry',
  unknown: '',
}

/** The cause of a problem in a few words: `Not found at the source`. */
export function causeOf({ kind, side }: Pick<Problem, 'kind' | 'side'>): string {
  return `${kinds[kind]}${sides[side]}`
}

/** What is known of how an item went, each fact by itself. Bytes that nobody knows are not mentioned as none. */
export function factsOf(outcome: Outcome): string[] {
  const { status, attempts, milliseconds, blobs, bytes } = outcome
  const { mounted, mountedBytes, presentBytes = 0 } = outcome
  const isDone = status === 'copied' || status === 'overwritten'
  return [
    ...(isDone && bytes !== undefined ? [`${formatBytes(bytes)} sent`] : []),
    ...(isDone && bytes === undefined
      ? [blobs > 0 ? `${count(blobs, 'blob')} sent, bytes not known` : 'bytes not known']
      : []),
    ...(mounted > 0
      ? [
          `${mountedBytes === undefined ? count(mounted, 'blob') : formatBytes(mountedBytes)} taken over`,
        ]
      : []),
    ...(isDone && presentBytes > 0 ? [`${formatBytes(presentBytes)} there before`] : []),
    ...(attempts > 0 ? [formatDuration(milliseconds)] : []),
    ...(attempts > 1 ? [count(attempts, 'attempt')] : []),
  ]
}

/** Bytes of several items, and of how many nobody knows them. Of nothing at all they are a dash. */
export function sumBytes(
  moved: readonly Outcome[],
  part: (outcome: Outcome) => number | undefined,
): { readonly value: string; readonly note: string } {
  const known = moved.map(part).filter((bytes) => bytes !== undefined)
  if (moved.length === 0) return { value: '–', note: '' }
  if (known.length === 0) return { value: 'not known', note: '' }
  const rest = moved.length - known.length
  return {
    value: formatBytes(known.reduce((a, b) => a + b, 0)),
    note: rest === 0 ? '' : `and ${rest} not known`,
  }
}
