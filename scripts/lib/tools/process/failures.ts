import { basename } from 'node:path'
import type { Problem, ProblemKind, Side } from '../../model/problem.ts'
import { cutMiddle } from '../../model/text/cut.ts'
import { printableLines } from '../../model/text/printable.ts'
import { redactSecrets } from '../../model/text/redact.ts'
import { type Ending, render, type RunResult } from './exec.ts'
import { deadProxy } from '../internet/plain-http.ts'

/** Context for deciding which side a message is about. */
export interface Endpoints {
  /** Host of the source; messages may contain any of Docker Hub's names. */
  readonly sourceHost?: string
  readonly targetHost?: string
}

interface Sign {
  readonly kind: ProblemKind
  readonly pattern: RegExp
}

// crane prints registry codes as `NAME_UNKNOWN`, helm (oras) as `name unknown`; texts are converted to lowercase with
// spaces before they are matched. The first match wins, so the specific stand before the general.
const signs: readonly Sign[] = [
  { kind: 'interrupted', pattern: /context canceled/ },
  // The address that children get instead of plain HTTP; it contains no external name or address.
  { kind: 'unsafe-address', pattern: new RegExp(`dial tcp ${deadProxy}: `) },
  { kind: 'credentials-expired', pattern: /authorization token has expired/ },
  {
    kind: 'tag-immutable',
    pattern: /tag is immutable|repository is immutable|\btag invalid\b|imagetagalreadyexists/,
  },
  // Docker Hub's pull quota resets after hours: pausing would not help.
  { kind: 'quota', pattern: /pull rate limit/ },
  {
    kind: 'rate-limited',
    pattern: /toomanyrequests|too many requests|rate exceeded|status code:? 429|\b429\b/,
  },
  { kind: 'tls', pattern: /x509:|tls: |certificate/ },
  { kind: 'repository-missing', pattern: /name unknown|repository name not known/ },
  {
    kind: 'not-found',
    pattern:
      /manifest unknown|manifest not found|status code 404|: not found|404 not found|not found in .* repository|… not found$/,
  },
  {
    kind: 'unauthorized',
    pattern: /unauthorized|status code 401|401 unauthorized|basic credential not found/,
  },
  { kind: 'access-denied', pattern: /\bdenied\b|status code 403|403 forbidden/ },
  { kind: 'digest-mismatch', pattern: /error verifying sha256|digest invalid|does not match/ },
  {
    kind: 'server-error',
    pattern:
      /status code:? 5\d\d|\b50[0234]\b (?:internal|bad|service|gateway)|internal server error|service unavailable|bad gateway|\bunavailable\b/,
  },
  {
    kind: 'network',
    pattern:
      /\beof\b|deadline exceeded|connection re(?:set|fused)|broken pipe|no such host|i\/o timeout|dial tcp|network is unreachable|proxyconnect|use of closed|cannot be reached|failed to fetch/,
  },
]

/**
 * Converts the end of a crane or helm process to a problem: its kind comes from the final `Error:` line only (codes in
 * warnings above it are irrelevant), its side from the URL in that line.
 */
export function classifyRun(result: RunResult, endpoints: Endpoints = {}): Problem {
  const said = lastError(result.stderr)
  const detail = redact(`${render(result.command)}\n${said}`)
  const forced = forcedKind(result.ending)
  if (forced !== undefined) {
    const { kind, text } = forced
    const { reason } = result
    const side = kind === 'tool-missing' || reason !== undefined ? 'local' : 'unknown'
    const message = `${basename(result.command.tool)} ${text}`
    return { kind, side, message: reason === undefined ? message : `${message}: ${reason}`, detail }
  }
  const kind = kindOfText(said) ?? 'unknown'
  return {
    ...adjust(kind, sideOf(said, endpoints), said),
    message: redact(said),
    ...(kind === 'unsafe-address' && { next: plainHttpAdvice }),
    detail,
  }
}

const plainHttpAdvice =
  'use another source, or ask the publisher: this one redirects from https to plain HTTP, which is not followed'

/** Returns the kind of failure in a registry's message, for any client. */
export function kindOfText(said: string): ProblemKind | undefined {
  const folded = withoutNames(cutMiddle(said)).toLowerCase().replaceAll('_', ' ')
  return signs.find(({ pattern }) => pattern.test(folded))?.kind
}

const quoted = /"[^"]*"|'[^']*'/y
const run = /\S+/y

/**
 * Removes names and addresses, which could match by accident: an image may be called certificate-operator:1.429.
 * Removes quoted words, and words with a slash somewhere after a dot. Reads each character at most twice.
 */
function withoutNames(said: string): string {
  let kept = ''
  // The text up to here is known to contain no address.
  let plainUntil = 0
  for (let at = 0; at < said.length;) {
    const quote = lengthAt(quoted, said, at)
    const word = quote > 0 || at < plainUntil ? 0 : lengthAt(run, said, at)
    const isName = quote > 0 || isAddress(said.slice(at, at + word))
    if (!isName) plainUntil = Math.max(plainUntil, at + word)
    kept += isName ? '…' : said.charAt(at)
    at += isName ? Math.max(quote, word) : 1
  }
  return kept
}

function isAddress(word: string): boolean {
  const dot = word.indexOf('.')
  return dot !== -1 && word.includes('/', dot)
}

function lengthAt(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index
  return pattern.exec(text)?.[0].length ?? 0
}

function forcedKind(ending: Ending): { kind: ProblemKind; text: string } | undefined {
  switch (ending) {
    case 'not-found':
      return { kind: 'tool-missing', text: 'is not installed' }
    case 'not-executable':
      return { kind: 'tool-missing', text: 'cannot be executed' }
    case 'not-started':
      return { kind: 'unknown', text: 'could not be started' }
    case 'deadline':
      return { kind: 'timeout', text: 'did not finish before its deadline and was stopped' }
    case 'idle':
      return { kind: 'timeout', text: 'made no progress and was stopped' }
    case 'flooded':
      return { kind: 'unknown', text: 'wrote more than 128 MiB and was stopped' }
    case 'memory':
      return { kind: 'unknown', text: 'used too much memory and was stopped' }
    case 'aborted':
      return { kind: 'interrupted', text: 'was interrupted' }
    case 'signalled':
      return { kind: 'unknown', text: 'was killed by a signal' }
    case 'exited':
      return undefined
  }
}

/** Refines a kind, which depends on the side that answered. */
function adjust(kind: ProblemKind, side: Side, said: string): { kind: ProblemKind; side: Side } {
  // A HEAD has no body, so ECR reports an expired token as a bare 403: renew once before treating it as denied.
  if (side === 'target' && kind === 'access-denied' && said.includes('HEAD')) {
    return { kind: 'credentials-expired', side }
  }
  // public.ecr.aws returns NAME_UNKNOWN for a missing source; only from the target does it mean a missing repository.
  if (kind === 'repository-missing' && side !== 'target') return { kind: 'not-found', side }
  // An interrupted source download appears as a failed upload with ECR's URL, so the side is unknown.
  if (side === 'target' && (kind === 'network' || kind === 'digest-mismatch')) {
    return { kind: kind === 'digest-mismatch' ? 'network' : kind, side: 'unknown' }
  }
  return { kind, side }
}

function sideOf(said: string, { sourceHost, targetHost }: Endpoints): Side {
  if (targetHost !== undefined && said.includes(targetHost)) return 'target'
  if (sourceHost === undefined) return 'unknown'
  const names = sourceHost === 'docker.io' ? ['docker.io', 'docker.com'] : [sourceHost]
  return names.some((name) => said.includes(name)) ? 'source' : 'unknown'
}

/** Returns the last line that states an error, without its label; else the last line. */
function lastError(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const last = lines.findLast((line) => /^error:/i.test(line.trim())) ?? lines.at(-1)
  return cutMiddle(last?.trim().replace(/^error:\s*/i, '') ?? 'no output')
}

/**
 * Removes possible secrets and escapes control characters, for text in messages and reports. Keeps the start and the
 * end of a long text.
 */
export function redact(text: string): string {
  return printableLines(redactSecrets(cutMiddle(text))).join('\n')
}
