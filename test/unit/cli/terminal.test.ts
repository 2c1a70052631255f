import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toJson } from '../../../scripts/lib/cli/text.ts'
import { isPrintable } from '../../../scripts/lib/model/text/printable.ts'
import { startScript, writeScript } from '../support/run-script.ts'
import { fakeTerminal } from '../support/texts/terminal.ts'

const evil = 'a\u001b[2J\u009b31m\u202e\n::error::forged\n##vso[x]\r\u{e0041}\ud800'

describe('a line for people', () => {
  it('is one line, whatever is in it, with and without style', () => {
    const { terminal, text } = fakeTerminal()
    terminal.print(evil)
    terminal.print([evil, { style: 'red', label: evil, rest: evil }])
    const lines = text().split('\n')
    expect(lines).toHaveLength(4)
    expect(lines.filter((line) => !isPrintable(line))).toEqual([])
  })

  it('has color at its beginning alone, and only on a terminal', () => {
    const { terminal, text } = fakeTerminal({ isTTY: true }, true)
    terminal.print({ style: 'red', label: 'error:', rest: ' a\u001b[0m' })
    expect(text()).toBe('\u001b[31merror:\u001b[39m a\\u001b[0m\n')
  })

  it('shows no secrets', () => {
    const { terminal, text } = fakeTerminal()
    terminal.print(['at https://me:hunter2@h/x?token=hunter3', 'Bearer abcdefghijkL'])
    expect(text()).toBe('at https://***@h/x?***\nBearer ***\n')
  })

  it('writes nothing for no lines', () => {
    const { terminal, text } = fakeTerminal()
    terminal.print([])
    expect(text()).toBe('')
  })
})

it('JSON is exact, and safe to look at', () => {
  const value = { [evil]: [evil, 'ünïcödé'] }
  const json = toJson(value)
  expect(JSON.parse(json)).toEqual(value)
  expect(json.split('\n').filter((line) => !isPrintable(line))).toEqual([])
})

describe('an entry', () => {
  const entry = (action: string) =>
    writeScript(`
    import { runCommand } from '@/cli/main.ts'
    import { text } from '@/cli/command/kinds.ts'
    import { toJson } from '@/cli/text.ts'
    const evil = ${JSON.stringify(evil)}
    const command = {
      script: 'script.mts', summary: 'A script.', operands: {}, exitCodes: {}, examples: [],
      flags: { json: text('text', 'a text') },
    }
    await runCommand(command, async (_, context) => { ${action} })
  `)

  it('writes results for machines as they are, and none that could steer a terminal', async () => {
    const good = await startScript(entry('context.output(toJson(evil))'), []).result
    expect(JSON.parse(good.stdout)).toBe(evil)
    const bad = await startScript(entry('context.output(evil)'), []).result
    expect(bad).toMatchObject({ code: 1, stdout: '' })
    expect(bad.stderr).toMatch(/^error: a result contains control characters/)
  })

  it.each([
    [['--x\u001b[31m\u202e']],
    [['--x\nerror: forged\n::error::forged']],
    [['a', 'b\u001b\nerror: forged']],
    [['--json']],
  ])('repeats words of the command line harmlessly: %j', async (words) => {
    const { code, stderr } = await startScript(entry(''), words).result
    expect(code).toBe(2)
    expect(stderr.split('\n').filter((line) => !isPrintable(line))).toEqual([])
    expect(stderr.match(/^error:/gm)).toHaveLength(1)
  })

  it('prints warnings of libraries and the stack of a bug harmlessly', async () => {
    const warn = 'process.emitWarning(evil); throw new Error(evil)'
    const { stderr } = await startScript(entry(warn), ['-v']).result
    expect(stderr).toContain('! Warning: a')
    expect(stderr.split('\n').filter((line) => !isPrintable(line))).toEqual([])
    expect(stderr).not.toMatch(/^(?:::|##)/m)
  })
})

describe('streams that people read', () => {
  const root = resolve(import.meta.dirname, '../../..')
  const sources = [
    join(root, 'bootstrap.ts'),
    ...readdirSync(join(root, 'scripts'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[cm]?[jt]s$/.test(name))
      .map((name) => join(root, 'scripts', name)),
  ].map((file) => ({ file: relative(root, file), text: readFileSync(file, 'utf8') }))

  /** These run before anything else is loaded; what they say of others is ASCII. */
  const early = ['scripts/lib/cli/working-folder.ts', 'scripts/setup.mjs']

  it('are written to in one file', () => {
    // Whether a stream is a terminal may be asked, and that it has ended may be listened for.
    const access =
      /process\.std(?:out|err)(?!\.(?:isTTY|on)\b)|process\[|std(?:out|err)[^}\n]*\}\s*=\s*process\b|\bconsole\.[a-z]+\(|\bwriteSync\(|\/dev\/std/
    const writers = sources.filter(({ text }) => access.test(text)).map(({ file }) => file)
    expect(writers.filter((file) => !early.includes(file))).toEqual(['scripts/lib/cli/terminal.ts'])
  })

  it('get no text that leaves out the writer', () => {
    const opener = /createTerminal|createLogUpdate|writeExactly|writeVerbatim/
    const users = sources.filter(({ text }) => opener.test(text)).map(({ file }) => file)
    expect(users.toSorted()).toEqual(['scripts/lib/cli/main.ts', 'scripts/lib/cli/terminal.ts'])
  })
})
