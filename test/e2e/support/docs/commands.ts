import { spawn } from 'node:child_process'
import { matchesParts } from '../../../../scripts/lib/model/text/wildcard.ts'
import type { Block } from '../../../unit/support/texts/markdown-blocks.ts'

/** A command on a page, with the output that the page shows. */
export interface Command {
  readonly text: string
  readonly shown: readonly string[]
}

/** Reads `$ command` and its output from a `console` block; any other block is one command without output. */
export function readCommands({ language, text }: Block): Command[] {
  if (language !== 'console') return [{ text, shown: [] }]
  const commands: { text: string; shown: string[] }[] = []
  for (const line of text.split('\n')) {
    const last = commands.at(-1)
    if (line.startsWith('$ ')) commands.push({ text: line.slice(2), shown: [] })
    else if (last === undefined) throw new Error(`there is no command above "${line}"`)
    else if (last.text.endsWith('\\') && last.shown.length === 0) last.text += `\n${line}`
    else last.shown.push(line)
  }
  return commands
}

/** The exit code of a command, and its output on both streams in order. */
export interface Ending {
  readonly code: number | null
  readonly printed: string
}

/** Runs a command in a shell, as a reader would. */
export function runInShell(
  command: string,
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ending> {
  const script = `exec 2>&1\n${command}`
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  return new Promise((settle, reject) => {
    child.on('error', reject)
    child.on('close', (code) => settle({ code, printed }))
  })
}

/**
 * Returns the shown lines that were not printed. Numbers (including times) and white space are ignored, and `…`
 * stands for any text, or for any number of lines if it is the whole line.
 */
export function findMissing(shown: readonly string[], printed: string): string[] {
  const lines = printed.split('\n').map(normalize)
  return shown.filter((one) => {
    const parts = normalize(one).split('…')
    return !lines.some((line) => matchesParts(line, parts))
  })
}

function normalize(line: string): string {
  return line
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\d+(?:\.\d+)*/g, '0')
}
