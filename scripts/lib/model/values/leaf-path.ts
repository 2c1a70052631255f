/** Keys and indices from the root of a values file to one value. */
export type LeafPath = readonly (string | number)[]

/** Formats a path as `a.b[0].c`, for display and for keys of the chart list; quotes a key with a dot or bracket. */
export function formatLeafPath(path: LeafPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`
      const word = /[.[\]"]/.test(part) ? `["${part}"]` : part
      return index === 0 || word !== part ? word : `.${word}`
    })
    .join('')
}

/** Parses the result of `formatLeafPath`; returns undefined when the text is not a path. */
export function parseLeafPath(text: string): LeafPath | undefined {
  const path: (string | number)[] = []
  const step = /\.?([^.[\]"]+)|\[(\d+)\]|\["([^"]+)"\]/y
  while (step.lastIndex < text.length) {
    const match = step.exec(text)
    if (match === null) return undefined
    const [, word, index, quoted] = match
    path.push(index === undefined ? (word ?? quoted ?? '') : Number(index))
  }
  return path.length === 0 ? undefined : path
}

/** True when the paths are equal or one is inside the other. */
export function overlaps(a: LeafPath, b: LeafPath): boolean {
  const [shorter, longer] = a.length <= b.length ? [a, b] : [b, a]
  return shorter.every((key, index) => key === longer[index])
}

/** Returns the path up to its first index: helm replaces lists as a whole, so an override has to set all of it. */
export function listRoot(path: LeafPath): LeafPath {
  const index = path.findIndex((part) => typeof part === 'number')
  return index === -1 ? path : path.slice(0, index)
}

/** More than people write, but not enough to fill the memory when thousands of leaves are below one path. */
export const pathLimits = { steps: 64, characters: 1_024 } as const

/** Returns the length that one step adds to a path. */
export function lengthOfStep(part: string | number): number {
  return typeof part === 'string' ? part.length + 1 : 4
}

/** True for a path that a user could set in a values file; deeper ones are not tried. */
export function isNameable(path: LeafPath): boolean {
  if (path.length > pathLimits.steps) return false
  let characters = 0
  for (const part of path) characters += lengthOfStep(part)
  return characters <= pathLimits.characters
}
