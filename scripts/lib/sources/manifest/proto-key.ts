/** A key that would set an object's prototype when a tree is copied key by key. */
const unsafe = '__proto__'

/**
 * Finds every `__proto__` key in parsed data, with its path. `JSON.parse` and the YAML reader create an own property
 * for it, so it survives parsing.
 */
export function findProtoKeys(root: unknown): PropertyKey[][] {
  const found: PropertyKey[][] = []
  const left: { readonly node: unknown; readonly path: readonly PropertyKey[] }[] = [
    { node: root, path: [] },
  ]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { node, path } = next
    if (typeof node !== 'object' || node === null) continue
    for (const [key, child] of Object.entries(node)) {
      const at = [...path, Array.isArray(node) ? Number(key) : key]
      if (key === unsafe) found.push(at)
      else if (typeof child === 'object') left.push({ node: child, path: at })
    }
  }
  return found
}
