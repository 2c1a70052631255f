import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
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

  it('removes what a killed run left behind, and nothing else', async () => {
    const [state, parent] = [makeTempFolder(), makeTempFolder()]
    const left = join(parent, 'ecr-airlift-left')
    const foreign = join(parent, 'something-else')
    for (const folder of [left, foreign]) mkdirSync(folder)
    writeFileSync(join(state, `credentials-${nobody}`), left)
    writeFileSync(join(state, `credentials-${nobody + 1}`), foreign)
    writeFileSync(join(state, `credentials-${process.ppid}`), '/nowhere/ecr-airlift-alive')
    const store = await openCredentials({}, state)
    expect([existsSync(left), existsSync(foreign)]).toEqual([false, true])
    expect(readdirSync(state)).toContain(`credentials-${process.ppid}`)
    await store.remove()
  })
})
