import { compareText } from '../../../model/collections.ts'

/** Returns whether any of these texts ends in another one; each question takes logarithmic time. */
export function createEndings(texts: readonly string[]): (ending: string) => boolean {
  const reversed = texts.map(reverse).toSorted(compareText)
  return (ending) => {
    const wanted = reverse(ending)
    let [low, high] = [0, reversed.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((reversed[middle] ?? '') < wanted) low = middle + 1
      else high = middle
    }
    return reversed[low]?.startsWith(wanted) ?? false
  }
}

/** By code units, as `endsWith` compares. */
function reverse(text: string): string {
  let reversed = ''
  for (let index = text.length - 1; index >= 0; index -= 1) reversed += text.charAt(index)
  return reversed
}
