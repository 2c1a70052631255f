import type { LeafPath } from '../../../model/values/leaf-path.ts'

/** A set of paths that knows their prefixes. */
export interface PathSet {
  readonly add: (path: LeafPath) => void
  /** True when one of the paths equals this one, or is above or below it. */
  readonly overlaps: (path: LeafPath) => boolean
  /** True when one of the paths is below this one. */
  readonly hasBelow: (path: LeafPath) => boolean
}

/** Creates a path set. A lookup takes time proportional to the path only, not to the number of paths. */
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

/** Returns the prefixes of a path, from the root to the path itself. */
function prefixesOf(path: LeafPath): string[] {
  let prefix = ''
  return ['', ...path.map((part) => (prefix += `${JSON.stringify(part)},`))]
}
