/**
 * Yields the texts between `{{` and the last `}}` before the next one: an action may contain `}}` in a string or in a
 * comment, and text behind it does no harm. They are not made all at once, because a file can have millions of them.
 */
export function* actionsOf(text: string): Generator<string> {
  for (let start = text.indexOf('{{'); start !== -1;) {
    const next = text.indexOf('{{', start + 2)
    const rest = text.slice(start + 2, next === -1 ? text.length : next)
    const end = rest.lastIndexOf('}}')
    yield end === -1 ? rest : rest.slice(0, end)
    start = next
  }
}
