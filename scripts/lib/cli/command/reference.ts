import { groupBy } from '../../model/collections.ts'
import type { CliCommand } from './command.ts'
import { explain, usageOf } from './flag.ts'
import { allFlags } from './parser.ts'

/** Renders a command as a section of the command reference, in Markdown. */
export function renderReference(command: CliCommand): string {
  const { script, summary, operands, notes = [], exitCodes, examples } = command
  const names = Object.entries(operands)
  const usage = ['npx tsx', script, ...names.map(([name]) => `<${name}>`), '[flags]'].join(' ')
  const groups = groupBy(Object.entries(allFlags(command)), ([, flag]) => flag.group ?? 'General')
  const blocks = [
    `## ${script}`,
    summary,
    fenced(usage),
    ...tableOf(
      ['argument', 'meaning'],
      names.map(([name, { about, choices }]) => [
        `\`<${name}>\``,
        choices === undefined ? about : `${about} (one of ${choices.join(', ')})`,
      ]),
    ),
    ...[...groups].flatMap(([heading, members]) =>
      tableOf(
        [heading, 'meaning'],
        members.map(([name, flag]) => [`\`${usageOf(name, flag)}\``, explain(flag)]),
      ),
    ),
    ...notes,
    ...tableOf(['exit code', 'meaning'], Object.entries(exitCodes)),
    ...(examples.length === 0
      ? []
      : [fenced(examples.map((example) => `npx tsx ${script} ${example}`.trimEnd()).join('\n'))]),
  ]
  return `${blocks.join('\n\n')}\n`
}

function fenced(text: string): string {
  return `\`\`\`sh\n${text}\n\`\`\``
}

/** Renders a table whose cells may contain any text; nothing without rows. */
function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const lines = [head, head.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map(inCell).join(' | ')} |`,
  )
  return [lines.join('\n')]
}

function inCell(text: string): string {
  const cell = text.replaceAll('|', '\\|')
  return cell.startsWith('`') ? cell : cell.replaceAll('<', '&lt;')
}
