import { parseReference, type Reference } from '../../model/reference.ts'
import type { ReferenceClass } from '../../model/relocation.ts'

/** A reference inside one string. */
export interface Hit {
  readonly start: number
  readonly end: number
  readonly reference: Reference
  readonly class: ReferenceClass
}

const tokenPattern = /[A-Za-z0-9](?:[A-Za-z0-9._\-/:@]*[A-Za-z0-9])?/g

/** Words that stand for an image which something else fills in, such as istio's injector. */
const placeholders: ReadonlySet<string> = new Set(['auto'])

export function isPlaceholder(text: string): boolean {
  return placeholders.has(text) || /[{}$<>]/.test(text)
}

// A key or flag that speaks of an image. What is said of pulling one is no image.
const imageKey = /image|container|\bimg\b/i
const aboutImages =
  /pull|polic|secret|(?:^|[-_.])ports?$|Ports?$|url$|namespace|registry$|size$|width|logo|icon|path$|dir$/i

function speaksOfImage(key: string): boolean {
  return imageKey.test(key) && !aboutImages.test(key)
}

// OCI artifacts that are no images: databases of scanners, rules, plugins, charts.
const artifactKey =
  /^(?!.*image).*(?:artifact|(?:^|[-_.])(?:db|refs?|rules?|bundles?|charts?)(?:$|[-_.])|repository$)/i

/** Finds every reference in a string. `key` is the field, flag or variable that the string belongs to. */
export function findInText(text: string, key: string): Hit[] {
  const hits: Hit[] = []
  for (const match of text.matchAll(tokenPattern)) {
    const [token] = match
    // Cheap, and true for nearly all words.
    if (!token.includes('/') && !token.includes(':')) continue
    const start = match.index
    const end = start + token.length
    const before = start === 0 ? '' : (text[start - 1] ?? '')
    if (/[/\\@%~$}.]/.test(before)) continue
    const line = lineAt(text, start)
    if (/^\s*(?:#|\/\/)/.test(line.before + line.after)) continue
    const context = keyOnLine(text, start, line.before) ?? key
    const isOpen = /^(?:[-_/:${<*%]|\.[^\s"',])/.test(text.slice(end, end + 2))
    const judged = judgeToken(token, context, isOpen)
    if (judged !== undefined) hits.push({ start, end, ...judged })
  }
  return hits
}

type Judged = Pick<Hit, 'reference' | 'class'>

function judgeToken(token: string, key: string, isOpen: boolean): Judged | undefined {
  const scheme = token.indexOf('://')
  if (scheme !== -1) {
    // Whatever pulls an OCI artifact needs it, but it is no image.
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
  const isImage = speaksOfImage(key)
  const hasVersion = reference.tag !== undefined || reference.digest !== undefined
  const sure = (isSure: boolean): Judged => ({
    reference,
    class: isSure && !isOpen && !artifactKey.test(key) ? 'embedded' : 'potential',
  })
  if (sourceLine.test(token) || apiVersion.test(token)) return undefined
  if (isQualified) {
    if (!isRegistryLike(head)) return undefined
    if (hasVersion) return sure(true)
    return isImage ? sure(false) : undefined
  }
  if (!hasVersion) return isImage && slash !== -1 ? sure(false) : undefined
  const isVersion = reference.digest !== undefined || looksLikeVersion(reference.tag ?? '')
  if (!isVersion) return undefined
  if (isImage) return sure(slash !== -1 || !/^\d{2,}$/.test(reference.tag ?? ''))
  return slash !== -1 && /^v?\d+\.\d+/.test(reference.tag ?? '') ? sure(false) : undefined
}

/** Hosts of source code, packages and documents. */
const codeHost =
  /^(?:www\.|docs\.|raw\.)|^(?:github|gitlab|bitbucket)\.com$|\.github\.io$|^(?:go\.uber|golang|gopkg|pypi)\.(?:org|in)$|^(?:sigs\.)?k8s\.io$/

/** A Kubernetes API version with a resource: `apps/v1:deployments`. */
const apiVersion = /(?:^|\/)v\d+(?:(?:alpha|beta)\d+)?:/

/** A line of a source file: `pkg/klog.go:412`. */
const sourceLine = /\.(?:go|py|js|ts|java|rs|rb|c|cc|cpp|h|sh|ya?ml|json|tpl):\d+$/

/** A public name with a top-level domain, or a port; not an address inside a cluster, and not a forge. */
function isRegistryLike(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  if (/\.(?:svc|local|internal|cluster)$/.test(name)) return false
  if (codeHost.test(name)) return false
  if (/^[\d.]+$/.test(name)) return host.includes(':')
  return name === 'localhost' || host.includes(':') || /\.[a-z]{2,}$/.test(name)
}

function looksLikeVersion(tag: string): boolean {
  return (
    /\d/.test(tag) || /^(?:latest|stable|edge|main|master|nightly|release|alpine|debug)$/.test(tag)
  )
}

function lineAt(text: string, index: number): { before: string; after: string } {
  const start = text.lastIndexOf('\n', index - 1) + 1
  const newline = text.indexOf('\n', index)
  return {
    before: text.slice(start, index),
    after: text.slice(index, newline === -1 ? text.length : newline),
  }
}

/** The key just before a token: `key: token`, `key=token`, `"key":"token"`, or above a list of tokens. */
function keyOnLine(text: string, index: number, before: string): string | undefined {
  const named = /([\w.-]+)["']?\s*[:=]\s*["']?$/.exec(before)?.[1]
  if (named !== undefined) return named.replace(/^-+/, '')
  const item = /^(\s*)-\s+["']?$/.exec(before)
  if (item === null) return undefined
  const depth = item[1]?.length ?? 0
  const above = text.slice(0, index - before.length).split('\n')
  for (const line of above.toReversed()) {
    const owner = /^(\s*)(?:-\s+)?["']?([\w.-]+)["']?:\s*$/.exec(line)
    if (owner !== null && (owner[1]?.length ?? 0) <= depth) return owner[2]
    if (line.trim() !== '' && (/^\s*/.exec(line)?.[0].length ?? 0) < depth) return undefined
  }
  return undefined
}

/**
 * Reads a field that holds a reference and nothing else. A missing tag means `latest`, as it does to the kubelet.
 * Nothing for placeholders and for what is no reference.
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

/** The reference as a container runtime takes it: without tag and digest it is `latest`. */
export function withTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined
    ? { ...reference, tag: 'latest' }
    : reference
}
