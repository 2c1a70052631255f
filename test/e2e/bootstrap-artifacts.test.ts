import { chmod, copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startBootstrap, version } from './support/bootstrap.ts'
import { viewRelease } from './support/release.ts'
import { toolPath } from './support/tools.ts'
import { dashboardsFolder, umbrellaFolder } from './support/umbrella-charts.ts'

const b = await startBootstrap()
afterAll(() => b?.close())

const project = '/opensearch-project/opensearch-migrations'
const archive = `${project}/releases/download/${version}/migration-assistant-${version}.tgz`

describe.skipIf(b === undefined)('What is installed', () => {
  if (b === undefined) return
  const { world, cluster, site, chart } = b
  const { sandbox } = world
  const args = ['--skip-cfn-deploy', '--skip-console-exec', '--ignore-checks']
  const original = new Map(site.files)
  const release = viewRelease(b)
  /** A run with a cache of its own: what an earlier one has downloaded is not there. */
  let fresh = 0
  const runFresh = async (flags: readonly string[], env: Record<string, string> = {}) => {
    fresh += 1
    const cache = await world.folderOf(`cache-${fresh}`)
    return b.run([...args, ...flags], { env: { ECR_AIRLIFT_CACHE: cache, ...env } })
  }
  beforeEach(async () => {
    for (const [path, content] of original) site.files.set(path, content)
    await release.uninstall()
  })
  it('is the latest release, downloaded once and compared with what its publisher says', async () => {
    const cache = await world.folderOf('kept')
    sandbox.resetCounters()
    const first = await b.run(args, { env: { ECR_AIRLIFT_CACHE: cache } })
    expect(first.code).toBe(0)
    expect(first.stderr).toContain(`release ${version}`)
    expect((await release.values()).images['migrationConsole']?.tag).toBe(version)
    expect(sandbox.counters()['github.com']?.requests).toBe(3)
    sandbox.resetCounters()
    const second = await b.run([...args, '--version', 'latest'], {
      env: { ECR_AIRLIFT_CACHE: cache },
    })
    expect(second.stdout).toContain('Nothing was left to do')
    // The version is asked for once in each run; the files are here.
    expect(sandbox.counters()['api.github.com']?.requests).toBe(1)
    expect(sandbox.counters()['github.com']?.requests).toBeUndefined()
  })

  it('a file that was changed in the cache is downloaded anew', async () => {
    const cache = await world.folderOf('spoilt')
    await b.run(args, { env: { ECR_AIRLIFT_CACHE: cache } })
    await writeFile(
      join(cache, 'releases', version, `migration-assistant-${version}.tgz`),
      'spoilt',
    )
    const again = await b.run(args, { env: { ECR_AIRLIFT_CACHE: cache } })
    expect(again.code).toBe(0)
  })

  it('a download that is not the published file is refused, and nothing of it is kept', async () => {
    site.files.set(archive, Buffer.from('not the chart'))
    const refused = await runFresh([])
    expect(refused.code).toBe(3)
    expect(refused.stderr).toMatch(
      /migration-assistant-2\.6\.4\.tgz" is not the published file: its SHA-256 is/,
    )
    const cache = await world.folderOf(`cache-${fresh}`)
    const kept = await readFile(
      join(cache, 'releases', version, `migration-assistant-${version}.tgz`),
    ).catch(() => undefined)
    expect(kept).toBeUndefined()
  })

  it('an error page in place of a dashboard is refused', async () => {
    site.files.delete(`/repos${project}/releases/tags/${version}`)
    site.files.set(
      `/repos${project}/releases/tags/${version}`,
      Buffer.from(JSON.stringify({ tag_name: version, assets: [] })),
    )
    site.files.set(
      `${project}/releases/download/${version}/capture-replay-dashboard.json`,
      Buffer.from('<html>Not Found</html>'),
    )
    const refused = await runFresh(['--version', version])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/dashboard "capture-replay-dashboard\.json" is not JSON/)
    expect(refused.stderr).toMatch(/✘ Release /)
  })

  it.each([
    ['a release that is not there', ['--version', '9.9.9'], /there is no release "9\.9\.9"/],
    ['an empty tag', ['--version', ''], /--version "" is not written as these are/],
  ])('%s is named', async (_, flags, message) => {
    const refused = await runFresh(flags)
    expect(refused.stderr).toMatch(message)
    expect(refused.code).not.toBe(0)
  })

  it('without GitHub’s API the latest one is not known; a named one is downloaded without comparison, and it says so', async () => {
    const restore = sandbox.addFault({
      host: 'api.github.com',
      effect: { status: 403, body: 'rate limit' },
    })
    const unknown = await runFresh([])
    expect(unknown.stderr).toMatch(/the latest release is not known: /)
    expect(unknown.stderr).toContain('name one by --version')
    expect(unknown.code).toBe(3)
    const named = await runFresh(['--version', version])
    restore()
    expect(named.stderr).toMatch(/! downloads are not compared with their publisher's digests/)
    expect(named.code).toBe(0)
  })

  it('a release without a file that is needed names the file', async () => {
    site.files.delete(archive)
    const refused = await runFresh(['--version', version])
    expect(refused.stderr).toContain(
      `release "${version}" has no file "migration-assistant-${version}.tgz"`,
    )
  })

  it('a chart that was brought along, with dashboards beside it and all images named, needs no release', async () => {
    const folder = await world.folderOf('brought')
    await cp(umbrellaFolder, join(folder, 'migration-assistant'), { recursive: true })
    for (const name of ['capture-replay', 'reindex-from-snapshot']) {
      const file = `${name}-dashboard.json`
      await copyFile(join(dashboardsFolder, file), join(folder, file))
    }
    const keys = [
      'captureProxy',
      'trafficReplayer',
      'reindexFromSnapshot',
      'migrationConsole',
      'installer',
    ]
    const images = keys
      .map((key) => `  ${key}: { repository: quay.io/example/x, tag: '1' }\n`)
      .join('')
    const values = await world.write('all-images.yaml', `images:\n${images}`)
    sandbox.resetCounters()
    const done = await runFresh([
      '--ma-chart-dir',
      join(folder, 'migration-assistant'),
      '--helm-values',
      values,
    ])
    expect(done.code).toBe(0)
    expect(Object.keys(sandbox.counters()).filter((host) => host.includes('github'))).toStrictEqual(
      [],
    )
  })

  it.each([
    ['a folder without a chart', 'empty', /neither a chart folder nor an archive/],
    ['nothing at all', 'nowhere/at/all', /neither a chart folder nor an archive/],
  ])('--ma-chart-dir with %s is refused', async (_, name, message) => {
    await world.folderOf('empty')
    const refused = await runFresh(['--ma-chart-dir', join(world.home, '..', name)])
    expect(refused.stderr).toMatch(message)
    expect(refused.code).toBe(2)
  })

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

  it('the chart and the dashboards of a checkout need no download', async () => {
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

  it('the images of a checkout are built with these words, logged in to the registry, and used', async () => {
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
    const log = /log in (\S+build-images\.log)/.exec(done.stderr)?.[1] ?? ''
    const text = await readFile(log, 'utf8')
    expect(text).toContain(world.registry)
    expect(text).toContain(`builders=${world.home}/.docker/buildx`)
    expect((await release.values()).images['installer']).toStrictEqual({
      repository: registry,
      tag: 'migrations_migration_console_latest',
    })
    expect(await world.leftovers()).toStrictEqual([])
  })

  it('images that are built are not mirrored, and have to be there for the proof', async () => {
    const { root } = await checkOut('checkout-both', '')
    const docker = await buildTools('with-builder', 'exit 0')
    const flags = ['--build-images', '--base-dir', root, '--version', version]
    const both = [...flags, '--push-all-images-to-private-ecr', '--ma-chart-dir', chart]
    const env = { PATH: `${docker}:${toolPath}` }
    const missing = await runFresh(both, env)
    expect(missing.stderr).toMatch(
      /migration-ecr-dev:migrations_capture_proxy_latest".*the registry does not have it/,
    )
    expect(missing.stderr).toMatch(/– Installation +not done/)
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
    expect(failed.stderr).toMatch(/✘ Build of the images[\s\S]*– Installation +not done/)
    const log = /all that it printed is in "([^"]+)"/.exec(failed.stderr)?.[1] ?? ''
    expect(await readFile(log, 'utf8')).toContain('compilation failed')
  })

  it('without docker and the AWS CLI the images cannot be built, which is said before anything is asked', async () => {
    const { root, calls } = await checkOut('checkout-no-docker', 'exit 0')
    sandbox.resetCounters()
    const flags = ['--build-images', '--base-dir', root, '--version', version]
    const failed = await runFresh(flags, { PATH: await world.folderOf('nothing') })
    expect(failed.stderr).toContain('there is no docker on PATH, which --build-images needs')
    expect(failed.stderr).toContain('there is no aws on PATH')
    expect(failed.code).toBe(3)
    expect(await calls()).toStrictEqual([''])
    expect(sandbox.counters()).toStrictEqual({})
  })

  it('a builder that is not there is made by the checkout’s own script, with the cluster at hand', async () => {
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

  it('the templates of a checkout are synthesized without a suffix, and deployed', async () => {
    const { root, calls } = await checkOut('checkout-cfn', '')
    const folder = join(root, 'deployment/migration-assistant-solution/cdk.out-minified')
    const template = await readFile(join(dashboardsFolder, '../templates/create-vpc.json'), 'utf8')
    const fixture = await world.write('template.json', template)
    await writeFile(
      join(root, 'gradlew'),
      `#!/bin/sh\nfor word in "$@"; do echo "$word" >> '${join(root, 'calls')}'; done\necho "suffix=[$STACK_NAME_SUFFIX]"\n${onlyTemplates(root)}\ncp ${fixture} ${folder}/Migration-Assistant-Infra-Create-VPC-eks.template.json\n`,
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
    const log = /log in (\S+build-templates\.log)/.exec(done.stderr)?.[1] ?? ''
    expect(await readFile(log, 'utf8')).toContain('suffix=[]')
  })

  it('a build outside a checkout is refused before anything is asked', async () => {
    sandbox.resetCounters()
    const refused = await runFresh([
      '--build-images',
      '--base-dir',
      world.home,
      '--version',
      version,
    ])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(
      'is not a checkout of the application: there is no gradlew in it',
    )
    expect(sandbox.counters()).toStrictEqual({})
  })
})
