import { type Problem, sentenceOf } from '../model/problem.ts'
import { printableLines } from '../model/text/printable.ts'
import { redactSecrets } from '../model/text/redact.ts'
import type { Line } from './terminal.ts'

export interface FormatOptions {
  /** Adds the server's or tool's own message, and every member of a large group. */
  readonly verbose?: boolean | undefined
}

/** Number of similar problems that are printed before the rest is only counted. */
const groupLimit = 10
/** Maximum lines per message. */
const lineLimit = 50

/**
 * Formats problems for people: `error: <message>`, then `  → <next>`. Groups similar problems and prints their common
 * advice once. Marks the further lines of a message, which may be external text, with a bar.
 */
export function formatProblems(
  problems: readonly Problem[],
  options: FormatOptions = {},
): readonly Line[] {
  const groups = new Map<string, Map<string, Problem>>()
  for (const problem of problems) {
    // Problems with the same solution are grouped, even with different messages.
    const shape = JSON.stringify([problem.kind, problem.next ?? problem.side])
    const group = groups.get(shape) ?? new Map<string, Problem>()
    // A repeated failure is printed once.
    const sentence = sentenceOf(problem)
    if (!group.has(sentence)) group.set(sentence, problem)
    groups.set(shape, group)
  }
  return [...groups.values()].flatMap((group) => formatGroup([...group.values()], options))
}

function formatGroup(group: readonly Problem[], { verbose }: FormatOptions): Line[] {
  const limit = verbose ? group.length : groupLimit
  // A single problem over the limit takes the line that would count it.
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
  if (rest > 0) lines.push(`  … and ${rest} more like these (use --verbose to show all)`)
  const [{ next } = {}] = group
  if (next) {
    const [first = '', ...others] = quote(next, verbose)
    lines.push(`  → ${first}`, ...others.map((line) => `    | ${line}`))
  }
  return lines
}

/** Returns the lines of a possibly external text. */
function quote(text: string, isWhole = false): string[] {
  const lines = printableLines(redactSecrets(text))
  const rest = lines.length - lineLimit
  return isWhole || rest <= 1
    ? lines
    : [...lines.slice(0, lineLimit), `… (${rest} more lines; use --verbose to show all)`]
}

/** Returns 130 when interrupted, 2 for invalid user input, else 1. */
export function exitCodeOf(problems: readonly Problem[]): number {
  const has = (...kinds: readonly Problem['kind'][]) =>
    problems.some(({ kind }) => kinds.includes(kind))
  if (has('interrupted')) return 130
  return has('usage', 'invalid-input', 'conflict') ? 2 : 1
}
