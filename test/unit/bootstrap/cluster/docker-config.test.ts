import { mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeDockerConfig } from '../../../../scripts/lib/bootstrap/cluster/docker-config.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const registry = '123456789012.dkr.ecr.us-east-2.amazonaws.com'
const login = { username: 'AWS', password: 'secret' }
const auth = Buffer.from('AWS:secret').toString('base64')

function play(config?: string) {
  const home = makeTempFolder()
  const own = join(home, '.docker')
  mkdirSync(join(own, 'cli-plugins'), { recursive: true })
  if (config !== undefined) writeFileSync(join(own, 'config.json'), config)
  const folder = join(makeTempFolder(), 'docker')
  return {
    home,
    own,
    folder,
    read: () => JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')),
  }
}

describe('A configuration of docker for a build', () => {
  it('has the user’s settings without their logins and keychains, and one login', async () => {
    const { home, folder, read } = play(
      JSON.stringify({
        auths: { 'docker.io': { auth: 'theirs' } },
        credsStore: 'desktop',
        credHelpers: { x: 'y' },
        currentContext: 'remote',
        proxies: { default: {} },
      }),
    )
    await makeDockerConfig(folder, registry, login, { HOME: home })
    expect(read()).toStrictEqual({
      currentContext: 'remote',
      proxies: { default: {} },
      auths: { [registry]: { auth } },
    })
    expect(statSync(join(folder, 'config.json')).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })
  it('leads to the user’s plugins, and to their builders', async () => {
    const { home, own, folder } = play()
    const env = await makeDockerConfig(folder, registry, login, { HOME: home })
    expect(realpathSync(join(folder, 'cli-plugins'))).toBe(realpathSync(join(own, 'cli-plugins')))
    expect(env).toMatchObject({ DOCKER_CONFIG: folder, BUILDX_CONFIG: join(own, 'buildx') })
  })
  it('follows DOCKER_CONFIG and BUILDX_CONFIG', async () => {
    const { home, own, folder } = play('{"currentContext":"x"}')
    const env = { HOME: '/nowhere', DOCKER_CONFIG: own, BUILDX_CONFIG: home }
    expect((await makeDockerConfig(folder, registry, login, env))['BUILDX_CONFIG']).toBe(home)
  })
  it.each([undefined, 'not json', '[]', 'null'])('of %s has the login alone', async (config) => {
    const { home, folder, read } = play(config)
    await makeDockerConfig(folder, registry, login, { HOME: home })
    expect(read()).toStrictEqual({ auths: { [registry]: { auth } } })
  })
})
