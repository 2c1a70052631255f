import { CommanderError } from 'commander'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  type Call,
  defineCommand,
  type FlagsOf,
} from '../../../../scripts/lib/cli/command/command.ts'
import { group, requiring, withDefault } from '../../../../scripts/lib/cli/command/flag.ts'
import {
  choice,
  decimal,
  list,
  listOfKind,
  listOfWhole,
  negated,
  optionalText,
  text,
  textOfKind,
  toggle,
  wholeNumber,
} from '../../../../scripts/lib/cli/command/kinds.ts'
import { createParser } from '../../../../scripts/lib/cli/command/parser.ts'
import { renderReference } from '../../../../scripts/lib/cli/command/reference.ts'
import { apiVersionKind, namespaceKind } from '../../../../scripts/lib/model/names/kubernetes.ts'
import { ProblemError } from '../../../../scripts/lib/model/problem.ts'

const command = defineCommand({
  script: 'scripts/copy-all.ts',
  summary: 'Copies everything.',
  operands: {
    kind: { about: 'what to copy', choices: ['images', 'charts'] },
    registry: { about: 'registry <host>' },
  },
  flags: {
    ...group('Input', {
      manifest: text('file', 'manifest to read', { defaultText: 'that of this project' }),
      only: list('glob', 'copy only these', { short: 'o' }),
      set: listOfWhole('values', 'values to set'),
      api: listOfKind(apiVersionKind, 'version', 'API version'),
      namespace: textOfKind(namespaceKind, 'name', 'namespace'),
      imagesOnly: toggle('copy no charts', { conflicts: ['chartsOnly'] }),
      chartsOnly: toggle('copy no images'),
    }),
    ...group('Copying', {
      existing: withDefault(choice(['skip', 'verify'], 'policy', 'existing tags'), 'skip'),
      check: negated('do not check the sources first'),
      concurrency: wholeNumber([1, 100], 'n', 'parallel copies'),
      scale: decimal(0, 'factor', 'a|b', { isAbove: true }),
      prefix: withDefault(text('path', 'path of the copies'), '', 'none'),
      endpoints: optionalText('list', 'endpoints to create'),
    }),
    ...requiring(['only', 'set'], { render: toggle('repeat'), deep: toggle('go deep') }),
  },
  notes: ['Credentials come from the environment.'],
  exitCodes: { 0: 'everything was copied', 2: 'invalid usage' },
  examples: ['images registry.example.com --only grafana'],
})

type CopyFlags = FlagsOf<typeof command>

/** Reads a command line and returns what the command is called with, and all that is printed. */
async function read(words: readonly string[]) {
  const calls: Call<{}, {}>[] = []
  let printed = ''
  const parser = createParser(command, '1.2.3', async (call) => void calls.push(call))
  const print = (piece: string) => void (printed += piece)
  parser.name('copy-all').configureOutput({ writeErr: print, writeOut: print })
  const error: unknown = await parser
    .parseAsync(words, { from: 'user' })
    .then(() => undefined)
    .catch((thrown) => thrown)
  return { call: calls[0], error, printed }
}

const defaults = { existing: 'skip', check: true, prefix: '' }

describe('a command line', () => {
  it.each<[string, string[], object]>([
    ['without flags has their defaults alone', [], {}],
    ['collects values between commas', ['-o', 'a,b', '--only', 'c'], { only: ['a', 'b', 'c'] }],
    ['keeps commas that belong to a value', ['--set', 'a=1,b=2'], { set: ['a=1,b=2'] }],
    ['collects texts of a kind', ['--api', 'v1,apps/v1'], { api: ['v1', 'apps/v1'] }],
    ['switches off with --no-', ['--no-check'], { check: false }],
    ['reads whole numbers', ['--concurrency', '12'], { concurrency: 12 }],
    ['reads other numbers', ['--scale', '0.5'], { scale: 0.5 }],
    ['accepts an empty value where that is the default', ['--prefix', ''], { prefix: '' }],
    ['reads a value that is left out', ['--endpoints', '-q'], { endpoints: true, quiet: true }],
    ['reads a value that may be left out', ['--endpoints', 's3'], { endpoints: 's3' }],
    ['accepts a requirement that is met', ['--render', '--set', 'x'], { render: true, set: ['x'] }],
  ])('%s', async (_, words, values) => {
    const { call, error } = await read(['images', 'registry.example.com', ...words])
    expect(error).toBeUndefined()
    expect(call).toEqual({
      operands: { kind: 'images', registry: 'registry.example.com' },
      flags: { ...defaults, ...values },
    })
  })

  it.each<[string, string[], string]>([
    ['a word that is not a choice', ['--existing', 'maybe'], 'Allowed choices are skip, verify.'],
    ['a number out of bounds', ['--concurrency', '0'], 'It must be a whole number from 1 to 100.'],
    ['a number that is none', ['--scale', '0'], 'It must be a number above 0.'],
    ['an empty list', ['--only', ','], 'It must not be empty.'],
    ['an empty value', ['--manifest', ''], 'It must not be empty.'],
    ['an item without end', ['--only', 'x'.repeat(5000)], 'It must not be longer than 4096'],
    ['text of another kind', ['--namespace', 'A'], 'It must be a namespace'],
    ['an item of another kind', ['--api', 'v1,--x'], 'It must be an API version'],
    ['an unknown flag', ['--onyl', 'x'], 'Did you mean --only?'],
    ['an operand too many', ['another'], 'too many arguments'],
    [
      'flags that exclude each other',
      ['--images-only', '--charts-only'],
      "option '--images-only' cannot be used with option '--charts-only'",
    ],
  ])('is refused for %s', async (_, words, message) => {
    const { call, error, printed } = await read(['images', 'registry.example.com', ...words])
    expect(call).toBeUndefined()
    expect(error).toBeInstanceOf(CommanderError)
    expect(printed).toContain(message)
  })

  it('is refused for an operand that is not a choice', async () => {
    const { error, printed } = await read(['all', 'registry.example.com'])
    expect(error).toBeInstanceOf(CommanderError)
    expect(printed).toContain('Allowed choices are images, charts.')
  })

  it('is refused for flags that lack what they require, in one line', async () => {
    const { call, error } = await read(['images', 'registry.example.com', '--deep', '--render'])
    expect(call).toBeUndefined()
    expect(error).toBeInstanceOf(ProblemError)
    expect(error).toMatchObject({
      problems: [
        {
          kind: 'usage',
          message: '--render, --deep have no effect without --only or --set',
          next: 'add --only or --set, or remove --render, --deep',
        },
      ],
    })
  })

  it('prints the version of ecr-airlift', async () => {
    expect((await read(['--kit-version'])).printed).toBe('1.2.3\n')
  })
})

describe('the help', () => {
  it('has each flag under its heading, then notes, exit codes and examples', async () => {
    const { printed } = await read(['--help'])
    const lines = printed.split('\n').map((line) => line.trim().replaceAll(/\s+/g, ' '))
    expect(lines).toContain('kind what to copy (one of images, charts)')
    expect(lines).toContain('-o, --only <glob> copy only these (repeatable)')
    expect(lines).toContain('--no-check do not check the sources first')
    expect(lines).toContain('--prefix <path> path of the copies (default: none)')
    expect(lines.indexOf('Input:')).toBeLessThan(lines.indexOf('Copying:'))
    expect(printed).toMatch(
      /Credentials come[^]*Exit codes:\n {4}0 {2}everything[^]*Examples:\n {2}npx tsx scripts\/copy-all\.ts images/,
    )
  })
})

it('values have the types of their flags', () => {
  expectTypeOf<CopyFlags['existing']>().toEqualTypeOf<'skip' | 'verify'>()
  expectTypeOf<CopyFlags['concurrency']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<CopyFlags['only']>().toEqualTypeOf<readonly string[] | undefined>()
  expectTypeOf<CopyFlags['check']>().toEqualTypeOf<boolean>()
  expectTypeOf<CopyFlags['quiet']>().toEqualTypeOf<boolean | undefined>()
})

it('the reference has all that help has, in Markdown', () => {
  const reference = renderReference(command)
  expect(reference).toContain('npx tsx scripts/copy-all.ts <kind> <registry> [flags]')
  expect(reference).toContain('| `<registry>` | registry &lt;host> |')
  expect(reference).toContain('| `-o, --only <glob>` | copy only these (repeatable) |')
  expect(reference).toContain(
    '| `--existing <policy>` | existing tags (one of skip, verify; default: skip) |',
  )
  expect(reference).toContain('| `--scale <factor>` | a\\|b |')
  expect(reference).toContain('| 2 | invalid usage |')
})
