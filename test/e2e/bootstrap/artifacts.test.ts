import { copyFile, cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startBootstrap, version } from '../support/bootstrap/bootstrap.ts'
import { viewRelease } from '../support/bootstrap/release.ts'
import { dashboardsFolder, umbrellaFolder } from '../support/charts/umbrella-charts.ts'

const b = await startBootstrap()
afterAll(() => b?.close())

const project = '/opensearch-project/opensearch-migrations'
const archive = `${project}/releases/download/${version}/migration-assistant-${version}.tgz`

describe.skipIf(b === undefined)('The installed release', () => {
  if (b === undefined) return
  const { world, site } = b
  const { sandbox } = world
  const args = ['--skip-cfn-deploy', '--skip-console-exec', '--ignore-checks']
  const original = new Map(site.files)
  const release = viewRelease(b)
  const runFresh = (flags: readonly string[]) => b.runFresh([...args, ...flags])
  beforeEach(async () => {
    for (const [path, content] of original) site.files.set(path, content)
    await release.uninstall()
  })
  it('is the latest one, downloaded once and compared with the publisher’s digests', async () => {
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
    expect(second.stdout).toContain('Nothing to do')
    // The version is asked for once in each run; the files are here.
    expect(sandbox.counters()['api.github.com']?.requests).toBe(1)
    expect(sandbox.counters()['github.com']?.requests).toBeUndefined()
  })

  it('a file that was changed in the cache is downloaded again', async () => {
    const cache = await world.folderOf('spoilt')
    await b.run(args, { env: { ECR_AIRLIFT_CACHE: cache } })
    await writeFile(
      join(cache, 'releases', version, `migration-assistant-${version}.tgz`),
      'spoilt',
    )
    const again = await b.run(args, { env: { ECR_AIRLIFT_CACHE: cache } })
    expect(again.code).toBe(0)
  })

  it('a download that differs from the published file is rejected and not kept', async () => {
    site.files.set(archive, Buffer.from('not the chart'))
    const refused = await runFresh([])
    expect(refused.code).toBe(3)
    expect(refused.stderr).toMatch(
      /migration-assistant-2\.6\.4\.tgz" is not the published file: its SHA-256 is/,
    )
    const kept = await readFile(
      join(refused.cache, 'releases', version, `migration-assistant-${version}.tgz`),
    ).catch(() => undefined)
    expect(kept).toBeUndefined()
  })

  it('an error page in place of a dashboard is rejected', async () => {
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
    ['an empty tag', ['--version', ''], /argument '' is invalid\. It must not be empty/],
  ])('%s is named', async (_, flags, message) => {
    const refused = await runFresh(flags)
    expect(refused.stderr).toMatch(message)
    expect(refused.code).not.toBe(0)
  })

  it('without GitHub’s API, the latest release is unknown; a given one is downloaded without comparison, which is reported', async () => {
    const restore = sandbox.addFault({
      host: 'api.github.com',
      effect: { status: 403, body: 'rate limit' },
    })
    const unknown = await runFresh([])
    expect(unknown.stderr).toMatch(/cannot determine the latest release: /)
    expect(unknown.stderr).toContain('set --version')
    expect(unknown.code).toBe(3)
    const named = await runFresh(['--version', version])
    restore()
    expect(named.stderr).toMatch(/! cannot compare downloads with their publisher's digests/)
    expect(named.code).toBe(0)
  })

  it('a release that lacks a required file names the file', async () => {
    site.files.delete(archive)
    const refused = await runFresh(['--version', version])
    expect(refused.stderr).toContain(
      `release "${version}" has no file "migration-assistant-${version}.tgz"`,
    )
  })

  it('a given chart with its dashboards and all images set needs no release', async () => {
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
    ['a folder without a chart', 'empty', /neither a chart folder nor a chart archive/],
    ['nothing at all', 'nowhere/at/all', /neither a chart folder nor a chart archive/],
  ])('--ma-chart-dir with %s is refused', async (_, name, message) => {
    await world.folderOf('empty')
    const refused = await runFresh(['--ma-chart-dir', join(world.home, '..', name)])
    expect(refused.stderr).toMatch(message)
    expect(refused.code).toBe(2)
  })
})
