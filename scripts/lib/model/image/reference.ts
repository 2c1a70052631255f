import { hasUserInfo, showAddress } from '../internet/url.ts'
import { invalidInput, type Result, success } from '../problem.ts'

/**
 * A container image reference as a value. `registry` and `path` are canonical: Docker Hub and `library/` are spelled
 * out.
 */
export interface Reference {
  /** Host, with port if any: `quay.io`, `docker.io`, `localhost:5000`. */
  readonly registry: string
  /** Repository path without the registry: `library/busybox`. */
  readonly path: string
  readonly tag?: string
  /** `sha256:` and 64 hex digits, or another algorithm of the OCI image specification. */
  readonly digest?: string
  /** The reference as written. */
  readonly text: string
}

export const dockerHub = 'docker.io'

/** Hosts under which Docker Hub answers; all of them mean `docker.io`. */
const dockerHubAliases: ReadonlySet<string> = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
])

// Grammar: github.com/distribution/reference (regexp.go). The registry is a DNS name, an IPv4 address or a
// bracketed IPv6 address, with an optional port; path components allow `.`, `_`, `__` and runs of `-` inside.
const registryPattern =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/
const pathPattern =
  /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
const digestPattern = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/

/** The distribution grammar's limit for registry and path together. */
const maximumNameLength = 255

/** More than name, tag and digest can have together, in any spelling of the registry. */
const maximumTextLength = 1_024

/** True when the first component of a name is a registry host and not part of a Docker Hub path. */
function isRegistryHost(component: string): boolean {
  // An uppercase letter makes it a host as well (distribution, `splitDockerDomain`): paths have none.
  return component === 'localhost' || /[.:A-Z]/.test(component)
}

export function isTag(text: string): boolean {
  return tagPattern.test(text)
}

export function isDigest(text: string): boolean {
  return digestPattern.test(text)
}

/** True for a SHA-256 digest, the only kind that crane and ECR support. */
export function isSha256(text: string): boolean {
  return isDigest(text) && text.startsWith('sha256:')
}

/**
 * Parses `[host[:port]/]path[:tag][@digest]`: the digest is split off first, then the tag after the last `/`. Spells
 * out Docker Hub (`busybox` → `docker.io/library/busybox`) and never adds a missing tag. Fails with the violated rule
 * and the offending text in quotes.
 */
export function parseReference(text: string): Result<Reference> {
  // Checked first and not quoted, so that very long composed text is not even copied.
  if (text.length > maximumTextLength) {
    return invalidInput(
      `an image reference has at most ${maximumTextLength} characters, not ${text.length}`,
    )
  }
  const at = text.indexOf('@')
  const digest = at === -1 ? undefined : text.slice(at + 1)
  const named = at === -1 ? text : text.slice(0, at)
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
  // Text before "@" may be a password if a host follows.
  const shown = isUrl || /[./]/.test(digest ?? '') ? showAddress(text) : text
  const fail = (rule: string, next?: string) => invalidInput(`image "${shown}": ${rule}`, next)
  if (text.trim() !== text || text === '')
    return fail('a reference must not be empty or contain spaces')
  if (isUrl) {
    const bare = hasUserInfo(text) ? 'host/path:tag' : text.replace(/^[^/]*\/\//, '')
    return fail('a reference must not have a URL scheme', `use "${bare}"`)
  }

  if (digest !== undefined && !isDigest(digest)) {
    return fail(`"${digest}" is not a digest; expected "sha256:" and 64 hex digits`)
  }

  const colon = named.indexOf(':', named.lastIndexOf('/') + 1)
  const tag = colon === -1 ? undefined : named.slice(colon + 1)
  const name = colon === -1 ? named : named.slice(0, colon)
  if (tag !== undefined && !isTag(tag)) {
    return fail(`"${tag}" is not a tag; expected 1 to 128 letters, digits, "_", "." or "-"`)
  }

  const { registry, path } = splitName(name)
  if (!registryPattern.test(registry)) return fail(`"${registry}" is not a registry host`)
  if (!pathPattern.test(path)) {
    const lower = path.toLowerCase()
    return pathPattern.test(lower)
      ? fail(`the repository path "${path}" must be lowercase`, `use "${lower}"`)
      : fail(`"${path}" is not a repository path`)
  }
  if (registry.length + 1 + path.length > maximumNameLength) {
    return fail(`registry and path together are longer than ${maximumNameLength} characters`)
  }
  return success({
    registry,
    path,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
    text,
  })
}

function splitName(name: string): { registry: string; path: string } {
  const slash = name.indexOf('/')
  const first = slash === -1 ? '' : name.slice(0, slash)
  const explicit = slash !== -1 && isRegistryHost(first)
  // DNS names are case-insensitive, so one spelling keeps one image from having two destinations.
  const host = explicit ? first.toLowerCase() : dockerHub
  const registry = dockerHubAliases.has(host) ? dockerHub : host
  const rest = explicit ? name.slice(slash + 1) : name
  return {
    registry,
    path: registry === dockerHub && !rest.includes('/') ? `library/${rest}` : rest,
  }
}

/** Returns the canonical `registry/path`, without tag and digest. */
export function repositoryOf(reference: Reference): string {
  return `${reference.registry}/${reference.path}`
}

/** Returns the canonical form with tag and digest, if any: `docker.io/library/busybox:1.35@sha256:…`. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`
  return `${repositoryOf(reference)}${tag}${digest}`
}

/**
 * Returns the identifier for registry requests: the digest, else the tag, else `latest`, which a pull means without
 * either.
 */
export function identifierOf({ digest, tag }: Reference): string {
  return digest ?? tag ?? 'latest'
}

/** Returns `registry/path@digest`, which is passed to tools so that a tag that moves meanwhile does not matter. */
export function pinnedReference(reference: Reference, digest: string): string {
  return `${repositoryOf(reference)}@${digest}`
}
