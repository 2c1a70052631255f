import type { Terminal } from '../terminal.ts'
import type { Flags, FlagValues } from './flag.ts'
import { toggle } from './kinds.ts'

/** What a command gets from the process that it runs in. */
export interface Context {
  /** Aborted by the first signal that ends a process, and when the reader of stdout goes away. */
  readonly signal: AbortSignal
  readonly env: NodeJS.ProcessEnv
  /** Prints a result for people on stdout, line by line. */
  readonly print: Terminal['print']
  /** Prints progress and messages on stderr, line by line. */
  readonly log: Terminal['print']
  /** Writes a result for machines, such as JSON or YAML, to stdout exactly as it is. */
  readonly output: (text: string) => void
}

/** A positional argument. Its name in a command's `operands` is the one that help shows. */
export interface Operand<Word extends string = string> {
  readonly about: string
  readonly choices?: readonly Word[]
}

export type Operands = Readonly<Record<string, Operand>>

type OperandValues<O extends Operands> = {
  readonly [Name in keyof O]: O[Name] extends Operand<infer Word> ? Word : never
}

/** The flags that every command has. */
export const commonFlags = {
  quiet: toggle('print only results and errors', { short: 'q' }),
  verbose: toggle('print more progress, and the details of errors', { short: 'v' }),
}

/** The values of a command's own flags and of the common ones. */
export type Values<F extends Flags> = FlagValues<F & typeof commonFlags>

/** A command line that was read and whose flags go together. */
export interface Call<O extends Operands, F extends Flags> {
  readonly operands: OperandValues<O>
  readonly flags: Values<F>
}

/** A command as one value: the parser, the help and the command reference are made from it. */
export interface Command<O extends Operands = Operands, F extends Flags = Flags> {
  /** Its script, as a path from the project's root. */
  readonly script: string
  /** One sentence that begins with a verb. */
  readonly summary: string
  readonly operands: O
  readonly flags: F
  /** Paragraphs for the end of the help. */
  readonly notes?: readonly string[]
  readonly exitCodes: Readonly<Record<number, string>>
  /** What follows the script's name on a command line. */
  readonly examples: readonly string[]
  /** For servers: a signal ends them as intended and is no interruption. */
  readonly isServer?: boolean
}

/** What a command does. It loads what it needs, and returns the exit code; nothing stands for 0. */
export type Run<O extends Operands, F extends Flags> = (
  call: Call<O, F>,
  context: Context,
) => Promise<number | void>

/** Infers a command's types from its value. */
export function defineCommand<const O extends Operands, F extends Flags>(
  command: Command<O, F>,
): Command<O, F> {
  return command
}

/** The values of a command's flags. */
export type FlagsOf<C> = C extends Command<Operands, infer F> ? Values<F> : never
