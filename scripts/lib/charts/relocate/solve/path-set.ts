import type { LeafPath } from '../../../model/values/leaf-path.ts'

/** A set of paths that knows which paths lead into it. */
export interface PathSet {
  readonly add: (path: LeafPath) => void
  /** True when one of the paths is this one, lies below it, or leads to a place above it. */
  readonly overlaps: (path: LeafPath) => boolean
  /** True when one of the paths lies below this one. */
  readonly hasBelow: (path: LeafPath) => boolean
}

/** Collects paths. What is asked of it takes time in proportion to the path alone, not to the number of paths. */
export function createPathSet(paths: Iterable<LeafPath> = []): PathSet {
  const own = new Set<string>()
  const above = new Set<string>()
  const add = (path: LeafPath) => {
    const prefixes = prefixesOf(path)
    own.add(prefixes.pop() ?? '')
    for (const prefix of prefixes) above.add(prefix)
  }
  for (const path of paths) add(path)
  return {
    add,
    overlaps: (path) => {
      const prefixes = prefixesOf(path)
      return above.has(prefixes.at(-1) ?? '') || prefixes.some((prefix) => own.has(prefix))
    },
    hasBelow: (path) => above.has(prefixesOf(path).at(-1) ?? ''),
  }
}

/** The root, and what leads from there to the path, itself the last. */
function prefixesOf(path: LeafPath): string[] {
  let prefix = ''
  return ['', ...path.map((part) => (prefix += `${JSON.stringify(part)},`))]
}
