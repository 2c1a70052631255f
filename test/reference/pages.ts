import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { renderReference } from '../../scripts/lib/cli/command/reference.ts'
import { commands } from '../../scripts/lib/commands/all.ts'

const project = resolve(import.meta.dirname, '../..')

/** A page with its expected text. */
export interface Page {
  readonly file: string
  readonly text: string
}

/** Returns the pages generated from the commands: the command reference, and the README with its table. */
export async function readPages(): Promise<Page[]> {
  const readme = join(project, 'README.md')
  const reference = join(project, 'docs/commands.md')
  const texts = [
    [reference, commandReference()],
    [readme, withCommandTable(await readFile(readme, 'utf8'))],
  ] as const
  return Promise.all(
    texts.map(async ([file, text]) => {
      const config = await resolveConfig(file)
      return { file, text: await format(text, { ...config, filepath: file }) }
    }),
  )
}

function commandReference(): string {
  return [
    '# Command reference',
    'This page is generated from the command definitions in `scripts/lib/commands` with `npm run reference`. Every command prints the same text with `--help`.',
    ...commands.map(renderReference),
  ].join('\n\n')
}

const begin = '<!-- commands: npm run reference writes this table -->'
const end = '<!-- end of commands -->'

/** Replaces the table of commands. Throws an `Error` if the page does not contain both markers once. */
function withCommandTable(page: string): string {
  const [head, ...others] = page.split(begin)
  const [, tail, ...more] = others.join(begin).split(end)
  if (head === undefined || tail === undefined || others.length > 1 || more.length > 0) {
    throw new Error(`the page needs "${begin}" and "${end}" once each`)
  }
  const rows = commands.map(({ script, summary }) => `| \`${script}\` | ${summary} |`)
  const table = ['| command | what it does |', '| --- | --- |', ...rows].join('\n')
  return `${head}${begin}\n\n${table}\n\n${end}${tail}`
}
