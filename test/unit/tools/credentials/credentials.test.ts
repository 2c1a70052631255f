import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openCredentials } from '../../../../scripts/lib/tools/credentials/credentials.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

/** A process id that no system gives away. */
const nobody = 2 ** 22 + 1

describe('openCredentials', () => {
  it('keeps logins in one private file that crane and helm are led to', async () => {
    const state = makeTempFolder()
    const store = await openCredentials({ PATH: '/bin', XDG_RUNTIME_DIR: makeTempFolder() }, state)
    await Promise.all([
      store.set('r.example', 'AWS', 'one'),
      store.set('docker.io', 'me', 'two'),
      store.set('r.example', 'AWS', 'three'),
    ])
    const { crane, helm } = store.surroundings
    const folder = crane.env['DOCKER_CONFIG'] ?? ''
    const file = join(folder, 'config.json')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(helm.env['HELM_REGISTRY_CONFIG']).toBe(file)
    const auth = (text: string) => ({ auth: Buffer.from(text).toString('base64') })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      auths: { 'r.example': auth('AWS:three'), 'https://index.docker.io/v1/': auth('me:two') },
    })
    await store.remove()
    expect(existsSync(folder)).toBe(false)
    expect(readdirSync(state)).toEqual([])
  })

  it.each(['crane', 'helm', 'kubectl'] as const)(
    'runs %s in an empty private folder, at home in another one, and never beside the credentials',
    async (tool) => {
      const store = await openCredentials({ HOME: '/home/me' }, makeTempFolder())
      await store.set('r.example', 'AWS', 'one')
      const { cwd, env } = store.surroundings[tool]
      const home = env['HOME'] ?? ''
      for (const folder of [cwd, home, store.folder]) {
        expect([readdirSync(folder), statSync(folder).mode & 0o777]).toEqual([[], 0o700])
        expect(folder).not.toBe(env['DOCKER_CONFIG'])
      }
      expect(env['DOCKER_CONFIG'] === undefined).toBe(tool === 'kubectl')
      expect(new Set([cwd, home, store.folder]).size).toBe(3)
      await store.remove()
      expect([cwd, home, store.folder].filter((folder) => existsSync(folder))).toEqual([])
    },
  )

  it('gives no tool what is not for it', async () => {
    const base = {
      PATH: '/bin',
      HTTPS_PROXY: 'http://p',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_SESSION_TOKEN: 'x',
      AWS_PROFILE: 'x',
      DOCKER_AUTH_CONFIG: 'x',
      DOCKERHUB_TOKEN: 'x',
      HELM_PLUGINS: 'x',
      HELM_DRIVER: 'x',
      KUBECONFIG: 'x',
      XDG_CONFIG_HOME: 'x',
      ZX_PREFIX: 'x',
      BASH_ENV: 'x',
    }
    const store = await openCredentials(base, makeTempFolder())
    for (const { env } of Object.values(store.surroundings)) {
      const given = Object.entries(env).filter(([, value]) => value === 'x')
      expect(given).toEqual([])
      expect({ ...env }).toMatchObject({ PATH: '/bin', HTTPS_PROXY: 'http://p', TZ: 'UTC' })
    }
    await store.remove()
  })

  it('works where TMPDIR is relative, too: tools are given absolute paths', async () => {
    const { TMPDIR } = process.env
    process.env['TMPDIR'] = '.'
    try {
      const store = await openCredentials({}, makeTempFolder())
      expect([store.folder, store.surroundings.helm.cwd].every(isAbsolute)).toBe(true)
      await store.remove()
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = TMPDIR
    }
  })

  it('never writes a secret into the state folder', async () => {
    const state = makeTempFolder()
    const store = await openCredentials({}, state)
    await store.set('r.example', 'AWS', 'hunter2')
    const texts = readdirSync(state).map((name) => readFileSync(join(state, name), 'utf8'))
    const encoded = Buffer.from('AWS:hunter2').toString('base64')
    expect(texts.join('\n')).not.toMatch(new RegExp(`hunter2|${encoded}`))
    await store.remove()
  })

  const readState = async (folder: string, base = {}, mode = 0o600) => {
    const state = makeTempFolder()
    writeFileSync(join(state, `credentials-${nobody}`), folder, { mode })
    const store = await openCredentials(base, state)
    await store.remove()
    return existsSync(folder)
  }
  const makeRun = (parent: string, name: string, parts = ['logins', 'work'], mode = 0o700) => {
    const folder = join(parent, name)
    for (const part of parts) mkdirSync(join(folder, part), { recursive: true, mode })
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, mode)
    return folder
  }

  it('removes what a killed run left behind, in the runtime folder', async () => {
    const runtime = makeTempFolder()
    const folder = makeRun(runtime, 'ecr-airlift-aB3dE6')
    expect(await readState(folder, { XDG_RUNTIME_DIR: runtime })).toBe(false)
  })

  it('removes what is made after the removal when the process ends', () => {
    const [state, runtime] = [makeTempFolder(), makeTempFolder()]
    const module = join(import.meta.dirname, '../../../../scripts/lib/tools')
    const code = `
      const { openCredentials } = await import(${JSON.stringify(`${module}/credentials/credentials.ts`)})
      const { replaceOwnFile } = await import(${JSON.stringify(`${module}/files/files.ts`)})
      const { statSync } = await import('node:fs')
      const base = { XDG_RUNTIME_DIR: ${JSON.stringify(runtime)} }
      const store = await openCredentials(base, ${JSON.stringify(state)})
      await store.remove()
      await replaceOwnFile(store.folder + '/late', 'late')
      console.log((statSync(store.folder).mode & 0o777).toString(8))
    `
    const args = ['--import', 'tsx', '--input-type=module', '-e', code]
    const cwd = join(import.meta.dirname, '../../../..')
    expect(execFileSync(process.execPath, args, { cwd, encoding: 'utf8' })).toBe('700\n')
    expect([...readdirSync(state), ...readdirSync(runtime)]).toEqual([])
  })

  it('keeps the record of a run that is alive', async () => {
    const state = makeTempFolder()
    const name = `credentials-${process.ppid}`
    writeFileSync(join(state, name), '/nowhere/ecr-airlift-aB3dE6', { mode: 0o600 })
    const store = await openCredentials({}, state)
    expect(readdirSync(state)).toContain(name)
    await store.remove()
  })

  it.each<[string, (runtime: string) => string, number?]>([
    ['elsewhere', () => makeRun(makeTempFolder(), 'ecr-airlift-aB3dE6')],
    ['with another name', (runtime) => makeRun(runtime, 'ecr-airlift-main')],
    ['with a longer name', (runtime) => makeRun(runtime, 'ecr-airlift-project')],
    ['with other content', (runtime) => makeRun(runtime, 'ecr-airlift-aB3dE6', ['scripts'])],
    [
      'that others can read',
      (runtime) => makeRun(runtime, 'ecr-airlift-aB3dE6', ['logins', 'work'], 0o755),
    ],
    [
      'that a record of another tool names',
      (runtime) => makeRun(runtime, 'ecr-airlift-aB3dE6'),
      0o644,
    ],
  ])('removes no folder %s, whatever a state folder says', async (_, make, mode) => {
    const runtime = makeTempFolder()
    const folder = make(runtime)
    expect(await readState(folder, { XDG_RUNTIME_DIR: runtime }, mode)).toBe(true)
  })
})
