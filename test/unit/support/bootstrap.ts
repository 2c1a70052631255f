import { Command } from 'commander'
import type { BootstrapFlags } from '../../../scripts/lib/bootstrap/arguments.ts'
import { addBootstrapOptions, addMirrorOptions } from '../../../scripts/lib/bootstrap/flags.ts'
import type { Step } from '../../../scripts/lib/bootstrap/checklist.ts'

/** Reads a command line as `bootstrap.ts` does. */
export function parseBootstrap(line: string): BootstrapFlags {
  const command = addBootstrapOptions(new Command()).exitOverride()
  const givenForMirror = addMirrorOptions(command)
  command.parse(
    line.split(' ').filter((word) => word !== ''),
    { from: 'user' },
  )
  return { ...command.opts<BootstrapFlags>(), givenForMirror: givenForMirror() }
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
