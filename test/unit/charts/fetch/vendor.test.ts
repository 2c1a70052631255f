import { idleSession } from '../../support/session.ts'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { vendor } from '../../../../scripts/lib/charts/fetch/vendor.ts'
import type { Session } from '../../../../scripts/lib/session/session.ts'
import type { RunResult } from '../../../../scripts/lib/tools/process/exec.ts'
import type { Command } from '../../../../scripts/lib/tools/process/command.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const chartFile = (dependencies: string) =>
  `apiVersion: v2\nname: one\nversion: 1.0.0\ndependencies: ${dependencies}\n`

function folderOf(files: Readonly<Record<string, string>>): string {
  const root = join(makeTempFolder(), 'one')
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

/** Every name is that of a public server. */
const onInternet = async () => ['93.184.216.34']

const dependency = { name: 'a', version: '1.0.0', repository: 'https://x.io' }

/** A session whose helm does with a folder what it is told. */
function sessionWith(helm: (folder: string) => void): Session {
  return {
    ...idleSession(makeTempFolder()),
    run: async (command: Command): Promise<RunResult> => {
      const folder = command.args.at(-1) ?? ''
      helm(folder)
      return { command, ending: 'exited', ok: true, exitCode: 0, stdout: '', stderr: '' }
    },
    notice: () => undefined,
  }
}

/** Everything in a folder that is neither a file nor a folder. */
function oddities(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => {
    const info = lstatSync(join(folder, path))
    return !info.isFile() && !info.isDirectory()
  })
}

describe('vendor', () => {
  it('gives helm a copy without any link, and leaves the original alone', async () => {
    const root = folderOf({
      'Chart.yaml': chartFile('[{ name: a, version: 1.0.0, repository: "https://x.example" }]'),
      'real/sub/Chart.yaml': 'name: sub\nversion: 1.0.0\n',
      'locks/lock': 'dependencies: []\n',
    })
    symlinkSync('real', join(root, 'charts'))
    symlinkSync('locks/lock', join(root, 'Chart.lock'))
    const session = sessionWith((folder) => {
      expect(oddities(folder)).toEqual([])
      // As helm does it, which follows links.
      writeFileSync(join(folder, 'Chart.lock'), 'written by helm')
      writeFileSync(join(folder, 'charts/a-1.0.0.tgz'), 'written by helm')
    })
    const copy = await vendor(root, [dependency], session, onInternet)
    expect(copy.ok).toBe(true)
    expect(readFileSync(join(root, 'Chart.lock'), 'utf8')).toBe('dependencies: []\n')
    expect(readdirSync(join(root, 'real'))).toEqual(['sub'])
    const made = copy.ok ? copy.value : ''
    expect(readdirSync(join(made, 'charts'))).toEqual(['a-1.0.0.tgz', 'sub'])
  })

  it.each([
    ['charts', '../../elsewhere'],
    ['Chart.lock', '/etc/hostname'],
    ['requirements.lock', '/etc/hostname'],
  ])('refuses a chart whose %s points outside, before helm runs', async (name, target) => {
    const root = folderOf({ 'Chart.yaml': chartFile('[]') })
    mkdirSync(join(dirname(root), '../elsewhere'), { recursive: true })
    symlinkSync(target, join(root, name))
    const session = sessionWith(() => expect.unreachable())
    await expect(vendor(root, [dependency], session)).rejects.toThrow(`"${name}" is a link to`)
  })

  it.each([
    'http://[::1%25lo]:8080/charts',
    'http://[fe80::1%25eth0]/charts',
    'oci://[::ffff:127.0.0.1%25lo]/charts',
    'http://a b',
    '//[::1]/charts',
    'charts',
  ])('refuses a dependency at %s, which only Go may read as an address', async (repository) => {
    const root = folderOf({
      'Chart.yaml': chartFile(`[{ name: a, version: 1.0.0, repository: "${repository}" }]`),
    })
    const copy = await vendor(
      root,
      [{ ...dependency, repository }],
      sessionWith(() => expect.unreachable()),
    )
    expect(copy).toMatchObject({
      ok: false,
      problem: {
        kind: 'unsafe-address',
        message: `the repository of dependency "a" is "${repository}", which is not a valid address`,
      },
    })
  })

  it.each([
    ['Chart.yaml', 'file:///etc'],
    ['Chart.yaml', 'file://../sibling'],
    ['Chart.yaml', 'file://sub/../../sibling'],
    ['Chart.lock', 'file:///etc'],
    ['requirements.yaml', 'file:///etc'],
    ['requirements.lock', 'file:///etc'],
  ])('refuses a dependency of %s at %s', async (file, repository) => {
    const list = `dependencies: [{ name: a, version: 1.0.0, repository: "${repository}" }]\n`
    const root = folderOf({ 'Chart.yaml': 'name: one\nversion: 1.0.0\n' })
    writeFileSync(join(root, file), `name: one\nversion: 1.0.0\n${list}`)
    const copy = await vendor(
      root,
      [dependency],
      sessionWith(() => expect.unreachable()),
    )
    expect(copy).toMatchObject({
      ok: false,
      problem: {
        kind: 'invalid-input',
        message: `the dependency "a" of "one" is at "${repository}", outside the chart folder`,
      },
    })
  })

  it('lets a dependency lie in the chart', async () => {
    const root = folderOf({
      'Chart.yaml': chartFile('[{ name: a, version: 1.0.0, repository: "file://lib/a" }]'),
      'lib/a/Chart.yaml': 'name: a\nversion: 1.0.0\n',
    })
    expect(
      (
        await vendor(
          root,
          [dependency],
          sessionWith(() => undefined),
        )
      ).ok,
    ).toBe(true)
  })
})
