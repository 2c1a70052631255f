import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { plainly, startBootstrap } from '../support/bootstrap/bootstrap.ts'
import { findProgram } from '../support/tools.ts'

const b = await startBootstrap()
afterAll(() => b?.close())
const kubectl = await findProgram('kubectl')

describe.skipIf(b === undefined)('Access to the cluster', () => {
  if (b === undefined) return
  const { world, cluster } = b
  const args = plainly(b)
  const context = `${cluster}.us-east-2`

  it('is a token of our own, which the cluster accepts every time', async () => {
    expect((await b.run(args)).code).toBe(0)
    const checks = world.sandbox.kubernetes(cluster).tokenChecks()
    expect(checks.refused).toStrictEqual([])
    expect(checks.accepted).toBeGreaterThan(5)
  })

  it('is added to the user’s kubeconfig on request, next to existing entries', async () => {
    const file = join(world.home, '.kube', 'config')
    await mkdir(join(world.home, '.kube'))
    await writeFile(
      file,
      'apiVersion: v1\nkind: Config\ncurrent-context: work\ncontexts:\n  - { name: work, context: { cluster: work, user: me } }\n',
    )
    const done = await b.run([...args, '--write-kubeconfig'])
    expect(done.code).toBe(0)
    expect(done.stderr).toContain(`context "${context}" written to ${file}`)
    const config = parse(await readFile(file, 'utf8'))
    expect(config['current-context']).toBe('work')
    expect(config.contexts.map(({ name }: { name: string }) => name)).toStrictEqual([
      'work',
      context,
    ])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const again = await readFile(file, 'utf8')
    await b.run([...args, '--write-kubeconfig'])
    expect(await readFile(file, 'utf8')).toBe(again)
  })

  it.skipIf(kubectl === undefined)(
    'works there for kubectl, by a command that makes tokens',
    async () => {
      const file = join(world.home, 'other')
      await b.run([...args, '--write-kubeconfig', file])
      const asked = await world.tool(
        kubectl ?? '',
        '--kubeconfig',
        file,
        '--context',
        context,
        'get',
        'pods',
        '-o',
        'name',
      )
      expect(asked.stderr).toBe('')
      expect(asked.stdout).toContain('pod/migration-console-0')
    },
  )

  it('an invalid kubeconfig is rejected and left unchanged', async () => {
    const file = await world.write('broken', 'a: [\n')
    const refused = await b.run([...args, '--write-kubeconfig', file])
    expect(refused.stderr).toMatch(/is not a kubeconfig/)
    expect(refused.code).not.toBe(0)
    expect(await readFile(file, 'utf8')).toBe('a: [\n')
  })

  it('two concurrent runs on different namespaces do not disturb each other', async () => {
    const [one, two] = await Promise.all([
      b.run([...args, '--namespace', 'one']),
      b.run([...args, '--namespace', 'two']),
    ])
    expect([one.code, two.code]).toStrictEqual([0, 0])
    expect(one.stdout).toContain('release "one" installed')
    expect(two.stdout).toContain('release "two" installed')
  })

  it('an unreachable cluster is detected before anything is copied', async () => {
    const host = new URL(
      parse(await readFile(join(world.home, '.kube', 'config'), 'utf8')).clusters[0].cluster.server,
    ).host
    const restore = world.sandbox.addFault({ host, effect: { reset: true } })
    world.sandbox.resetCounters()
    const failed = await b.run([...args, '--push-all-images-to-private-ecr'])
    restore()
    expect(failed.code).toBe(3)
    expect(failed.stderr).toMatch(/cannot reach the cluster's API server "https:\/\/.*"/)
    expect(failed.stderr).toContain('inside its VPC if public access is off')
    expect(world.sandbox.counters()[world.registry]).toBeUndefined()
  })

  it('the token entry prints a credential for kubectl', async () => {
    const printed = await world.script('cluster-token.ts', [cluster])
    const { kind, status } = JSON.parse(printed.stdout)
    expect(kind).toBe('ExecCredential')
    expect(status.token).toMatch(/^k8s-aws-v1\.[\w-]+$/)
    const left = new Date(status.expirationTimestamp).getTime() - Date.now()
    expect(left).toBeGreaterThan(10 * 60_000)
    expect(left).toBeLessThan(15 * 60_000)
    const lost = await world.script('cluster-token.ts', [cluster], {
      env: { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined },
    })
    expect(lost.stderr).toContain('no region is set')
    expect(lost.code).toBe(2)
  })
})
