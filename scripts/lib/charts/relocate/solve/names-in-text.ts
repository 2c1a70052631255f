import type { Steps } from '../../../steps/steps.ts'

/** The location of a name in a text. */
export interface NameSpan {
  readonly start: number
  readonly end: number
}

/** Characters that are read without a break. */
const stride = 1_000

const partOfName = /[A-Za-z0-9._/:-]/
const joinsBefore = /[A-Za-z0-9._/-]/
const joinsBehind = /[A-Za-z0-9_/-]/

/**
 * Finds image names in a text, as whole words only; of several that start at one offset, the longest. Takes the same
 * time however many names there are.
 */
export function* namesInText(
  text: string,
  names: ReadonlySet<string>,
  longest: number,
): Steps<NameSpan[]> {
  const spans: NameSpan[] = []
  for (let start = 0; start < text.length; start += 1) {
    if (start % stride === stride - 1) yield
    if (start > 0 && joinsBefore.test(text.charAt(start - 1))) continue
    const end = endsOf(text, start, longest).find((at) => names.has(text.slice(start, at)))
    if (end === undefined) continue
    spans.push({ start, end })
    start = end - 1
  }
  return spans
}

/** Returns where a name that starts at an offset may end, the furthest first. */
function endsOf(text: string, start: number, longest: number): number[] {
  const ends: number[] = []
  let colons = 0
  for (let end = start; end < text.length && end - start < longest; end += 1) {
    const character = text.charAt(end)
    if (!partOfName.test(character)) break
    // A name has at most one colon, before a port.
    if (character === ':') colons += 1
    if (colons > 1) break
    if (!joinsBehind.test(text.charAt(end + 1))) ends.push(end + 1)
  }
  return ends.toReversed()
}
