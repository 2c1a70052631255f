import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openCredentials } from '../../../scripts/lib/tools/credentials.ts'
import { makeTempFolder } from '../support/temp-folder.ts'

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
    const folder = store.env['DOCKER_CONFIG'] ?? ''
    const file = join(folder, 'config.json')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(store.env['HELM_REGISTRY_CONFIG']).toBe(file)
    const auth = (text: string) => ({ auth: Buffer.from(text).toString('base64') })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      auths: { 'r.example': auth('AWS:three'), 'https://index.docker.io/v1/': auth('me:two') },
    })
    await store.remove()
    expect(existsSync(folder)).toBe(false)
    expect(readdirSync(state)).toEqual([])
  })

  it('withholds from children what is not for them', async () => {
    const base = {
      PATH: '/bin',
      HTTPS_PROXY: 'http://p',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_SESSION_TOKEN: 'x',
      DOCKER_AUTH_CONFIG: 'x',
      DOCKERHUB_TOKEN: 'x',
      HELM_PLUGINS: 'x',
      ZX_PREFIX: 'x',
    }
    const store = await openCredentials(base, makeTempFolder())
    const given = Object.entries(store.env).filter(([, value]) => value === 'x')
    expect(given).toEqual([])
    expect(store.env).toMatchObject({ PATH: '/bin', HTTPS_PROXY: 'http://p', TZ: 'UTC' })
    await store.remove()
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
