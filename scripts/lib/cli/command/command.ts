import type { Terminal } from '../terminal.ts'
import type { Flags, FlagValues } from './flag.ts'
import { toggle } from './kinds.ts'

/** What a command gets from its process. */
export interface Context {
  /** Aborted by the first terminating signal, and when the reader of stdout goes away. */
  readonly signal: AbortSignal
  readonly env: NodeJS.ProcessEnv
  /** Prints a result for people on stdout, line by line. */
  readonly print: Terminal['print']
  /** Prints progress and messages on stderr, line by line. */
  readonly log: Terminal['print']
  /** Writes a result for machines, such as JSON or YAML, to stdout exactly as it is. */
  readonly output: (text: string) => void
  /** Writes text of the user to stdout exactly as it is, if that is safe. */
  readonly outputText: (text: string) => void
}

/** A positional argument. Help shows its name in the command's `operands`. */
export interface Operand<Word extends string = string> {
  readonly about: string
  readonly choices?: readonly Word[]
}

export type Operands = Readonly<Record<string, Operand>>

type OperandValues<O extends Operands> = {
  readonly [Name in keyof O]: O[Name] extends Operand<infer Word> ? Word : never
}

/** The flags of every command. */
export const commonFlags = {
  quiet: toggle('print only results and errors', { short: 'q' }),
  verbose: toggle('print more progress and the details of errors', { short: 'v' }),
}

/** The values of a command's own flags and of the common ones. */
export type CommandValues<F extends Flags> = FlagValues<F & typeof commonFlags>

/** A parsed command line with a valid combination of flags. */
export interface Call<O extends Operands, F extends Flags> {
  readonly operands: OperandValues<O>
  readonly flags: CommandValues<F>
}

/** A command as a value: the parser, the help and the command reference are generated from it. */
export interface CliCommand<O extends Operands = Operands, F extends Flags = Flags> {
  /** Its script, as a path relative to the project's root. */
  readonly script: string
  /** One sentence that starts with a verb. */
  readonly summary: string
  readonly operands: O
  readonly flags: F
  /** Paragraphs for the end of the help. */
  readonly notes?: readonly string[]
  readonly exitCodes: Readonly<Record<number, string>>
  /** Command lines without the script's name. */
  readonly examples: readonly string[]
  /** True for servers: a signal is the intended way to stop them, not an interruption. */
  readonly isServer?: boolean
}

/** Runs a command. Loads its modules on demand. Returns the exit code; nothing means 0. */
export type CommandRun<O extends Operands, F extends Flags> = (
  call: Call<O, F>,
  context: Context,
) => Promise<number | void>

/** Infers a command's types from its value. */
export function defineCommand<const O extends Operands, F extends Flags>(
  command: CliCommand<O, F>,
): CliCommand<O, F> {
  return command
}

/** The values of a command's flags. */
export type FlagsOf<C> = C extends CliCommand<Operands, infer F> ? CommandValues<F> : never
