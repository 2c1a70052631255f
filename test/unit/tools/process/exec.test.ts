import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  render,
  maximumMemory,
  run,
  runInteractive,
  type RunOptions,
} from '../../../../scripts/lib/tools/process/exec.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const node = (code: string) => ({ tool: process.execPath, args: ['-e', code] })
const nothing = { env: {}, cwd: '/' }
const runNode = (code: string, options: Partial<RunOptions> = {}) =>
  run(node(code), { ...nothing, ...options })

/** A file with this text that may be executed, or not. */
function writeProgram(text: string, mode = 0o755): string {
  const file = join(makeTempFolder(), 'program')
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

describe('run', () => {
  it('stops a program that writes without end', async () => {
    const result = await run(
      { tool: '/usr/bin/head', args: ['-c', '1000000000', '/dev/zero'] },
      nothing,
    )
    expect(result).toMatchObject({ ok: false, ending: 'flooded' })
  })

  it('lets a program take 3 GiB of memory, if nothing else is said', () => {
    expect(maximumMemory).toBe(3 * 1024 ** 3)
  })

  it.runIf(process.platform === 'linux')('stops a program that takes too much memory', async () => {
    const code = 'globalThis.kept = Buffer.alloc(400_000_000, 1); setInterval(() => {}, 1000)'
    const result = await run(node(code), { ...nothing, memory: 300_000_000 })
    expect(result).toMatchObject({ ok: false, ending: 'memory' })
  })

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
    const args = ['-e', code, '--', argument]
    const result = await run({ tool: process.execPath, args }, nothing)
    expect(JSON.parse(result.stdout)).toEqual([argument])
  })

  it('keeps the streams apart and tells the exit code', async () => {
    const result = await runNode('console.log("out"); console.error("err"); process.exitCode = 3')
    expect(result).toMatchObject({
      ending: 'exited',
      ok: false,
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })

  it('takes exit code 127 of a tool for what it is', async () => {
    expect(await runNode('process.exitCode = 127')).toMatchObject({ ending: 'exited' })
  })

  it('closes standard input, so that a tool that would ask fails at once', async () => {
    const code = 'process.stdin.on("end", () => console.log("closed")).resume()'
    expect((await runNode(code)).stdout).toBe('closed\n')
  })

  it('feeds standard input', async () => {
    const result = await runNode('process.stdin.pipe(process.stdout)', { input: 'secret' })
    expect(result.stdout).toBe('secret')
  })

  it('runs in the named folder', async () => {
    const cwd = makeTempFolder()
    expect((await runNode('console.log(process.cwd())', { cwd })).stdout).toBe(`${cwd}\n`)
  })

  it('ends a child at its deadline, even one that ignores the first signal', async () => {
    const code = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'
    const result = await runNode(code, { deadline: 500 })
    expect(result).toMatchObject({ ending: 'deadline', ok: false })
  })

  it('ends a child that says nothing for too long, and spares one that speaks', async () => {
    const silent = await runNode('setInterval(() => {}, 1000)', { idle: 500 })
    expect(silent.ending).toBe('idle')
    const code =
      'let n = 0; setInterval(() => { console.error(n); if (++n > 4) process.exit() }, 200)'
    const lines: string[] = []
    const talking = await runNode(code, { idle: 5_000, onLine: (line) => lines.push(line) })
    expect([talking.ok, lines.length]).toEqual([true, 5])
  })

  it('does not wait for a process that a child leaves behind with its output open', async () => {
    const controller = new AbortController()
    const left = 'setInterval(() => {}, 1000); setTimeout(() => process.exit(), 60_000)'
    const code = `const { spawn } = require('node:child_process')
      const { pid } = spawn(process.execPath, ['-e', ${JSON.stringify(left)}], { stdio: 'inherit', detached: true })
      console.log(pid)
      process.exit()`
    const result = await runNode(code, { signal: controller.signal })
    process.kill(Number(result.stdout), 'SIGKILL')
    expect(result).toMatchObject({ ending: 'exited', ok: true, exitCode: 0 })
  })

  it('ends a child when the run is interrupted', async () => {
    const controller = new AbortController()
    const running = runNode('setInterval(() => {}, 1000)', { signal: controller.signal })
    setTimeout(() => controller.abort(), 200)
    expect((await running).ending).toBe('aborted')
  })
})

describe('a program that does not start', () => {
  const present = () => process.execPath
  const missing = '/nowhere/missing'
  const cases: [string, () => string, readonly string[], string, object][] = [
    ['that is not there', () => missing, [], '/', { ending: 'not-found' }],
    [
      'that may not be executed',
      () => writeProgram('#!/bin/sh\n', 0o644),
      [],
      '/',
      { ending: 'not-executable', reason: expect.stringContaining('no permission to execute') },
    ],
    [
      'whose interpreter is not there',
      () => writeProgram(`#!${missing}\n`),
      [],
      '/',
      { ending: 'not-started', reason: expect.stringContaining('the interpreter of') },
    ],
    [
      'whose folder is not there',
      present,
      [],
      missing,
      { ending: 'not-started', reason: `the folder "${missing}" does not exist` },
    ],
    [
      'with a NUL byte in an argument, which is not repeated',
      present,
      ['secret\0'],
      '/',
      { ending: 'not-started', reason: 'ERR_INVALID_ARG_VALUE' },
    ],
    [
      'with more arguments than the system takes',
      present,
      ['x'.repeat(4_000_000)],
      '/',
      { ending: 'not-started', reason: 'E2BIG' },
    ],
    [
      'that is a name, which a PATH would have to find',
      () => 'node',
      [],
      '/',
      { ending: 'not-started', reason: '"node" is not an absolute path' },
    ],
    ['that is named relative to the folder', () => './node', [], '/', { ending: 'not-started' }],
  ]
  it.each(cases)('is told: one %s', async (_, tool, args, cwd, expected) => {
    const env = { PATH: process.env['PATH'] ?? '' }
    const result = await run({ tool: tool(), args }, { env, cwd })
    expect(result).toMatchObject({ ok: false, exitCode: null, ...expected })
  })

  it('is told of a conversation, too', async () => {
    const ended = await runInteractive({ tool: missing, args: [] }, nothing)
    expect(ended).toEqual({ exitCode: null, reason: `"${missing}" does not exist` })
  })
})

describe('the environment of a child', () => {
  const polluted: Record<string, unknown> = Object.prototype as never
  afterEach(() => {
    for (const name of ['BASH_ENV', 'ENV', 'LEAKED', 'shell', 'argv0', 'uid']) delete polluted[name]
  })
  const printEnvironment = 'console.log(JSON.stringify(process.env))'

  it('is the given one and no more', async () => {
    const result = await runNode(printEnvironment, { env: { ONLY: 'this' } })
    expect(JSON.parse(result.stdout)).toEqual({ ONLY: 'this' })
  })

  it('takes nothing from Object.prototype, and no shell ever reads it', async () => {
    const marker = join(makeTempFolder(), 'executed')
    Object.assign(polluted, {
      BASH_ENV: `$(touch ${marker}; echo /dev/null)`,
      ENV: `$(touch ${marker})`,
      LEAKED: 'x',
      shell: '/bin/sh',
      argv0: 'other',
      uid: 65_534,
    })
    const result = await runNode(printEnvironment)
    expect(result.ending).toBe('exited')
    expect(JSON.parse(result.stdout)).toEqual({})
    expect(existsSync(marker)).toBe(false)
  })

  it('needs neither bash nor a PATH', async () => {
    const tool = writeProgram(`#!${process.execPath}\nconsole.log('ran')\n`)
    expect((await run({ tool, args: [] }, nothing)).stdout).toBe('ran\n')
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
