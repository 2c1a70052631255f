import { describe, expect, it } from 'vitest'
import { exitCodeOf, formatProblems } from '../../../scripts/lib/cli/errors.ts'
import type { Problem, ProblemKind } from '../../../scripts/lib/model/problem.ts'
import { startScript, writeScript } from '../support/run-script.ts'
import { fakeTerminal } from '../support/texts/terminal.ts'

function problem(changes: Partial<Problem> = {}): Problem {
  return { kind: 'not-found', side: 'source', message: 'image "a" is missing', ...changes }
}

/** Problems as a person sees them. */
function show(problems: readonly Problem[], verbose = false, useColor = false): string {
  const { terminal, text } = fakeTerminal({ isTTY: true }, useColor)
  terminal.print(formatProblems(problems, { verbose }))
  return text()
}

describe('the format of problems', () => {
  it('is the message, then the next step', () => {
    expect(show([problem({ next: 'check\nthe name', detail: 'MANIFEST_UNKNOWN' })])).toBe(
      'error: image "a" is missing\n  → check\n    | the name\n',
    )
  })

  it('adds the detail with verbose', () => {
    expect(show([problem({ detail: 'words\nof it' })], true)).toBe(
      'error: image "a" is missing\n  | words\n  | of it\n',
    )
  })

  it('colours nothing but the label', () => {
    expect(show([problem()], false, true)).toBe('\u001B[31merror:\u001B[39m image "a" is missing\n')
  })

  it('does not let words of others steer the terminal or forge a line', () => {
    const forged = show([
      problem({ message: 'x\u001B[2J\u009B\u202E\r\nerror: y\n  → z\ttab\n::error::w' }),
    ])
    expect(forged).toBe(
      'error: x\\u001b[2J\\u009b\\u202e\n     | error: y\n     |   → z    tab\n     | \\u003a:error::w\n',
    )
  })

  it('shows the beginning of words without end', () => {
    const endless = problem({ message: `${'x\n'.repeat(5000)}end` })
    expect(show([endless]).split('\n')).toHaveLength(52)
    expect(show([endless])).toContain('     | … (4951 more lines; use --verbose to show all)\n')
    expect(show([endless], true)).toContain('     | end\n')
    expect(show([problem({ message: 'y'.repeat(1_000_000) })]).length).toBeLessThan(20_000)
  })

  it('groups one shape, gives its advice once, and counts the rest', () => {
    const many = Array.from({ length: 14 }, (_, index) =>
      problem({ message: `image "${index}" is missing`, next: 'check the list' }),
    )
    const other = problem({ kind: 'network', message: 'cannot reach "h"' })
    const text = show([many[0] ?? other, other, ...many])
    expect(text.match(/is missing/g)).toHaveLength(10)
    expect(text).toContain(
      '… and 4 more like these (use --verbose to show all)\n  → check the list\n',
    )
    expect(text.match(/check the list/g)).toHaveLength(1)
    expect(text.endsWith('error: cannot reach "h"\n')).toBe(true)
    expect(show(many, true).match(/is missing/g)).toHaveLength(14)
  })
})

describe('the exit code of problems', () => {
  const table: [ProblemKind[], number][] = [
    [['network'], 1],
    [[], 1],
    [['network', 'usage'], 2],
    [['invalid-input'], 2],
    [['invalid-input', 'interrupted'], 130],
  ]
  it.each(table)('%j is %d', (kinds, code) => {
    expect(exitCodeOf(kinds.map((kind) => problem({ kind })))).toBe(code)
  })
})

/** An entry with this action. */
function writeEntry(action: string): string {
  return writeScript(`
    import { setTimeout as sleep } from 'node:timers/promises'
    import { ProblemError } from '@/model/problem.ts'
    import { runCommand } from '@/cli/main.ts'
    import { text } from '@/cli/command/kinds.ts'
    const command = {
      script: 'script.mts', summary: 'A script.', operands: {}, exitCodes: {}, examples: [],
      flags: { region: text('name', 'a region') },
    }
    await runCommand(command, async (_, context) => { ${action} })
  `)
}

function problemError(kind: ProblemKind): string {
  return `throw new ProblemError({ kind: '${kind}', side: 'input', message: 'no "x"', next: 'add x' })`
}

describe('an entry', () => {
  const table: [string, string, string[], number, RegExp][] = [
    ['that succeeds', `context.print('done')`, [], 0, /^$/],
    ['with an exit code of its own', `return 3`, [], 3, /^$/],
    ['that meets a problem', problemError('network'), [], 1, /^error: no "x"\n {2}→ add x\n$/],
    ['that meets a wrong input', problemError('invalid-input'), [], 2, /^error: no "x"/],
    ['that is interrupted inside', problemError('interrupted'), [], 130, /^error: no "x"/],
    ['with a bug', `null.x`, [], 1, /^error: Cannot read .*\n {2}→ this is a bug.*\n$/],
    [
      'with a bug, verbose',
      `null.x`,
      ['-qv'],
      1,
      /^error: Cannot read .*\n(.*\n)*.* at .*script\.mts/,
    ],
    [
      'with a stray rejection',
      `void Promise.reject(new Error('lost')); await sleep(50)`,
      [],
      1,
      /^error: lost\n {2}→ this is a bug/,
    ],
    [
      'with a misspelt flag',
      '',
      ['--regoin', 'x'],
      2,
      /^error: unknown option '--regoin'\n\(Did you mean --region\?\)\nRun npx tsx script\.mts --help/,
    ],
    [
      'with a misspelt flag that has a value',
      '',
      ["--regoin=hunter2'\n(Did you mean x?)\nhunter2"],
      2,
      /^error: unknown option '--regoin'\n(?:\(Did you mean [^h]*\?\)\n)?Run npx tsx script\.mts --help/,
    ],
    [
      'with a stray argument',
      '',
      ['stray'],
      2,
      /^error: too many arguments[^]*\nRun npx tsx .* --help/,
    ],
    [
      'with a missing value',
      '',
      ['--region'],
      2,
      /^error: option '--region <name>' argument missing\nRun /,
    ],
  ]
  it.each(table)('%s', async (_, action, args, expected, words) => {
    const { code, stderr } = await startScript(writeEntry(action), args).result
    expect(stderr).toMatch(words)
    expect(code).toBe(expected)
  })

  it('prints its help to stdout', async () => {
    const { code, stdout, stderr } = await startScript('scripts/install-tools.ts', ['-h']).result
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: npx tsx scripts\/install-tools\.ts \[options\]\n/)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    'on %s may tidy up, and exits 130',
    async (signal) => {
      const script = writeEntry(`
      context.output('ready')
      await sleep(10_000, undefined, { signal: context.signal })
        .finally(() => sleep(50)).finally(() => context.output(' tidy'))`)
      const { child, result } = startScript(script, [])
      child.stdout?.once('data', () => {
        child.kill(signal)
        // The echo of the same key press, as npm and tsx pass it on.
        setTimeout(() => child.kill(signal), 20)
      })
      const { code, stdout, stderr } = await result
      expect({ code, stdout }).toEqual({ code: 130, stdout: 'ready tidy' })
      expect(stderr).toMatch(/stopping[^]*interrupted\n$/)
      expect(stderr).not.toContain('AbortError')
    },
  )

  it('tells in its own words what the interruption cut short, once', async () => {
    const script = writeEntry(`
      context.print('ready')
      await sleep(10_000, undefined, { signal: context.signal }).catch(() => {})
      ${problemError('interrupted')}`)
    const { child, result } = startScript(script, [])
    child.stdout?.once('data', () => child.kill('SIGINT'))
    const { code, stderr } = await result
    expect(code).toBe(130)
    expect(stderr).toMatch(/stopping.*\nerror: no "x"\n {2}→ add x\n$/)
  })

  it('that does not stop is ended by a second signal', async () => {
    const script = writeEntry(`context.print('ready'); await sleep(10_000)`)
    const { child, result } = startScript(script, [])
    child.stdout?.once('data', () => {
      child.kill('SIGINT')
      setTimeout(() => child.kill('SIGINT'), 300)
    })
    const { code, stderr } = await result
    expect(code).toBe(130)
    expect(stderr).not.toContain('interrupted')
  })

  it('says nothing when the reader of its output goes away', async () => {
    const script = writeEntry(`
      for (let i = 0; i < 1000 && !context.signal.aborted; i++) {
        context.output('line\\n'.repeat(1000))
        await sleep(1)
      }`)
    const { child, result } = startScript(script, [])
    child.stdout?.once('data', () => child.stdout?.destroy())
    const { code, stderr } = await result
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})
