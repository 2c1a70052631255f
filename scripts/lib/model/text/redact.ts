const hidden = '***'

/** Addresses end at blanks and quotes, those of Go and JSON included. */
const word = /[^\s"'`<>\\]+/g

/**
 * Secrets that have a shape of their own. Each pattern starts with fixed text and goes on with one run of characters, so
 * that the time is linear in the text.
 */
const shaped: readonly (readonly [RegExp, string])[] = [
  // What a client sends: `Authorization: Basic …`, echoed by some servers. A word in lower case is no secret.
  [/\b([Bb]asic|[Bb]earer) +(?=[a-z.-]*[A-Z0-9+/=_~])[A-Za-z0-9+/=._~-]{8,}/g, `$1 ${hidden}`],
  // JSON web tokens, and the passwords of ECR, which are JSON in base64.
  [/\beyJ[A-Za-z0-9+/=._-]{20,}/g, hidden],
  // Session tokens of STS: base64 of what they all begin with.
  [/\b(?:IQoJ|FwoG|FQoG|AgoJ)[A-Za-z0-9+/=%]{40,}/g, hidden],
  // Ids of access keys are no secrets, but they belong to people.
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
 * Removes what may be secret from words of tools, servers and people: user names and passwords in addresses, query
 * strings, tokens and keys. Linear in the length of the text.
 */
export function redactSecrets(text: string): string {
  return shaped.reduce((rest, [pattern, by]) => rest.replace(pattern, by), redactAddresses(text))
}

/** Removes user information, query strings and fragments that assign something from every `…://…` of a text. */
function redactAddresses(text: string): string {
  return text.replace(word, (one) => (one.includes('//') ? redactAddress(one) : one))
}

/** Redacts one address, and whatever addresses are within it. Linear in its length. */
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
      // `//` within a path begins no address.
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

/** What may be shown of an authority; nothing when a password begins there and ends at a later `@`. */
function keptOfAuthority(
  authority: string,
  { hasScheme, isFirst, hasLaterAt }: Surroundings,
): string | undefined {
  if (!hasScheme && !isFirst) return authority
  const at = authority.lastIndexOf('@')
  if (at !== -1) return `${hidden}${authority.slice(at)}`
  // A password that is not percent-encoded may hold what ends an authority: `user:pa/ss@host`.
  const user = hasScheme ? /^[^:[\]]*:(?!\d*[:.,;)}\]]*$)/.exec(authority)?.[0] : undefined
  if (user === undefined) return authority
  return hasLaterAt ? undefined : `${user}${hidden}`
}
