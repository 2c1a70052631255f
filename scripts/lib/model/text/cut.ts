/** Characters of a server's or a tool's words that are matched and shown. The rest says nothing new. */
const maximumWords = 16 * 1024

/** Stands where text was left out. It has no digits: they would be taken for a status code. */
const cutMark = ' [… text left out …] '

/** No URL, header or token goes beyond these. */
const wordEnds = /[\s"'<>{}]/

/**
 * Returns the start and the end of a long text with a mark between them; a short text as it is. Words are never cut in
 * two: half of a secret would no longer look like one.
 */
export function cutMiddle(text: string, maximum = maximumWords): string {
  if (text.length <= maximum) return text
  const head = text.slice(0, Math.ceil((maximum * 3) / 4))
  const tail = text.slice(-Math.floor(maximum / 4))
  return `${withoutLastWord(head)}${cutMark}${withoutFirstWord(tail)}`
}

function withoutLastWord(text: string): string {
  let end = text.length
  while (end > 0 && !wordEnds.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

function withoutFirstWord(text: string): string {
  const start = text.search(wordEnds)
  return start === -1 ? '' : text.slice(start)
}
