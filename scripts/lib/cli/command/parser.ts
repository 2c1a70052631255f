import { Argument, Command as Parser, InvalidArgumentError, Option } from 'commander'
import { ProblemError } from '../../model/problem.ts'
import { type Call, type CliCommand, commonFlags, type Operands } from './command.ts'
import { explain, type Flag, type Flags, usageOf } from './flag.ts'
import { readWord } from './kinds.ts'
import { lonelyFlags } from './requirements.ts'

/**
 * Makes the parser of a command. It accepts only what the command declares, and suggests corrections for typos.
 * `onCall` gets each valid command line.
 */
export function createParser<O extends Operands, F extends Flags>(
  command: CliCommand<O, F>,
  version: string,
  onCall: (call: Call<O, F>) => Promise<void>,
): Parser {
  const parser = new Parser()
    .description(command.summary)
    .exitOverride()
    .showSuggestionAfterError()
    .allowExcessArguments(false)
    .helpOption('-h, --help', 'print this help')
    .version(version, '--kit-version', 'print the version of ecr-airlift')
    .addHelpText('after', () => endOfHelp(command))
  const flags = allFlags(command)
  for (const [name, operand] of Object.entries(command.operands)) {
    parser.addArgument(argumentOf(name, operand))
  }
  for (const [name, flag] of Object.entries(flags)) {
    parser.optionsGroup(`${flag.group ?? 'General'}:`).addOption(optionOf(name, flag))
  }
  return parser.action(async () => {
    const given = new Map(
      Object.keys(flags)
        .filter((name) => parser.getOptionValueSource(name) === 'cli')
        .map((name) => [name, parser.getOptionValue(name) as unknown]),
    )
    const problems = lonelyFlags(flags, new Set(given.keys()))
    if (problems.length > 0) throw new ProblemError(problems)
    const values = Object.entries(flags).flatMap(([name, { fallback }]) =>
      given.has(name)
        ? [[name, given.get(name)]]
        : fallback === undefined
          ? []
          : [[name, fallback]],
    )
    const operands = Object.keys(command.operands).map((name, at) => [name, parser.args[at]])
    // Each flag and operand has parsed its own value.
    await onCall({
      operands: Object.fromEntries(operands),
      flags: Object.fromEntries(values),
    })
  })
}

/** Returns the flags of a command and those of every command. */
export function allFlags({ flags }: Pick<CliCommand, 'flags'>): Flags {
  return { ...flags, ...commonFlags }
}

function argumentOf(name: string, { about, choices }: Operands[string]): Argument {
  const words = choices === undefined ? about : `${about} (one of ${choices.join(', ')})`
  const argument = new Argument(`<${name}>`, words)
  if (choices === undefined) return argument
  return argument.argParser((given) => valueOf(readWord(choices, given)))
}

function optionOf(name: string, flag: Flag<unknown>): Option {
  const option = new Option(usageOf(name, flag), explain(flag)).conflicts([
    ...(flag.conflicts ?? []),
  ])
  if (flag.form === 'switch') return option
  return option.argParser((given: string, earlier: unknown) => {
    // For example from an unset variable: it would have the same effect as no flag.
    if (given === '' && flag.fallback !== '') {
      throw new InvalidArgumentError('It must not be empty.')
    }
    return valueOf(flag.read(given, earlier))
  })
}

function valueOf(result: ReturnType<Flag<unknown>['read']>): unknown {
  if (result.ok) return result.value
  throw new InvalidArgumentError(result.problem.message)
}

/** Returns the notes, exit codes and examples, which follow the flags. */
function endOfHelp({ notes = [], exitCodes, examples, script }: CliCommand): string {
  const codes = Object.entries(exitCodes)
  return [
    '',
    ...notes.flatMap((note) => [note, '']),
    ...(codes.length === 0 ? [] : ['Exit codes:']),
    ...codes.map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`),
    ...(examples.length === 0 ? [] : ['', 'Examples:']),
    ...examples.map((example) => `  npx tsx ${script} ${example}`.trimEnd()),
  ].join('\n')
}
