import type { Problem } from '../model/problem.ts'

export interface FormatOptions {
  readonly color?: boolean
  /** Adds the server's or tool's own words, and every member of a large group. */
  readonly verbose?: boolean
}

/** How many problems of one shape are spelled out before the rest is only counted. */
const groupLimit = 10

/** `error: <message>`, then `  → <next>`; with `verbose` the detail in between. Ends with a line break. */
export function formatProblem(problem: Problem, options: FormatOptions = {}): string {
  return formatProblems([problem], options)
}

/** Formats problems with those of one shape together and their common advice once. */
export function formatProblems(problems: readonly Problem[], options: FormatOptions = {}): string {
  const groups = new Map<string, Map<string, Problem>>()
  for (const problem of problems) {
    // What is solved in the same way belongs together, however differently it is worded.
    const shape = JSON.stringify([
      problem.kind,
      problem.next ?? problem.message.replaceAll(/"[^"]*"/g, '""'),
    ])
    const group = groups.get(shape) ?? new Map<string, Problem>()
    // The same failure met twice is one line.
    if (!group.has(problem.message)) group.set(problem.message, problem)
    groups.set(shape, group)
  }
  return [...groups.values()].map((group) => formatGroup([...group.values()], options)).join('')
}

/** The same for stderr: in color where that is a terminal that wants it. */
export function formatForTerminal(problems: readonly Problem[], verbose = false): string {
  const color = process.stderr.isTTY && !process.env['NO_COLOR']
  return formatProblems(problems, { color, verbose })
}

function formatGroup(group: readonly Problem[], { color, verbose }: FormatOptions): string {
  const label = color ? '\u001B[31merror:\u001B[0m' : 'error:'
  const limit = verbose ? group.length : groupLimit
  // A single one over the limit takes the line that would count it.
  const shown = group.length === limit + 1 ? group : group.slice(0, limit)
  const lines = shown.flatMap(({ message, detail }) => [
    `${label} ${indent(message, '       ')}`,
    ...(verbose && detail ? [`  ${indent(detail, '  ')}`] : []),
  ])
  const rest = group.length - shown.length
  if (rest > 0) lines.push(`  … and ${rest} more like these (--verbose shows all)`)
  const [{ next } = {}] = group
  if (next) lines.push(`  → ${indent(next, '    ')}`)
  return `${lines.join('\n')}\n`
}

function indent(text: string, margin: string): string {
  return escapeControls(text).replaceAll('\n', `\n${margin}`)
}

/** Makes control and direction characters visible: words of servers must not steer the terminal. */
export function escapeControls(text: string): string {
  return text.replaceAll(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** 130 when interrupted, 2 when the user's input is wrong, else 1. */
export function exitCodeOf(problems: readonly Problem[]): number {
  const has = (...kinds: readonly Problem['kind'][]) =>
    problems.some(({ kind }) => kinds.includes(kind))
  if (has('interrupted')) return 130
  return has('usage', 'invalid-input', 'conflict') ? 2 : 1
}
