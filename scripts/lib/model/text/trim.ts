/** Returns the text before the first of these characters; the whole text when it has none of them. */
export function beforeAny(text: string, characters: string): string {
  for (let at = 0; at < text.length; at += 1) {
    if (characters.includes(text.charAt(at))) return text.slice(0, at)
  }
  return text
}

/** Returns a text without any repetition of the character at its end. */
export function trimEndOf(text: string, character: string): string {
  // A pattern such as /\/+$/ takes quadratic time in a run that is followed by something else.
  let end = text.length
  while (end > 0 && text.charAt(end - 1) === character) end -= 1
  return text.slice(0, end)
}

/** Returns a text without the character at its start and end. */
export function trimOf(text: string, character: string): string {
  let start = 0
  while (start < text.length && text.charAt(start) === character) start += 1
  return trimEndOf(text.slice(start), character)
}
