import type { Problem } from '../problem.ts'
import { redactAddress, redactSecrets } from '../text/redact.ts'

/** A scheme with any slashes: URL parsers accept `https:\\host` and `https:host` for `https://host`. */
const schemePattern = /^[a-z][a-z0-9+.-]*:[/\\]*/i

/**
 * True when an address with a scheme holds a user name or a password: `@` in its authority, percent-encoded or empty
 * parts included, or something that can only be a password with a slash in it. `@` in the path is legal.
 */
export function hasUserInfo(text: string): boolean {
  const scheme = schemePattern.exec(text.trim())?.[0]
  if (scheme === undefined) return false
  // An address within an address also counts.
  return withSlashes(text.trim().slice(scheme.length)).split('://').some(beginsWithUserInfo)
}

function beginsWithUserInfo(rest: string): boolean {
  const [authority = ''] = rest.split(/[/?#]/, 1)
  if (authority.includes('@')) return true
  const isHost = /^(?:[^:[\]]*|\[[^[\]]*\])(?::\d*)?$/.test(authority)
  return !isHost && rest.includes('@')
}

/** Returns an address as URL parsers read it: backslashes are slashes, and one slash after a scheme is enough. */
function withSlashes(address: string): string {
  return address.replaceAll('\\', '/').replaceAll(/:\/+/g, '://')
}

/**
 * Returns an address from a user or a file in a form that is safe for messages: without user, password, query and so
 * on.
 */
export function showAddress(text: string): string {
  const trimmed = text.trim()
  const scheme = schemePattern.exec(trimmed)?.[0] ?? ''
  const written = withSlashes(trimmed.slice(scheme.length))
  // A password with a blank must not look like two words.
  const rest = written.includes('@') ? written.replaceAll(/\s/g, '%20') : written
  return redactSecrets(`${scheme}${redactAddress(`://${rest}`).slice(3)}`)
}

/** Returns the problem of an address with credentials. */
export function userInfoProblem(what: string, address: string): Problem {
  return {
    kind: 'invalid-input',
    side: 'input',
    message: `${what} "${showAddress(address)}" contains a user name or password, which would appear in logs and process lists`,
    next: 'remove everything before the "@"; the source must be readable without a login (for Docker Hub, set DOCKERHUB_USERNAME and DOCKERHUB_TOKEN)',
  }
}

/** Returns a URL that is safe for messages: without user, password and query, all of which may be secrets. */
export function redactUrl(url: string | URL): string {
  if (!URL.canParse(String(url))) return 'an invalid URL'
  const { protocol, host, pathname, search } = new URL(url)
  return `${protocol}//${host}${pathname}${search === '' ? '' : '?…'}`
}

/**
 * Checks a URL that a server named, by its text only: it must have no credentials, use HTTP or HTTPS, and not be less
 * secure than the server's own URL. Returns the problem, if any.
 */
export function judgeNamed(url: URL, namedBy: URL): Problem | undefined {
  const points = `"${redactUrl(namedBy)}" points to`
  const base = { kind: 'unsafe-address', side: 'source' } as const
  if (url.username !== '' || url.password !== '') {
    return {
      ...base,
      message: `${points} "${redactUrl(url)}", which contains a user name or password and is not followed`,
      next: 'ask the publisher to remove the credentials: they would appear in logs and process lists',
    }
  }
  if (url.protocol !== 'https:' && url.protocol !== namedBy.protocol) {
    return {
      ...base,
      message: `${points} "${redactUrl(url)}", which is less secure and is not followed`,
      next: 'ask its publisher to serve it over HTTPS only',
    }
  }
  return undefined
}
