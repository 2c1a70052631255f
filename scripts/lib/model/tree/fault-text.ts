import { maximumDepth } from './check.ts'
import type { JsonFault } from './json.ts'

const sentences: Readonly<Record<Exclude<JsonFault, 'syntax'>, string>> = {
  depth: `nested more than ${maximumDepth} levels deep`,
  aliases: 'aliases expand to more values than any chart needs',
  number: 'infinity and NaN are not allowed: helm rejects them',
  unicode: 'text with an unpaired surrogate is not valid Unicode',
  kind: 'a value of a type that JSON does not have',
  length: 'the document is too large',
}

/** Describes a fault in words, without its location. `words` are the parser's own. */
export function describeTreeFault(fault: JsonFault, words = ''): string {
  return fault === 'syntax' ? words : sentences[fault]
}
