import { describe, expect, it } from 'vitest'
import { render, run } from '../../../scripts/lib/tools/exec.ts'

const node = (code: string) => ({ tool: process.execPath, args: ['-e', code] })

describe('run', () => {
  it.each([
    'plain',
    'two words',
    '$HOME `id` $(id)',
    "it's",
    '"quoted"',
    '',
    '*',
    '-n',
    'a\\nb',
    'line\nbreak',
    '\u0001\u007f',
    '; rm -rf /',
    'ünïcödé 🚀',
  ])('hands the argument %j over as it is', async (argument) => {
    const code = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))'
    const result = await run({ tool: process.execPath, args: ['-e', code, '--', argument] })
    expect(JSON.parse(result.stdout)).toEqual([argument])
  })

  it('keeps the streams apart and tells the exit code', async () => {
    const result = await run(node('console.log("out"); console.error("err"); process.exitCode = 3'))
    expect(result).toMatchObject({
      ending: 'exited',
      ok: false,
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })

  it('tells a tool that is not there from one that fails', async () => {
    expect(await run({ tool: 'no-such-tool', args: [] })).toMatchObject({ ending: 'not-found' })
  })

  it('closes standard input, so that a tool that would ask fails at once', async () => {
    const code = 'process.stdin.on("end", () => console.log("closed")).resume()'
    expect((await run(node(code))).stdout).toBe('closed\n')
  })

  it('feeds standard input', async () => {
    const result = await run({ tool: 'cat', args: [] }, { input: 'secret' })
    expect(result.stdout).toBe('secret')
  })

  it('gives a child the named environment and no more', async () => {
    const env = { PATH: process.env['PATH'], ONLY: 'this' }
    const result = await run(node('console.log(process.env.ONLY, process.env.HOME)'), { env })
    expect(result.stdout).toBe('this undefined\n')
  })

  it('ends a child at its deadline, even one that ignores the first signal', async () => {
    const code = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'
    const result = await run(node(code), { deadline: 500 })
    expect(result).toMatchObject({ ending: 'deadline', ok: false })
  })

  it('ends a child that says nothing for too long, and spares one that speaks', async () => {
    const silent = await run(node('setInterval(() => {}, 1000)'), { idle: 500 })
    expect(silent.ending).toBe('idle')
    const code =
      'let n = 0; setInterval(() => { console.error(n); if (++n > 4) process.exit() }, 200)'
    const lines: string[] = []
    const talking = await run(node(code), { idle: 5_000, onLine: (line) => lines.push(line) })
    expect([talking.ok, lines.length]).toEqual([true, 5])
  })

  it('ends a child when the run is interrupted', async () => {
    const controller = new AbortController()
    const running = run(node('setInterval(() => {}, 1000)'), { signal: controller.signal })
    setTimeout(() => controller.abort(), 200)
    expect((await running).ending).toBe('aborted')
  })
})

describe('render', () => {
  it.each([
    [['copy', 'quay.io/a/b@sha256:1'], 'crane copy quay.io/a/b@sha256:1'],
    [['a b', "it's", ''], String.raw`crane 'a b' 'it'\''s' ''`],
  ])('shows %j as %s', (args, text) => {
    expect(render({ tool: 'crane', args })).toBe(text)
  })
})
