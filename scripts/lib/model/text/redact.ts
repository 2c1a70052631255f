const hidden = '***'

/** Addresses end at blanks and quotes, including those of Go and JSON. */
const word = /[^\s"'`<>\\]+/g

/**
 * Secrets with a recognizable shape. Each pattern starts with fixed text, followed by one run of characters, so
 * matching takes linear time.
 */
const shaped: readonly (readonly [RegExp, string])[] = [
  // What a client sends: `Authorization: Basic …`, echoed by some servers. A lowercase word is not a secret.
  [/\b([Bb]asic|[Bb]earer) +(?=[a-z.-]*[A-Z0-9+/=_~])[A-Za-z0-9+/=._~-]{8,}/g, `$1 ${hidden}`],
  // JSON web tokens, and the passwords of ECR, which are JSON in base64.
  [/\beyJ[A-Za-z0-9+/=._-]{20,}/g, hidden],
  // STS session tokens: the base64 of their common prefix.
  [/\b(?:IQoJ|FwoG|FQoG|AgoJ)[A-Za-z0-9+/=%]{40,}/g, hidden],
  // Access key IDs are not secrets, but they identify people.
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, `$1${hidden}`],
  [/\b(?:dckr_[a-z]{2,8}_|gh[a-z]_|github_pat_|glpat-|npm_|hvs\.)[A-Za-z0-9_-]{16,}/g, hidden],
  // `SecretAccessKey: …`, `"password":"…"`, `X-Amz-Security-Token=…`, in any spelling.
  [
    /((?:secret_?access_?key|session_?token|security[_-]?token|client_?secret|access_?token|refresh_?token|x-amz-signature|x-amz-credential)["'\\]{0,4}[ \t]{0,4}[:=][ \t]{0,4}["'\\]{0,4})[^\s"'\\&,;}]{6,}/gi,
    `$1${hidden}`,
  ],
  [
    /((?:password|passwd|secret|token|api_?key)(?:=|["']:[ \t]{0,4}["']))[^\s"'\\&,;}]{4,}/gi,
    `$1${hidden}`,
  ],
  [/\b(Signature=)[0-9a-f]{32,}/gi, `$1${hidden}`],
]

/**
 * Removes possible secrets from messages of tools, servers and users: user names and passwords in addresses, query
 * strings, tokens and keys. Takes linear time.
 */
export function redactSecrets(text: string): string {
  return shaped.reduce((rest, [pattern, by]) => rest.replace(pattern, by), redactAddresses(text))
}

/** Removes user information, query strings and assigning fragments from every `…://…` in a text. */
function redactAddresses(text: string): string {
  return text.replace(word, (one) => (one.includes('//') ? redactAddress(one) : one))
}

/** Redacts one address, and all addresses within it. Takes linear time. */
export function redactAddress(address: string): string {
  const rest = withoutQuery(address)
  const lastAt = rest.lastIndexOf('@')
  let result = ''
  let from = 0
  for (;;) {
    const found = rest.indexOf('//', from)
    if (found === -1) return result + rest.slice(from)
    const start = found + 2
    const end = endOfAuthority(rest, start)
    result += rest.slice(from, start)
    const kept = keptOfAuthority(rest.slice(start, end), {
      hasScheme: rest[found - 1] === ':',
      // `//` within a path does not start an address.
      isFirst: found === 0 || /[(=]/.test(rest[found - 1] ?? ''),
      hasLaterAt: lastAt >= end,
    })
    if (kept === undefined) return `${result}${hidden}${rest.slice(lastAt)}`
    result += kept
    from = end
  }
}

function withoutQuery(address: string): string {
  const scheme = address.indexOf('://')
  const query = scheme === -1 ? -1 : address.indexOf('?', scheme)
  if (query !== -1 && query < address.length - 1) return `${address.slice(0, query)}?${hidden}`
  const fragment = address.indexOf('#')
  const assigns = fragment !== -1 && address.includes('=', fragment)
  return assigns ? `${address.slice(0, fragment)}#${hidden}` : address
}

function endOfAuthority(text: string, start: number): number {
  authorityEnd.lastIndex = start
  return authorityEnd.exec(text)?.index ?? text.length
}

const authorityEnd = /[/?#]/g

interface Surroundings {
  readonly hasScheme: boolean
  readonly isFirst: boolean
  readonly hasLaterAt: boolean
}

/**
 * Returns the part of an authority that may be shown; undefined when a password starts there and ends at a later `@`.
 */
function keptOfAuthority(
  authority: string,
  { hasScheme, isFirst, hasLaterAt }: Surroundings,
): string | undefined {
  if (!hasScheme && !isFirst) return authority
  const at = authority.lastIndexOf('@')
  if (at !== -1) return `${hidden}${authority.slice(at)}`
  // A password that is not percent-encoded may contain characters that end an authority: `user:pa/ss@host`.
  const user = hasScheme ? /^[^:[\]]*:(?!\d*[:.,;)}\]]*$)/.exec(authority)?.[0] : undefined
  if (user === undefined) return authority
  return hasLaterAt ? undefined : `${user}${hidden}`
}
