import { createHash } from 'node:crypto'

/** One component of an ECR repository name. */
const legalComponent = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/
/**
 * The mark of an escaped component. A component that ends like this by chance is also escaped, so the two never
 * collide.
 */
const escapedComponent = /-x[0-9a-f]{12}$/

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** Turns any text into a readable valid component of at most `room` characters. */
function slug(text: string, room: number): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, (run) => (/^[._-]$/.test(run) ? run : '-'))
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, room)
    .replace(/[^a-z0-9]+$/, '')
  return plain === '' ? 'name' : plain
}

/** Appends the hash of `original` to a readable form of `text`: valid, and different for every original. */
export function markEscaped(text: string, original: string, room = 80): string {
  return `${slug(text, room)}-x${shortHash(original)}`
}

/**
 * Turns an upstream path component into one that is valid in ECR, injectively: valid components stay unchanged, all
 * others (`a__b`, `a--b`, `host:5000`) become `<readable>-x<12 hex digits of their SHA-256>`. The results differ in more
 * than their case, so they also name files.
 */
export function escapeComponent(component: string): string {
  const asItIs = legalComponent.test(component) && !escapedComponent.test(component)
  return asItIs ? component : markEscaped(component, component)
}

/** Escapes each component of a path, and shortens the result to `room` characters with a hash if it is too long. */
export function escapePath(path: string, room: number): string {
  const escaped = path.split('/').map(escapeComponent).join('/')
  if (escaped.length <= room) return escaped
  // Kept to one component, so that the hash ends a component and the mark above stays unambiguous.
  return markEscaped(escaped.replaceAll('/', '-'), path, room - 14)
}
