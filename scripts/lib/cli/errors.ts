import { type Problem, sentenceOf } from '../model/problem.ts'
import { printableLines } from '../model/text/printable.ts'
import { redactSecrets } from '../model/text/redact.ts'
import type { Line } from './terminal.ts'

export interface FormatOptions {
  /** Adds the server's or tool's own words, and every member of a large group. */
  readonly verbose?: boolean | undefined
}

/** How many problems of one shape are spelled out before the rest is only counted. */
const groupLimit = 10
/** How many lines of one message are shown. */
const lineLimit = 50

/**
 * Formats problems for people: `error: <message>`, then `  → <next>`, with those of one shape together and their common
 * advice once. Lines after the first of a message, which may be anybody's words, stand behind a bar.
 */
export function formatProblems(
  problems: readonly Problem[],
  options: FormatOptions = {},
): readonly Line[] {
  const groups = new Map<string, Map<string, Problem>>()
  for (const problem of problems) {
    // What is solved in the same way belongs together, however differently it is worded.
    const shape = JSON.stringify([problem.kind, problem.next ?? problem.side])
    const group = groups.get(shape) ?? new Map<string, Problem>()
    // The same failure met twice is one line.
    const sentence = sentenceOf(problem)
    if (!group.has(sentence)) group.set(sentence, problem)
    groups.set(shape, group)
  }
  return [...groups.values()].flatMap((group) => formatGroup([...group.values()], options))
}

function formatGroup(group: readonly Problem[], { verbose }: FormatOptions): Line[] {
  const limit = verbose ? group.length : groupLimit
  // A single one over the limit takes the line that would count it.
  const shown = group.length === limit + 1 ? group : group.slice(0, limit)
  const lines = shown.flatMap((problem): Line[] => {
    const { detail } = problem
    const [first = '', ...others] = quote(sentenceOf(problem), verbose)
    return [
      { style: 'red', label: 'error:', rest: ` ${first}` },
      ...others.map((line) => `     | ${line}`),
      ...(verbose && detail ? quote(detail, verbose).map((line) => `  | ${line}`) : []),
    ]
  })
  const rest = group.length - shown.length
  if (rest > 0) lines.push(`  … and ${rest} more like these (--verbose shows all)`)
  const [{ next } = {}] = group
  if (next) {
    const [first = '', ...others] = quote(next, verbose)
    lines.push(`  → ${first}`, ...others.map((line) => `    | ${line}`))
  }
  return lines
}

/** The lines of a text that others may have written. */
function quote(text: string, isWhole = false): string[] {
  const lines = printableLines(redactSecrets(text))
  const rest = lines.length - lineLimit
  return isWhole || rest <= 1
    ? lines
    : [...lines.slice(0, lineLimit), `… (${rest} more lines; --verbose shows all)`]
}

/** 130 when interrupted, 2 when the user's input is wrong, else 1. */
export function exitCodeOf(problems: readonly Problem[]): number {
  const has = (...kinds: readonly Problem['kind'][]) =>
    problems.some(({ kind }) => kinds.includes(kind))
  if (has('interrupted')) return 130
  return has('usage', 'invalid-input', 'conflict') ? 2 : 1
}
