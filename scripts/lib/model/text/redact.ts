const hidden = '***'

/** What ends an address within a sentence, Go's quotes and JSON included. */
const addressEnd = /[\s"'`<>\\]/g
/** An authority is at most this long; whatever is longer is not one. */
const longestAuthority = 8_192

/**
 * Secrets that have a shape of their own. Each pattern starts with fixed text and goes on with one run of characters, so
 * that the time is linear in the text.
 */
const shaped: readonly (readonly [RegExp, string])[] = [
  // What a client sends: `Authorization: Basic …`, echoed by some servers.
  [/\b(Basic|Bearer) +[A-Za-z0-9+/=._~-]{8,}/gi, `$1 ${hidden}`],
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
  let result = ''
  let from = 0
  for (;;) {
    const found = text.indexOf('//', from)
    if (found === -1) return result + text.slice(from)
    const start = found + 2
    // `//` within a path begins no address; `scheme://` and a bare `//` do.
    const before = text[found - 1]
    const hasScheme = before === ':'
    if (!hasScheme && before !== undefined && !/[\s"'`<>(=]/.test(before)) {
      result += text.slice(from, start)
      from = start
      continue
    }
    addressEnd.lastIndex = start
    const end = addressEnd.exec(text)?.index ?? text.length
    result += text.slice(from, start) + redactAddress(text.slice(start, end), hasScheme)
    from = end
  }
}

/** Redacts one address, or what stands after its `//`. */
export function redactAddress(address: string, hasScheme = true): string {
  const slash = /[/?#]/.exec(address.slice(0, longestAuthority))?.index ?? address.length
  const authority = address.slice(0, slash)
  const at = authority.lastIndexOf('@')
  if (at !== -1) return `${hidden}${redactRest(address.slice(at), hasScheme)}`
  // A password that is not percent-encoded may hold what ends an authority: `user:pa/ss@host`.
  const colon = hasScheme ? /^[^:[\]]*:(?!\d*[:.,;)}\]]*$)/.exec(authority) : null
  if (colon === null) return redactRest(address, hasScheme)
  const later = address.indexOf('@', slash)
  return later === -1
    ? `${colon[0]}${hidden}${redactRest(address.slice(slash), hasScheme)}`
    : `${hidden}${redactRest(address.slice(later), hasScheme)}`
}

function redactRest(rest: string, hasScheme: boolean): string {
  const query = hasScheme ? rest.indexOf('?') : -1
  const fragment = rest.indexOf('#')
  if (query !== -1 && query < rest.length - 1) return `${rest.slice(0, query)}?${hidden}`
  if (fragment !== -1 && rest.includes('=', fragment)) return `${rest.slice(0, fragment)}#${hidden}`
  return rest
}
