import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findTool, prepareTool } from '../../../../scripts/lib/tools/install/install.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'
import { addProgram, fakeRun, listFiles, makeArchive } from '../../support/tool-world.ts'
import { finished, makeWorld, messageOf, version } from './installing.ts'

describe('a tool on PATH', () => {
  const table: [string, 'crane' | 'helm', string, string | undefined, string?][] = [
    ['newer', 'crane', '0.21.9', 'v0.21.9'],
    ['with the leading v', 'crane', 'v0.22.0\n', 'v0.22.0'],
    ['exactly the minimum', 'crane', 'v0.21.6', 'v0.21.6'],
    [
      'too old',
      'crane',
      'v0.21.5',
      undefined,
      'is older than v0.21.6; ecr-airlift uses its own v0.21.9',
    ],
    ['built from somewhere', 'crane', '(devel)', undefined, 'does not report its version'],
    ['with build metadata', 'helm', 'v3.18.5+gabc', 'v3.18.5+gabc'],
    ['of two parts', 'helm', 'v4.2', 'v4.2'],
    ['exactly the minimum', 'helm', 'v3.18.5', 'v3.18.5'],
    ['with a known hole', 'helm', 'v3.18.4', undefined, 'is older than v3.18.5'],
    ['of the two parts of the minimum', 'helm', 'v3.18', undefined, 'is older than v3.18.5'],
    ['of two parts and too old', 'helm', 'v3.17', undefined, 'is older than v3.18.5'],
    [
      'of an old release',
      'helm',
      'v3.12.0',
      undefined,
      'is older than v3.18.5; ecr-airlift uses its own',
    ],
  ]
  it.each(table)('that is %s (%s %s)', async (_, name, stdout, expected, notice) => {
    const bin = makeTempFolder()
    const path = addProgram(bin, name)
    const notices: string[] = []
    const asked = name === 'crane' ? 'crane version' : 'helm version --template {{.Version}}'
    const result = await findTool(name, {
      env: { PATH: `/nowhere::${bin}`, ECR_AIRLIFT_CACHE: makeTempFolder() },
      run: fakeRun({ [asked]: { stdout } }).run,
      onNotice: (text) => notices.push(text),
    })
    if (expected !== undefined) {
      expect(result).toEqual({
        ok: true,
        value: { name, path, version: expected, origin: 'path' },
      })
      expect(notices).toEqual([])
      return
    }
    expect(result).toMatchObject({ ok: false, problem: { kind: 'tool-outdated' } })
    expect(notices.join()).toContain(`${name} `)
    expect(notices.join()).toContain(`at ${path} ${notice ?? ''}`)
  })

  it('that does not even run is named with its words', async () => {
    const { options, bin, notices } = await makeWorld()
    addProgram(bin, 'crane')
    const { run } = fakeRun({ 'crane version': { exitCode: 126, stderr: 'exec format error\n' } })
    expect(await findTool('crane', { ...options, run })).toMatchObject({ ok: false })
    expect(notices.join()).toContain('("exec format error")')
  })

  it('is found neither there nor in the cache: the problem says what to run', async () => {
    const { options } = await makeWorld()
    const result = await findTool('crane', options)
    expect(result).toMatchObject({ problem: { kind: 'tool-missing' } })
    expect(messageOf(result)).toContain('install-tools.ts')
  })
})

const spoiledByOwner: [string, (path: string) => void] = [
  'belongs to another user',
  (path) => chownSync(path, 65_534, 65_534),
]

describe('the download of a missing tool', () => {
  it('puts the one executable member in place, and is not repeated', async () => {
    const { options, cache, server, notices } = await makeWorld()
    const path = join(cache, finished)
    const expected = { name: 'crane', path, version }
    expect(await prepareTool('crane', options)).toEqual({
      ok: true,
      value: { ...expected, origin: 'download' },
    })
    expect(listFiles(cache)).toEqual([finished])
    expect(statSync(path).mode & 0o777).toBe(0o755)
    expect(notices).toEqual([expect.stringMatching(/^downloading crane v1\.2\.3 from /)])
    expect(await prepareTool('crane', options)).toEqual({
      ok: true,
      value: { ...expected, origin: 'cache' },
    })
    expect(server.requests).toHaveLength(1)
  })

  it.each<[string, (path: string) => void]>([
    ['can be changed by every user', (path: string) => chmodSync(path, 0o777)],
    ...(process.getuid?.() === 0 ? [spoiledByOwner] : []),
  ])('replaces a tool in the cache that %s', async (_, spoil) => {
    const { options, cache } = await makeWorld()
    await prepareTool('crane', options)
    spoil(join(cache, finished))
    expect(await findTool('crane', options)).toMatchObject({ ok: false })
    expect(await prepareTool('crane', options)).toMatchObject({ value: { origin: 'download' } })
    expect(statSync(join(cache, finished)).mode & 0o777).toBe(0o755)
  })

  it.each([
    '',
    'tools',
    'tools/crane',
    `tools/crane/${version}`,
    `tools/crane/${version}/test-x64`,
  ])('does not use a tool below a folder that others can change: "%s"', async (folder) => {
    const { options, cache } = await makeWorld()
    await prepareTool('crane', options)
    chmodSync(join(cache, folder), 0o777)
    expect(await findTool('crane', options)).toMatchObject({ ok: false })
    expect(await prepareTool('crane', options)).toMatchObject({ ok: true })
    expect(statSync(join(cache, folder)).mode & 0o022).toBe(0)
  })

  it.each(['', 'tools', 'tools/crane'])(
    'is refused below a folder of another user: "%s"',
    async (folder) => {
      if (process.getuid?.() !== 0) return
      const { options, cache } = await makeWorld()
      await prepareTool('crane', options)
      chownSync(join(cache, folder), 65_534, 65_534)
      expect(await findTool('crane', options)).toMatchObject({ ok: false })
      expect(messageOf(await prepareTool('crane', options))).toContain('belongs to another user')
    },
  )

  it('follows a redirect', async () => {
    const archive = await makeArchive(version)
    const { options } = await makeWorld({
      sha256: archive.sha256,
      answer: (from, to) => {
        if (from.url === '/elsewhere') to.end(archive.bytes)
        else to.writeHead(302, { location: '/elsewhere' }).end()
      },
    })
    expect(await prepareTool('crane', options)).toMatchObject({ value: { origin: 'download' } })
  })

  it('of a changed archive is fatal: both sums, nothing unpacked, go not asked', async () => {
    const expected = '0'.repeat(64)
    const { options, cache, bin, archive } = await makeWorld({ sha256: expected })
    addProgram(bin, 'go')
    const { run, commands } = fakeRun({})
    const result = await prepareTool('crane', { ...options, run })
    expect(result).toMatchObject({ problem: { kind: 'checksum-mismatch' } })
    expect(messageOf(result)).toContain(expected)
    expect(messageOf(result)).toContain(archive.sha256)
    expect(commands).toEqual([])
    expect(listFiles(cache)).toEqual([])
  })

  const failures: [string, RequestListener, RegExp][] = [
    ['is not there', (_, to) => to.writeHead(404).end(), /404/],
    ['breaks the server', (_, to) => to.writeHead(500).end(), /500/],
    ['stalls', (_, to) => to.writeHead(200).write('x'), /no data/],
    [
      'is cut off',
      (_, to) => {
        to.writeHead(200, { 'content-length': 1000 })
        to.write('half', () => to.destroy())
      },
      /was lost/,
    ],
  ]
  it.each(failures)(
    'that %s leads to go, and without go to three ways out',
    async (_, answer, words) => {
      const { options, cache, bin, url } = await makeWorld({ answer })
      const result = await prepareTool('crane', options)
      expect(result).toMatchObject({ problem: { kind: 'tool-missing' } })
      const message = messageOf(result)
      expect(message).toMatch(words)
      expect(message).toContain('go is not on PATH')
      expect(message).toContain('- add crane v1.2.0 or newer to PATH')
      expect(message).toContain(`- allow access to ${url}`)
      expect(message).toContain('go install tools.example.test/crane@v1.2.3')
      expect(listFiles(cache)).toEqual([])

      addProgram(bin, 'go')
      const { run } = fakeRun({
        'go install tools.example.test/crane@v1.2.3': (env) => {
          addProgram(env['GOBIN'] ?? '', 'crane')
          return {}
        },
        'crane version': { stdout: version },
      })
      const built = await prepareTool('crane', { ...options, run })
      expect(built).toMatchObject({ value: { origin: 'go', path: join(cache, finished) } })
      expect(listFiles(cache)).toEqual([finished])
    },
  )

  it('of a file that does not run here is not kept', async () => {
    const { options, cache } = await makeWorld()
    const { run } = fakeRun({ 'crane version': { exitCode: 126, stderr: 'Permission denied' } })
    const result = await prepareTool('crane', { ...options, run })
    expect(messageOf(result)).toContain(
      'the new crane cannot run on this machine: Permission denied',
    )
    expect(listFiles(cache)).toEqual([])
  })

  it('that is interrupted leaves nothing behind', async () => {
    const { options, cache } = await makeWorld({ answer: () => undefined })
    const result = await prepareTool('crane', { ...options, signal: AbortSignal.timeout(100) })
    expect(result).toMatchObject({ problem: { kind: 'interrupted' } })
    expect(listFiles(cache)).toEqual([])
  })

  it('clears away what a killed install left', async () => {
    const { options, cache } = await makeWorld()
    const left = join(cache, `tools/crane/${version}/partial-dead/download/crane`)
    mkdirSync(dirname(left), { recursive: true })
    writeFileSync(left, 'half')
    expect(await prepareTool('crane', options)).toMatchObject({ value: { origin: 'download' } })
    expect(listFiles(cache)).toEqual([finished])
    expect(readFileSync(join(cache, finished), 'utf8')).toContain(version)
  })
})
