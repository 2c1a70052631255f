import { parseReference, type Reference } from '../../model/image/reference.ts'
import type { ReferenceClass } from '../../model/chart/relocation.ts'
import { finish, type Steps } from '../../steps/steps.ts'
import { type Lines, openLines } from './lines.ts'
import { isPublicRegistry } from './public-hosts.ts'

/** A reference inside one string. */
export interface Hit {
  readonly start: number
  readonly end: number
  readonly reference: Reference
  readonly class: ReferenceClass
}

const tokenPattern = /[A-Za-z0-9](?:[A-Za-z0-9._\-/:@]*[A-Za-z0-9])?/g

/** Placeholders for an image that something else fills in, such as istio's injector. */
const placeholders: ReadonlySet<string> = new Set(['auto'])

export function isPlaceholder(text: string): boolean {
  return placeholders.has(text) || /[{}$<>]/.test(text)
}

// A key or flag that refers to an image. Pull settings are not images.
const imageKey = /image|container|\bimg\b/i
const aboutImages =
  /pull|polic|secret|(?:^|[-_.])ports?$|Ports?$|url$|namespace|registry$|size$|width|logo|icon|path$|dir$/i

// OCI artifacts that are not images: scanner databases, rules, plugins, charts.
const artifactKey =
  /^(?!.*image).*(?:artifact|(?:^|[-_.])(?:db|refs?|rules?|bundles?|charts?)(?:$|[-_.])|repository$)/i

/** Longer keys are not written by people: they have no meaning and are not read again for every word that they own. */
const longestKey = 1_024

// A key that only distinguishes objects: `app.kubernetes.io/component:controller` is a label. Only the last word
// counts: an annotation's proxy is not one.
const labelKey = /(?:label|selector|annotation|toleration|taint|topology)s?(?:[-_.]?key)?s?$/i

/** The meaning of a key for its text. */
interface Topic {
  readonly isImage: boolean
  readonly isArtifact: boolean
  readonly isLabel: boolean
}

function readTopic(key: string): Topic {
  if (key.length > longestKey) return { isImage: false, isArtifact: false, isLabel: false }
  return {
    isImage: imageKey.test(key) && !aboutImages.test(key),
    isArtifact: artifactKey.test(key),
    isLabel: labelKey.test(key),
  }
}

/** Words after which the search may pause in a long text. */
const wordsAtOnce = 1_000

/** Finds every reference in a string. `key` is the field, flag or variable that the string belongs to. */
export function findInText(text: string, key: string): Hit[] {
  return finish(searchText(text, key))
}

/** Searches in steps. Takes linear time, whatever the text contains. */
export function* searchText(text: string, key: string): Steps<Hit[]> {
  const hits: Hit[] = []
  const lines = openLines(text)
  const own = readTopic(key)
  let words = 0
  for (const match of text.matchAll(tokenPattern)) {
    words += 1
    if (words % wordsAtOnce === 0) yield
    const [token] = match
    // A cheap check that holds for nearly all words.
    if (!token.includes('/') && !token.includes(':')) continue
    const start = match.index
    const end = start + token.length
    const before = start === 0 ? '' : (text[start - 1] ?? '')
    const isBare = isAfterSlashes(text, start)
    if (/[/\\@%~$}.]/.test(before) && !isBare) continue
    const line = lines.startOf(start)
    if (lines.isComment()) continue
    const named = keyOnLine(text, isBare ? start - 2 : start, line, lines)
    const topic = named === undefined ? own : readTopic(named)
    const isOpen = /^(?:[-_/:${<*%]|\.[^\s"',])/.test(text.slice(end, end + 2))
    const judged = judgeToken(token, topic, isOpen || isBare || before === '#')
    if (judged !== undefined) hits.push({ start: start + (judged.skipped ?? 0), end, ...judged })
  }
  return hits
}

/** True for a token after two slashes that begin a value, as in an address without its scheme. */
function isAfterSlashes(text: string, start: number): boolean {
  return /^(?:|[\s"'=])\/\/$/.test(text.slice(Math.max(0, start - 3), start))
}

/**
 * The transports of containers-transports(5), and those of other programs that pull images: each is followed by a
 * reference, in an archive after its path.
 */
const transport =
  /^(?:(?:docker|docker-image|docker-pullable|oras):\/\/|(?:docker-daemon|containers-storage):(?:\/\/)?|(?:docker|oci)-archive:[^:]*:)/

interface Judged extends Pick<Hit, 'reference' | 'class'> {
  /** Characters of the token before the reference. */
  readonly skipped?: number
}

function judgeToken(token: string, topic: Topic, isOpen: boolean): Judged | undefined {
  const [prefix] = transport.exec(token) ?? []
  if (prefix !== undefined) {
    const carried = token.slice(prefix.length)
    const parsed = /[/:@]/.test(carried) ? parseReference(carried) : undefined
    if (parsed?.ok !== true) return undefined
    return { reference: parsed.value, class: 'potential', skipped: prefix.length }
  }
  const scheme = token.indexOf('://')
  if (scheme !== -1) {
    // Clients that pull an OCI artifact need it, but it is not an image.
    if (token.slice(0, scheme) !== 'oci') return undefined
    const artifact = parseReference(token.slice(scheme + 3))
    return artifact.ok ? { reference: artifact.value, class: 'potential' } : undefined
  }
  const parsed = parseReference(token)
  if (!parsed.ok) return undefined
  const reference = parsed.value
  const slash = token.indexOf('/')
  const head = slash === -1 ? '' : token.slice(0, slash)
  const isQualified = head === 'localhost' || /[.:]/.test(head)
  const { isImage, isArtifact, isLabel } = topic
  const hasVersion = reference.tag !== undefined || reference.digest !== undefined
  const sure = (isSure: boolean): Judged => ({
    reference,
    class: isSure && !isOpen && !isArtifact ? 'embedded' : 'potential',
  })
  if (sourceLine.test(token) || apiVersion.test(token)) return undefined
  if (isQualified) {
    if (!isRegistryLike(head)) return undefined
    if (isLabel && !isImage) return isPublicRegistry(head) ? sure(false) : undefined
    if (hasVersion) return sure(isImage || isPublicRegistry(head) || isPlainVersion(reference))
    return isImage ? sure(false) : undefined
  }
  if (isLabel && !isImage) return undefined
  if (!hasVersion) return isImage && slash !== -1 ? sure(false) : undefined
  if (!isPlainVersion(reference)) return undefined
  if (isImage) return sure(slash !== -1 || !/^\d{2,}$/.test(reference.tag ?? ''))
  return slash !== -1 && /^v?\d+\.\d+/.test(reference.tag ?? '') ? sure(false) : undefined
}

/** Hosts of source code, packages and documents, and the domains of well-known labels. */
const codeHost =
  /^(?!.*registry)(?:.*\.)?(?:k8s|kubernetes)\.io$|^helm\.sh$|^(?:www\.|docs\.|raw\.)|^(?:github|gitlab|bitbucket)\.com$|\.github\.io$|^(?:go\.uber|golang|gopkg|pypi)\.(?:org|in)$/

/** A Kubernetes API version with a resource: `apps/v1:deployments`. */
const apiVersion = /(?:^|\/)v\d+(?:(?:alpha|beta)\d+)?:/

/** A line of a source file: `pkg/klog.go:412`. */
const sourceLine = /\.(?:go|py|js|ts|java|rs|rb|c|cc|cpp|h|sh|ya?ml|json|tpl):\d+$/

/**
 * True for a public name with a top-level domain, or one with a port, that is neither a cluster-internal address nor a
 * code host.
 */
function isRegistryLike(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  if (/\.(?:svc|local|internal|cluster)$/.test(name)) return false
  if (codeHost.test(name)) return false
  if (/^[\d.]+$/.test(name)) return host.includes(':')
  return name === 'localhost' || host.includes(':') || /\.[a-z]{2,}$/.test(name)
}

/** True for a digest, or a tag as versions are written. */
function isPlainVersion({ tag = '', digest }: Reference): boolean {
  return (
    digest !== undefined ||
    /\d/.test(tag) ||
    /^(?:latest|stable|edge|main|master|nightly|release|alpine|debug)$/.test(tag)
  )
}

/** Returns the key just before a token: `key: token`, `key=token`, `"key":"token"`, or above a list of tokens. */
function keyOnLine(text: string, index: number, line: number, lines: Lines): string | undefined {
  const skip = (from: number, is: (character: string) => boolean) => {
    let at = from
    while (at > line && is(text.charAt(at - 1))) at -= 1
    return at
  }
  const skipQuote = (from: number) =>
    from > line && isQuote(text.charAt(from - 1)) ? from - 1 : from
  const opening = skipQuote(index)
  const gap = skip(opening, isBlank)
  const mark = gap > line ? text.charAt(gap - 1) : ''
  if (mark === ':' || mark === '=') {
    const end = skipQuote(skip(gap - 1, isBlank))
    const start = skip(end, isWordCharacter)
    return start < end ? text.slice(start, end).replace(/^-+/, '') : undefined
  }
  const isItem = mark === '-' && gap < opening && skip(gap - 1, isBlank) === line
  return isItem ? lines.ownerOf(gap - 1 - line) : undefined
}

function isQuote(character: string): boolean {
  return character === '"' || character === "'"
}

function isBlank(character: string): boolean {
  return /\s/.test(character)
}

function isWordCharacter(character: string): boolean {
  return /[\w.-]/.test(character)
}

/**
 * Reads a field that holds a reference and nothing else. A missing tag means `latest`, as for the kubelet. Returns
 * undefined for placeholders and for text that is not a reference.
 */
export function readImageField(text: string): Hit | undefined {
  if (isPlaceholder(text.trim())) return undefined
  const trimmed = text.trim()
  const parsed = parseReference(trimmed)
  if (!parsed.ok) return undefined
  const start = text.indexOf(trimmed)
  return {
    start,
    end: start + trimmed.length,
    reference: withTag(parsed.value),
    class: 'certain',
  }
}

/** Returns the reference as a container runtime reads it: without tag and digest, it is `latest`. */
function withTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined
    ? { ...reference, tag: 'latest' }
    : reference
}

/**
 * Reads a field of a custom resource whose name says that it is an image, if it holds a complete reference. Returns
 * undefined for other text.
 */
export function readOperatorField(text: string): Hit | undefined {
  const parsed = parseReference(text)
  if (!parsed.ok || isPlaceholder(text)) return undefined
  const { tag, digest } = parsed.value
  const hasHost = text.includes('/') && /[.:]/.test(text.slice(0, text.indexOf('/')))
  // A name alone may also be one of the operator's own words.
  const isSure = tag !== undefined || digest !== undefined || hasHost
  const reference = withTag(parsed.value)
  return { start: 0, end: text.length, reference, class: isSure ? 'certain' : 'potential' }
}
