import { basename, relative, resolve } from 'node:path'
import { Command, CommanderError } from 'commander'
import { ProblemError, problemsOfError } from '../model/problem.ts'
import { exitCodeOf, formatProblems } from './errors.ts'
import { fenceGlobals } from './globals.ts'
import { watchSignals } from './signals.ts'
import { stderrTerminal, stdoutTerminal, type Terminal, writeExactly } from './terminal.ts'

/** What an action gets from the process that it runs in. */
export interface Context {
  /** Aborted by the first SIGINT or SIGTERM, and when nobody reads stdout any more. */
  readonly signal: AbortSignal
  readonly env: NodeJS.ProcessEnv
  /** Prints a result for people on stdout, line by line. */
  readonly print: Terminal['print']
  /** Prints progress and messages on stderr, line by line. */
  readonly log: Terminal['print']
  /** Writes a result for machines, such as JSON or YAML, to stdout exactly as it is. */
  readonly output: (text: string) => void
}

/** A command with this kit's manners: strict about input, helpful about typing errors. */
export function createCommand(name: string, summary: string): Command {
  return new Command(name)
    .configureOutput({
      writeOut: (text) => stdoutTerminal().print(textLines(text)),
      writeErr: (text) => stderrTerminal().print(textLines(text)),
    })
    .description(summary)
    .exitOverride()
    .showSuggestionAfterError()
    .allowExcessArguments(false)
    .helpOption('-h, --help', 'show this help')
    .option('-q, --quiet', 'print results and errors only')
    .option('-v, --verbose', 'print more about what is done, and the details of errors')
    .hook('preAction', (_, command) => refuseEmpty(command))
}

/** Refuses a flag with an empty value, such as that of a variable that is not set: it would mean as much as no flag. */
function refuseEmpty(command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName()
    const isGiven = command.getOptionValueSource(name) === 'cli'
    const values: readonly unknown[] = [command.getOptionValue(name)].flat()
    if (!isGiven || !values.includes('') || option.defaultValue === '') continue
    command.error(`error: option '${option.flags}' argument '' is invalid. It must not be empty.`, {
      code: 'commander.invalidArgument',
    })
  }
}

/**
 * The lines of what commander says. It repeats words of the command line, so that its line breaks are its own only when
 * no word has one.
 */
function textLines(text: string): string[] {
  const whole = text.replace(/\n$/, '')
  return process.argv.some((word) => word.includes('\n')) ? [whole] : whole.split('\n')
}

/** Wraps an action that may return an exit code of its own. */
export function withExitCode<Args extends readonly unknown[]>(
  action: (...args: Args) => Promise<number | undefined>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    const code = await action(...args)
    if (code !== undefined) process.exitCode = code
  }
}

interface MainOptions {
  /** For servers: being told to stop is how they end well, not an interruption. */
  readonly untilStopped?: boolean
}

/**
 * The main function of every entry: parses, runs the action, formats what failed once, and sets the exit code.
 * It never ends the process: when nothing is left to do, the event loop runs dry.
 */
export async function runMain(
  build: (context: Context) => Command | Promise<Command>,
  { untilStopped = false }: MainOptions = {},
): Promise<void> {
  fenceGlobals()
  const { argv } = process
  // Read when the SDK makes its first client, which would warn on stderr about Node 20.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const verbose = isVerbose(argv)
  const script = scriptOf(argv)
  const fail = (error: unknown) => {
    process.exitCode = report(error, verbose, script)
  }
  const signals = watchSignals()
  printWarnings()
  process.on('uncaughtException', (error) => {
    fail(error)
    process.exit()
  })
  let ending: 'complete' | 'failed' | 'interrupted' = 'failed'
  try {
    refuseWindows()
    const command = await build({
      signal: signals.signal,
      env: process.env,
      print: stdoutTerminal().print,
      log: stderrTerminal().print,
      output: writeExactly,
    })
    command.name(`npx tsx ${script}`)
    await command.parseAsync(argv)
    ending = 'complete'
  } catch (error) {
    // Whatever else an interrupted action throws, it is the interruption that ended it.
    const isKnown = error instanceof ProblemError && exitCodeOf(error.problems) === 130
    if (signals.signal.aborted && !isKnown) ending = 'interrupted'
    else if (!signals.isQuiet()) fail(error)
  }
  const endedWell = ending === 'complete' && (signals.isQuiet() || untilStopped)
  if (signals.signal.aborted && !endedWell) {
    if (!signals.isQuiet() && ending !== 'failed') stderrTerminal().print('interrupted')
    process.exitCode = 130
  }
}

/** Node prints the warnings of libraries as they are, and those may quote what they were given. */
function printWarnings(): void {
  if (process.listenerCount('warning') === 0) return
  process.removeAllListeners('warning')
  process.on('warning', ({ name, message }) => stderrTerminal().print(`! ${name}: ${message}`))
}

/** Writes an error to stderr and returns the exit code that it stands for. */
function report(error: unknown, verbose: boolean, script: string): number {
  if (error instanceof CommanderError) return reportUsage(error, script)
  const problems = problemsOfError(error)
  stderrTerminal().print(formatProblems(problems, { verbose }))
  return exitCodeOf(problems)
}

/** Commander has written its message by now; what is missing is where to read on. */
function reportUsage(error: CommanderError, script: string): number {
  if (error.exitCode === 0) return 0
  if (error.code !== 'commander.help') {
    stderrTerminal().print(`Run npx tsx ${script} --help to see what there is.`)
  }
  return 2
}

/** The entry as the documents write it: relative to the project's folder. */
function scriptOf([, script = '']: readonly string[]): string {
  const path = relative(resolve(import.meta.dirname, '../../..'), script)
  return path.startsWith('..') ? basename(script) : path
}

function isVerbose(argv: readonly string[]): boolean {
  return argv.some((word) => word === '--verbose' || /^-q*v[qv]*$/.test(word))
}

function refuseWindows(): void {
  if (process.platform !== 'win32') return
  throw new ProblemError({
    kind: 'usage',
    side: 'local',
    message: 'native Windows is not supported',
    next: 'use WSL2: run wsl --install, then the same command in its Linux shell',
  })
}
