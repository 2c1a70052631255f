import { createParser } from '../../../scripts/lib/cli/command/parser.ts'
import { bootstrap, type BootstrapFlags } from '../../../scripts/lib/commands/bootstrap.ts'
import type { Step } from '../../../scripts/lib/bootstrap/checklist.ts'

/** Reads a command line as `bootstrap.ts` does. Throws what the parser throws. */
export async function parseBootstrap(line: string): Promise<BootstrapFlags> {
  const read: BootstrapFlags[] = []
  const parser = createParser(bootstrap, '0.0.0', async ({ flags }) => void read.push(flags))
  const words = line.split(' ').filter((word) => word !== '')
  await parser.configureOutput({ writeErr: () => undefined }).parseAsync(words, { from: 'user' })
  const [flags] = read
  if (flags === undefined) throw new Error(`the command line was not read: ${line}`)
  return flags
}

/** A step that remembers what it was told. */
export function recordStep(): Step & { readonly told: string[] } {
  const told: string[] = []
  const tell = (kind: string) => (text: string) => void told.push(`${kind}: ${text}`)
  return {
    told,
    note: tell('note'),
    show: (lines) => lines.forEach(tell('show')),
    wait: tell('wait'),
    changing: () => undefined,
    done: tell('done'),
    unchanged: tell('unchanged'),
  }
}
