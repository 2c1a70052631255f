/** Maximum characters of a server's or tool's message that are matched and shown. The rest adds nothing. */
const maximumWords = 16 * 1024

/** Marks omitted text. It has no digits, which could be mistaken for a status code. */
const cutMark = ' [… text left out …] '

/** Characters that end URLs, headers and tokens. */
const wordEnds = /[\s"'<>{}]/

/**
 * Returns the start and the end of a long text with a mark between them; a short text unchanged. Never cuts words in
 * two, because half a secret would no longer look like one.
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
