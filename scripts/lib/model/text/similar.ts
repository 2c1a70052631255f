/** Returns up to three names similar to the given one, most similar first. */
export function similarNames(written: string, names: Iterable<string>): string[] {
  const own = pairsOf(written)
  return [...new Set(names)]
    .map((name) => ({ name, likeness: likenessOf(own, pairsOf(name)) }))
    .filter(({ likeness }) => likeness >= 0.4)
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, 3)
    .map(({ name }) => name)
}

/** Maximum letters of a name that are compared, because comparing takes quadratic time. */
const longestName = 100

/** Returns pairs of adjacent letters, which survive swaps, omissions and reordered parts. */
function pairsOf(text: string): readonly string[] {
  const plain = text
    .slice(0, longestName)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
  return Array.from({ length: Math.max(0, plain.length - 1) }, (_, at) => plain.slice(at, at + 2))
}

/** Returns Dice's coefficient: 1 for the same pairs, 0 for none in common. */
function likenessOf(one: readonly string[], other: readonly string[]): number {
  const left = [...other]
  const common = one.filter((pair) => {
    const at = left.indexOf(pair)
    if (at !== -1) left.splice(at, 1)
    return at !== -1
  })
  return one.length + other.length === 0 ? 0 : (2 * common.length) / (one.length + other.length)
}
