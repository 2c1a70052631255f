import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { writeUserKubeconfig } from '../../../../scripts/lib/bootstrap/cluster/connection.ts'
import { cluster } from '../../support/cluster.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'

const root = resolve(import.meta.dirname, '../../../..')

const write = (file: string, env: NodeJS.ProcessEnv = {}) =>
  writeUserKubeconfig(cluster, 'us-east-2', 'ma', { file, env })

function commandIn(file: string) {
  const { users } = parse(readFileSync(file, 'utf8')) as {
    readonly users: readonly { readonly user: { readonly exec: ExecEntry } }[]
  }
  return users[0]?.user.exec
}

interface ExecEntry {
  readonly command: string
  readonly args: readonly string[]
  readonly env: readonly { readonly name: string; readonly value: string }[]
}

describe('the command that makes tokens for kubectl', () => {
  it.each<[string, NodeJS.ProcessEnv, { name: string; value: string }[]]>([
    ['alone', {}, []],
    ['beside the profile', { AWS_PROFILE: 'work' }, [{ name: 'AWS_PROFILE', value: 'work' }]],
  ])('is given the settings of the kit, %s', async (_, env, others) => {
    const file = join(makeTempFolder(), 'config')
    await write(file, env)
    const uncached = { name: 'TSX_DISABLE_CACHE', value: '1' }
    const settings = { name: 'TSX_TSCONFIG_PATH', value: join(root, 'tsconfig.json') }
    expect(commandIn(file)?.env).toEqual([...others, settings, uncached])
  })

  it('runs no code of the folder that kubectl is in', async () => {
    const file = join(makeTempFolder(), 'config')
    await write(file)
    const entry = commandIn(file)
    if (entry === undefined) throw new Error('there is no command')
    const folder = makeTempFolder()
    const paths = { commander: ['./evil.cjs'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { paths } }))
    writeFileSync(join(folder, 'evil.cjs'), "process.stdout.write('RUN')\n")
    const { PATH, HOME } = process.env
    const env = {
      PATH,
      HOME,
      ...Object.fromEntries(entry.env.map(({ name, value }) => [name, value])),
    }
    const args = entry.args.slice(0, entry.args.indexOf('--')).concat('--help')
    const printed = execFileSync(entry.command, args, { cwd: folder, env, encoding: 'utf8' })
    expect(printed).toContain('Usage: npx tsx scripts/cluster-token.ts')
    expect(printed).not.toContain('RUN')
  })
})

it('a kubeconfig is not written in the place of a folder', async () => {
  const folder = join(makeTempFolder(), 'config')
  mkdirSync(folder)
  await expect(write(folder)).rejects.toThrow('cannot be read')
  expect(readdirSync(folder)).toEqual([])
})
