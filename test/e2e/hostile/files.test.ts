import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixture, pod, relocate, writeChart } from '../support/charts/relocating.ts'
import { helm } from '../support/tools.ts'
import { startWorld, type World } from '../support/world.ts'

// The files that ecr-airlift reads, writes and keeps on this machine, with the real helm.
let world: World

beforeAll(async () => {
  world = await startWorld({ charts: ['fluent-bit'] })
})
afterAll(() => world.close())

/** Every file below a folder with its content. */
async function textsIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    await Promise.all(
      files.map(
        async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')] as const,
      ),
    ),
  )
}

const image = 'quay.io/example/app:1.0.0'

describe('a chart folder with a link', () => {
  test('to a file outside is rejected, and the file is not packed', async () => {
    const chart = await writeChart(world, 'leaky', { 'templates/pod.yaml': pod('a', image) })
    const secret = await world.write('secret', 'hunter2')
    await symlink(secret, join(chart, 'notes'))
    const out = await world.folderOf('leaky-out')
    const { code, stderr } = await relocate(world, chart, '--repack', out)
    expect(code).toBe(2)
    expect(stderr).toContain(
      `error: "leaky" is not a chart: "notes" is a link to "${secret}", which is outside the chart folder\n  → `,
    )
    expect(await textsIn(out)).toEqual({})
  })

  test('for its charts folder is rejected before helm writes there', async () => {
    const chart = await writeChart(world, 'reaching', {
      'Chart.yaml':
        'apiVersion: v2\nname: reaching\nversion: 0.1.0\ndependencies:\n  - { name: fluent-bit, version: 0.49.0, repository: "https://fluent.github.io/helm-charts" }\n',
    })
    const elsewhere = await world.folderOf('elsewhere')
    await writeFile(join(elsewhere, 'precious-1.0.0.tgz'), 'precious')
    await symlink(elsewhere, join(chart, 'charts'))
    const { code, stderr } = await relocate(world, chart)
    expect(code).toBe(2)
    expect(stderr).toContain(`"charts" is a link to "${elsewhere}"`)
    expect(await textsIn(elsewhere)).toEqual({ 'precious-1.0.0.tgz': 'precious' })
  })

  test('within it is relocated and packed with the content that helm reads there', async () => {
    const chart = await writeChart(world, 'tidy', { 'shared/pod.yaml': pod('a', image) })
    await mkdir(join(chart, 'templates'))
    await symlink('../shared/pod.yaml', join(chart, 'templates/pod.yaml'))
    const out = await world.folderOf('tidy-out')
    const { code, stderr } = await relocate(world, chart, '--repack', out)
    expect(code, stderr).toBe(0)
    const rendered = await world.tool(helm, 'template', 'it', join(out, 'tidy-0.1.0.tgz'))
    expect(rendered.stdout).toContain(`image: ${world.registry}/mirrored/${image}`)
  })

  test('gets its dependencies in a copy, and stays unchanged', async () => {
    const { version } = world.manifest.charts[0] ?? {}
    const chart = await writeChart(world, 'needing', {
      'Chart.yaml': `apiVersion: v2\nname: needing\nversion: 0.1.0\ndependencies:\n  - { name: fluent-bit, version: ${version}, repository: "https://fluent.github.io/helm-charts" }\n`,
      'held/_notes.md': 'kept',
      'locks/lock': 'dependencies: []\n',
    })
    await symlink('held', join(chart, 'charts'))
    await symlink('locks/lock', join(chart, 'Chart.lock'))
    const before = await textsIn(chart)
    const { code, stderr, stdout } = await relocate(world, chart, '--images')
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('fluent-bit')
    expect(await textsIn(chart)).toEqual(before)
  })
})

test('a FIFO in a chart folder is rejected immediately', async () => {
  const chart = await writeChart(world, 'waiting', { 'templates/pod.yaml': pod('a', image) })
  execFileSync('mkfifo', [join(chart, 'templates/fifo')])
  const { code, stderr } = await relocate(world, chart)
  expect(code).toBe(2)
  expect(stderr).toContain('"templates/fifo" is neither a file nor a folder')
})

test('an output is not written through a link in a folder that anyone can write to', async () => {
  const shared = await world.folderOf('shared')
  await chmod(shared, 0o1777)
  const target = await world.folderOf('not-shared')
  await symlink(target, join(shared, 'out'))
  const { code, stderr } = await relocate(
    world,
    fixture('registry-repository-tag'),
    '--repack',
    join(shared, 'out'),
  )
  expect(code).toBe(2)
  expect(stderr).toContain(`"${join(shared, 'out')}" is a link to "${target}"`)
  expect(await textsIn(target)).toEqual({})
})

describe('renders', () => {
  const renders = (home: string) => join(home, '.cache/ecr-airlift/renders')
  const kept = async (home: string) => {
    const names = await readdir(renders(home)).catch(() => [])
    return names.filter((name) => name.endsWith('.gz')).map((name) => join(renders(home), name))
  }
  const relocateFrom = (home: string, args: readonly string[], env = {}) =>
    world.script(
      'relocate-chart.ts',
      [world.registry, fixture('registry-repository-tag'), ...args],
      {
        env: { HOME: home, XDG_CACHE_HOME: undefined, ...env },
      },
    )

  test('of a chart with its own values are kept, only for their owner', async () => {
    const home = await world.folderOf('home-own')
    await mkdir(renders(home), { recursive: true, mode: 0o755 })
    const old = join(renders(home), `${'0'.repeat(64)}.gz`)
    await writeFile(old, 'a render of an earlier version', { mode: 0o644 })
    const first = await relocateFrom(home, [])
    expect(first.code, first.stderr).toBe(0)
    const files = await kept(home)
    expect(files.length).toBeGreaterThan(1)
    expect((await stat(renders(home))).mode & 0o777).toBe(0o700)
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(renders(home))).not.toContain(basename(old))
    expect(await readdir(dirname(renders(home)))).not.toContain('tmp')
  })

  test.for([
    ['--set', ['--set', 'password=hunter2']],
    ['a values file', ['--values']],
  ] as const)('with %s of the user are not kept', async ([name, args]) => {
    const home = await world.folderOf(`home-${name.replaceAll(/\W/g, '')}`)
    const file = await world.write('own-values.yaml', 'password: hunter2\n')
    const given = args[0] === '--values' ? [...args, file] : args
    const { code, stderr } = await relocateFrom(home, given)
    expect(code, stderr).toBe(0)
    expect(await kept(home)).toEqual([])
    const asked = await relocateFrom(home, given, { ECR_AIRLIFT_CACHE_RENDERS: '1' })
    expect(asked.code, asked.stderr).toBe(0)
    expect((await kept(home)).length).toBeGreaterThan(1)
  })

  test('that another process changed are repeated', async () => {
    const home = await world.folderOf('home-changed')
    const first = await relocateFrom(home, [])
    for (const file of await kept(home)) {
      const text = gunzipSync(await readFile(file)).toString()
      await writeFile(file, gzipSync(text.replaceAll('quay.io', 'evil.example')))
    }
    const second = await relocateFrom(home, [])
    expect(second.code, second.stderr).toBe(0)
    expect(second.stdout).toBe(first.stdout)
  })
})

test('a cached archive that changed is fetched again', async () => {
  const cache = await world.folderOf('chart-cache')
  const { name = '', version = '' } = world.manifest.charts[0] ?? {}
  const fetchImages = () =>
    world.script(
      'relocate-chart.ts',
      [
        world.registry,
        name,
        '--repo',
        'https://fluent.github.io/helm-charts',
        '--version',
        version,
        '--images',
      ],
      { env: { ECR_AIRLIFT_CHART_CACHE: cache } },
    )
  const first = await fetchImages()
  expect(first.code, first.stderr).toBe(0)
  const [file] = (await readdir(cache, { recursive: true })).filter((path) => path.endsWith('.tgz'))
  const archive = join(cache, file ?? '')
  const content = await readFile(archive)
  const again = await fetchImages()
  expect(again.stderr).not.toContain('fetching it again')
  await writeFile(archive, 'poison')
  const healed = await fetchImages()
  expect(healed.code, healed.stderr).toBe(0)
  expect(healed.stderr).toContain(`! could not verify the cached archive of ${name} ${version}`)
  expect(healed.stdout).toBe(first.stdout)
  expect(await readFile(archive)).toEqual(content)
})
