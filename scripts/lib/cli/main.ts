import { readFileSync } from 'node:fs'
import { basename, relative, resolve } from 'node:path'
import { CommanderError } from 'commander'
import { ProblemError, problemsOfError } from '../model/problem.ts'
import type { CliCommand, Operands, CommandRun } from './command/command.ts'
import type { Flags } from './command/flag.ts'
import { createParser } from './command/parser.ts'
import { exitCodeOf, formatProblems } from './errors.ts'
import { fenceGlobals } from './globals.ts'
import { watchSignals } from './signals.ts'
import { stderrTerminal, stdoutTerminal, writeExactly, writeVerbatim } from './terminal.ts'

export type { Context } from './command/command.ts'

/**
 * Returns the lines of commander's output. It quotes arguments, so line breaks are only its own when no argument
 * contains one.
 */
function textLines(text: string): string[] {
  const whole = text.replace(/\n$/, '')
  return process.argv.some((word) => word.includes('\n')) ? [whole] : whole.split('\n')
}

/**
 * Runs an entry: parses the command line, runs the command, prints errors once, and sets the exit code. Never ends the
 * process: it exits when the event loop is empty.
 */
export async function runCommand<O extends Operands, F extends Flags>(
  command: CliCommand<O, F>,
  run: CommandRun<O, F>,
): Promise<void> {
  fenceGlobals()
  const { argv } = process
  // The SDK reads this for its first client, and would otherwise warn on stderr about Node 20.
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
    const parser = createParser(command, kitVersion(), async (call) => {
      const code = await run(call, {
        signal: signals.signal,
        env: process.env,
        print: stdoutTerminal().print,
        log: stderrTerminal().print,
        output: writeExactly,
        outputText: writeVerbatim,
      })
      if (typeof code === 'number') process.exitCode = code
    })
    parser.name(`npx tsx ${script}`).configureOutput({
      writeOut: (text) => stdoutTerminal().print(textLines(text)),
      writeErr: (text) => stderrTerminal().print(textLines(withoutValue(text))),
    })
    await parser.parseAsync(argv)
    ending = 'complete'
  } catch (error) {
    // Any error of an interrupted command is a consequence of the interruption.
    const isKnown = error instanceof ProblemError && exitCodeOf(error.problems) === 130
    if (signals.signal.aborted && !isKnown) ending = 'interrupted'
    else if (!signals.isQuiet()) fail(error)
  }
  const endedWell = ending === 'complete' && (signals.isQuiet() || command.isServer === true)
  if (signals.signal.aborted && !endedWell) {
    if (!signals.isQuiet() && ending !== 'failed') stderrTerminal().print('interrupted')
    process.exitCode = 130
  }
}

/** Returns the version of ecr-airlift. `--version` is left to commands that install or fetch something. */
function kitVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  const { version }: { readonly version: string } = JSON.parse(text)
  return version
}

/** Prints warnings of libraries safely: Node prints them unchanged, and they may quote their input. */
function printWarnings(): void {
  if (process.listenerCount('warning') === 0) return
  process.removeAllListeners('warning')
  process.on('warning', ({ name, message }) => stderrTerminal().print(`! ${name}: ${message}`))
}

/** Returns commander's message without the value of an unknown flag: a misspelt flag may have a password. */
function withoutValue(message: string): string {
  return message.replace(
    /^(error: unknown option '[^=]*)=[^]*?'(\n\(Did you mean [^\n]*\?\))?(\n*)$/,
    "$1'$2$3",
  )
}

/** Writes an error to stderr. Returns its exit code. */
function report(error: unknown, verbose: boolean, script: string): number {
  if (error instanceof CommanderError) return reportUsage(error, script)
  const problems = problemsOfError(error)
  stderrTerminal().print(formatProblems(problems, { verbose }))
  return exitCodeOf(problems)
}

/** Adds a pointer to the help after commander's own message. */
function reportUsage(error: CommanderError, script: string): number {
  if (error.exitCode === 0) return 0
  if (error.code !== 'commander.help') {
    stderrTerminal().print(`Run npx tsx ${script} --help for usage.`)
  }
  return 2
}

/** Returns the entry as in the documentation: relative to the project's folder. */
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
    next: 'use WSL2: run wsl --install, then run the same command in its Linux shell',
  })
}
