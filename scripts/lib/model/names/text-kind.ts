/**
 * A kind of text that ends up in an argument of another program. Its form is checked once, where it enters. Patterns
 * match in linear time, and never match text that starts with a dash.
 */
export interface TextKind {
  /** With its article: `a release name`. */
  readonly what: string
  /** Maximum characters. */
  readonly longest: number
  /** Matches the whole text. */
  readonly pattern: RegExp
  /** Its rule, in words. */
  readonly rule: string
  /** A valid example. */
  readonly example: string
}

export function isOfKind(
  { longest, pattern }: Pick<TextKind, 'longest' | 'pattern'>,
  text: string,
): boolean {
  return text.length <= longest && pattern.test(text)
}

/**
 * Describes why a text is not of a kind, with the rule and an example. Quotes the text as JSON, and shortens it if it
 * is long.
 */
export function describeTextFault({ what, rule, example }: TextKind, text: string): string {
  return `${quote(text)} is not ${what}: expected ${rule}, for example ${example}`
}

const longestShown = 60

function quote(text: string): string {
  const isLong = text.length > longestShown
  return JSON.stringify(isLong ? `${text.slice(0, longestShown)}…` : text)
}
