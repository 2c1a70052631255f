/**
 * A kind of text that ends up in an argument of another program: what it may look like is decided once, where it
 * enters. Patterns match in linear time, and never a text that begins with a dash.
 */
export interface TextKind {
  /** With its article: `a release name`. */
  readonly what: string
  /** The most characters. */
  readonly longest: number
  /** Of the whole text. */
  readonly pattern: RegExp
  /** What it consists of, for people. */
  readonly rule: string
  /** How it is written, for example. */
  readonly example: string
}

export function isOfKind(
  { longest, pattern }: Pick<TextKind, 'longest' | 'pattern'>,
  text: string,
): boolean {
  return text.length <= longest && pattern.test(text)
}

/** Says that a text is not of a kind, and how such a text looks. The text is quoted as JSON, and cut when it is long. */
export function describeFault({ what, rule, example }: TextKind, text: string): string {
  return `${quote(text)} is not ${what}: expected ${rule}, for example ${example}`
}

const longestShown = 60

function quote(text: string): string {
  const isLong = text.length > longestShown
  return JSON.stringify(isLong ? `${text.slice(0, longestShown)}…` : text)
}
