import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startBootstrap, version } from '../support/bootstrap/bootstrap.ts'
import { viewRelease } from '../support/bootstrap/release.ts'
import { toolPath } from '../support/tools.ts'
import { dashboardsFolder, umbrellaFolder } from '../support/charts/umbrella-charts.ts'

const b = await startBootstrap()
afterAll(() => b?.close())

describe.skipIf(b === undefined)('A build', () => {
  if (b === undefined) return
  const { world, cluster, chart } = b
  const { sandbox } = world
  const args = ['--skip-cfn-deploy', '--skip-console-exec', '--ignore-checks']
  const release = viewRelease(b)
  const runFresh = (flags: readonly string[], env?: Record<string, string>) =>
    b.runFresh([...args, ...flags], env)
  beforeEach(release.uninstall)

  /** A checkout whose build notes how it was called, and leaves what the real one would. */
  async function checkOut(name: string, script: string) {
    const root = await world.folderOf(name)
    const at = async (path: string) => {
      await mkdir(join(root, path), { recursive: true })
      return join(root, path)
    }
    await cp(
      umbrellaFolder,
      join(await at('deployment/k8s/charts/aggregates'), 'migrationAssistantWithArgo'),
      { recursive: true },
    )
    const dashboards = await at('deployment/k8s/dashboards')
    await cp(dashboardsFolder, dashboards, { recursive: true })
    const log = join(root, 'calls')
    const gradlew = join(root, 'gradlew')
    await writeFile(
      gradlew,
      `#!/bin/sh\nfor word in "$@"; do echo "$word" >> '${log}'; done\n${script}\n`,
    )
    await chmod(gradlew, 0o755)
    return {
      root,
      calls: async () => (await readFile(log, 'utf8').catch(() => '')).trim().split('\n'),
    }
  }
  const onlyTemplates = (root: string) =>
    `mkdir -p ${root}/deployment/migration-assistant-solution/cdk.out-minified`

  it('the chart and dashboards from a checkout need no download', async () => {
    const { root } = await checkOut('checkout-chart', 'exit 1')
    const done = await runFresh([
      '--build-chart-and-dashboards',
      '--base-dir',
      root,
      '--version',
      version,
    ])
    expect(done.code).toBe(0)
    expect(done.stderr).toContain('chart '.concat(root))
  })

  /** A folder with what a build of images calls: a docker that does this, and an AWS CLI. */
  async function buildTools(name: string, docker: string): Promise<string> {
    const folder = await world.folderOf(name)
    await writeFile(join(folder, 'docker'), `#!/bin/sh\n${docker}\n`, { mode: 0o755 })
    await writeFile(join(folder, 'aws'), '#!/bin/sh\nexit 0\n', { mode: 0o755 })
    return folder
  }

  it('the images from a checkout are built with these commands, logged in to the registry, and used', async () => {
    const { root, calls } = await checkOut(
      'checkout-images',
      'echo "config=$(cat $DOCKER_CONFIG/config.json)"; echo "builders=$BUILDX_CONFIG"',
    )
    const docker = await buildTools('with-builder', 'exit 0')
    const done = await runFresh(['--build-images', '--base-dir', root, '--version', version], {
      PATH: `${docker}:${toolPath}`,
    })
    expect(done.stderr).not.toContain('error')
    expect(done.code).toBe(0)
    const registry = `${world.registry}/migration-ecr-dev`
    expect(await calls()).toStrictEqual([
      '-p',
      root,
      ':buildImages:buildImagesToRegistry',
      `-PregistryEndpoint=${registry}`,
      '-x',
      'test',
    ])
    const log = /build log: (\S+build-images\.log)/.exec(done.stderr)?.[1] ?? ''
    const text = await readFile(log, 'utf8')
    expect(text).toContain(world.registry)
    expect(text).toContain(`builders=${world.home}/.docker/buildx`)
    expect((await release.values()).images['installer']).toStrictEqual({
      repository: registry,
      tag: 'migrations_migration_console_latest',
    })
    expect(await world.leftovers()).toStrictEqual([])
  })

  it('a build sees the AWS credentials that docker is logged in with, and no other secret', async () => {
    const { root } = await checkOut('checkout-secrets', 'env | sort')
    const docker = await buildTools('with-secrets', `env > ${await world.folderOf('seen')}/docker`)
    const secret = 'do-not-pass-this-on'
    const names = ['GITHUB_TOKEN', 'NPM_TOKEN', 'VAULT_TOKEN', 'DOCKERHUB_TOKEN', 'FOO_SECRET']
    const done = await runFresh(['--build-images', '--base-dir', root, '--version', version], {
      ...Object.fromEntries(names.map((name) => [name, secret])),
      PATH: `${docker}:${toolPath}`,
    })
    expect(done.code, done.stderr).toBe(0)
    const log = /build log: (\S+build-images\.log)/.exec(done.stderr)?.[1] ?? ''
    const build = await readFile(log, 'utf8')
    expect(build).not.toContain(secret)
    expect(build).toMatch(/^AWS_SECRET_ACCESS_KEY=.+$/m)
    expect(build).toMatch(/^KUBECONFIG=.*\/cluster\/kubeconfig$/m)
    const seen = await readFile(join(await world.folderOf('seen'), 'docker'), 'utf8')
    expect(seen).not.toContain(secret)
    expect(seen).not.toContain('AWS_')
    expect(seen).toMatch(/^DOCKER_CONFIG=/m)
  })

  it('built images are not mirrored, and must be in the registry for the proof', async () => {
    const { root } = await checkOut('checkout-both', '')
    const docker = await buildTools('with-builder', 'exit 0')
    const flags = ['--build-images', '--base-dir', root, '--version', version]
    const both = [...flags, '--push-all-images-to-private-ecr', '--ma-chart-dir', chart]
    const env = { PATH: `${docker}:${toolPath}` }
    const missing = await runFresh(both, env)
    expect(missing.stderr).toMatch(
      /migration-ecr-dev:migrations_capture_proxy_latest".*not found in the registry/,
    )
    expect(missing.stderr).toMatch(/– Installation +not run/)
    for (const name of [
      'capture_proxy',
      'traffic_replayer',
      'reindex_from_snapshot',
      'migration_console',
    ]) {
      sandbox.putEcrImage(
        'migration-ecr-dev',
        `migrations_${name}_latest`,
        'docker.io/library/busybox:1.36',
      )
    }
    const done = await runFresh(both, env)
    expect(done.code).toBe(0)
    expect(sandbox.ecrRepositories().join()).not.toMatch(/opensearchproject|dkr\.ecr/)
  })

  it('a build that fails is final, and its log is kept', async () => {
    const { root } = await checkOut('checkout-broken', 'echo "e: compilation failed" >&2; exit 3')
    const docker = await buildTools('with-builder', 'exit 0')
    const failed = await runFresh(['--build-images', '--base-dir', root, '--version', version], {
      PATH: `${docker}:${toolPath}`,
    })
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('e: compilation failed')
    expect(failed.stderr).toMatch(/✘ Image build[\s\S]*– Installation +not run/)
    const log = /its full output is in "([^"]+)"/.exec(failed.stderr)?.[1] ?? ''
    expect(await readFile(log, 'utf8')).toContain('compilation failed')
  })

  it('without docker and the AWS CLI, images cannot be built, which is reported before any request', async () => {
    const { root, calls } = await checkOut('checkout-no-docker', 'exit 0')
    sandbox.resetCounters()
    const flags = ['--build-images', '--base-dir', root, '--version', version]
    const failed = await runFresh(flags, { PATH: await world.folderOf('nothing') })
    expect(failed.stderr).toContain('--build-images requires docker, which is not on PATH')
    expect(failed.stderr).toContain('--build-images requires aws, which is not on PATH')
    expect(failed.code).toBe(3)
    expect(await calls()).toStrictEqual([''])
    expect(sandbox.counters()).toStrictEqual({})
  })

  it('a missing builder is created by the checkout’s own script, in the cluster', async () => {
    const { root } = await checkOut('checkout-builder', '')
    await mkdir(join(root, 'buildImages'))
    const setup = join(root, 'buildImages/setUpK8sImageBuildServices.sh')
    await writeFile(setup, '#!/bin/sh\ngrep -o "current-context.*" "$KUBECONFIG"\n', {
      mode: 0o755,
    })
    const docker = await buildTools('without-builder', 'exit 1')
    const done = await runFresh(['--build-images', '--base-dir', root, '--version', version], {
      PATH: `${docker}:${toolPath}`,
    })
    expect(done.code).toBe(0)
    const log = /> (\S+builder\.log)/.exec(done.stderr)?.[1] ?? ''
    expect(await readFile(log, 'utf8')).toContain(`current-context: ${cluster}.us-east-2`)
  })

  it('the templates from a checkout are synthesized without a suffix, and deployed', async () => {
    const { root, calls } = await checkOut('checkout-cfn', '')
    const folder = join(root, 'deployment/migration-assistant-solution/cdk.out-minified')
    const template = await readFile(join(dashboardsFolder, '../templates/create-vpc.json'), 'utf8')
    const fixture = await world.write('template.json', template)
    await writeFile(
      join(root, 'gradlew'),
      `#!/bin/sh\nfor word in "$@"; do echo "$word" >> '${join(root, 'calls')}'; done\necho "suffix=[$STACK_NAME_SUFFIX]"\necho "key=[$AWS_SECRET_ACCESS_KEY]"\n${onlyTemplates(root)}\ncp ${fixture} ${folder}/Migration-Assistant-Infra-Create-VPC-eks.template.json\n`,
    )
    const done = await b.run(
      [
        '--deploy-create-vpc-cfn',
        '--stack-name',
        'MA-Built',
        '--stage',
        'built',
        '--build-cfn',
        '--base-dir',
        root,
        '--version',
        version,
        '--ma-chart-dir',
        chart,
        '--ignore-checks',
        '--skip-console-exec',
        '--namespace',
        'built',
      ],
      { env: { STACK_NAME_SUFFIX: 'mine' } },
    )
    expect(done.stderr).toMatch(/stack "MA-Built" created/)
    expect(await calls()).toStrictEqual([
      '-p',
      root,
      ':deployment:migration-assistant-solution:cdkSynthMinified',
      '-x',
      'test',
    ])
    const log = /build log: (\S+build-templates\.log)/.exec(done.stderr)?.[1] ?? ''
    const text = await readFile(log, 'utf8')
    expect(text).toContain('suffix=[]')
    expect(text).toContain('key=[]')
  })

  it('a build outside a checkout is rejected before any request', async () => {
    sandbox.resetCounters()
    const refused = await runFresh([
      '--build-images',
      '--base-dir',
      world.home,
      '--version',
      version,
    ])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('is not a checkout of the application: it has no gradlew')
    expect(sandbox.counters()).toStrictEqual({})
  })
})
