import { mkdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import {
  type AddonsDesk,
  openAddonsDesk,
  readReport,
  startAddons,
} from '../support/charts/addons.ts'
import { addonCharts } from '../support/charts/addon-charts.ts'
import { recordTools, type RecordedTools } from '../support/recorded-tools.ts'
import { writeChart } from '../support/charts/relocating.ts'
import type { World } from '../support/world.ts'

// Names, versions and other texts that are flags of helm. Each would write, send or run something.
const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: {{ .Values.image }} }] }\n'
const files = { 'values.yaml': 'image: quay.io/example/app:1.2.3\n', 'templates/pod.yaml': pod }

let world: World
let desk: AddonsDesk
let tools: RecordedTools
let count = 0

beforeAll(async () => {
  world = await startAddons(['keda'])
  desk = await openAddonsDesk(world, 'desk')
})
afterAll(() => world.close())
beforeEach(async () => {
  count += 1
  tools = await recordTools(world, `recorded-${count}`)
})

/** Commands of helm and crane other than those that ask for a version. */
const commands = async () =>
  (await tools.calls()).filter(({ args }) => args[0] !== 'version').map(({ args }) => args)

const script = (name: string, args: readonly string[], cwd?: string) =>
  world.script(name, args, { env: { PATH: tools.path }, ...(cwd !== undefined && { cwd }) })
const relocate = (...args: readonly string[]) =>
  script('relocate-chart.ts', [world.registry, ...args])

const addon = { chart: 'keda', repository: addonCharts.keda.repository, version: '2.16.1' }

describe('an add-ons file', () => {
  test.for([
    ['releaseName', '--output-dir=OUT', '"--output-dir=OUT" is not a release name'],
    ['releaseName', '--post-renderer=sh', '"--post-renderer=sh" is not a release name'],
    ['releaseName', '--set-file=leak=/etc/passwd', 'is not a release name'],
    ['releaseName', 'a\n--debug', String.raw`"a\n--debug" is not a release name`],
    ['namespace', '--kubeconfig=/tmp/x', '"--kubeconfig=/tmp/x" is not a namespace'],
    ['chart', '--devel', '"--devel" is not a chart name'],
    ['repository', '--insecure', 'is not a chart repository'],
  ] as const)('whose %s is %j: it is left out with its place', async ([field, written, words]) => {
    const out = desk.at('written-by-helm')
    const value = written.replace('OUT', out)
    const entry = { ...addon, [field]: value }
    await desk.write('values.yaml', stringify({ addons: { bad: entry, good: addon } }))
    const done = await desk.sync(['--scan-only', '--output', 'json'], { PATH: tools.path })
    expect(done.code, done.stderr).toBe(0)
    expect(done.stderr).toContain('! skipped addons.bad: ')
    expect(done.stderr).toContain(words.replace('OUT', out))
    expect(readReport(done).incomplete).toEqual([expect.objectContaining({ path: 'addons.bad' })])
    expect(existsSync(out)).toBe(false)
    expect((await commands()).flat().filter((word) => word.includes(value))).toEqual([])
  })

  test('with a version that is a flag: that add-on fails', async () => {
    await desk.write(
      'values.yaml',
      stringify({ addons: { bad: { ...addon, version: '--devel' } } }),
    )
    const done = await desk.sync(['--scan-only'], { PATH: tools.path })
    expect(done.code).toBe(1)
    expect(done.stderr).toContain('"--devel" is not a version of chart "keda"')
    expect(await commands()).toEqual([])
  })

  test('with nothing else in it: exit code 2, and no tool is run', async () => {
    await desk.write(
      'values.yaml',
      stringify({ addons: { bad: { ...addon, releaseName: '--output-dir=/tmp/x' } } }),
    )
    const done = await desk.sync(['--scan-only'], { PATH: tools.path })
    expect(done.code).toBe(2)
    expect(await commands()).toEqual([])
  })
})

test('a catalog is rejected with the place of each flag in it', async () => {
  const text = `addons:
  - { chart: keda, repository: https://x.io, release: --post-renderer=sh }
  - { chart: keda, repository: https://x.io, namespace: --kubeconfig=x }
`
  await desk.write('catalog.yaml', text)
  const done = await desk.sync(['--catalog', 'catalog.yaml', '--scan-only'], { PATH: tools.path })
  expect(done.code).toBe(2)
  expect(done.stderr).toContain('catalog.yaml:2:55: addons.0.release: "--post-renderer=sh" is not')
  expect(done.stderr).toContain('catalog.yaml:3:57: addons.1.namespace: "--kubeconfig=x" is not')
  expect(await commands()).toEqual([])
})

test('a chart list is rejected with the place of each flag in it', async () => {
  const list = await world.write(
    'list.yaml',
    `charts:
  - { name: --devel, version: '1.0.0', repository: 'https://x.io' }
  - { name: a, version: '--devel', repository: 'https://x.io' }
  - { name: b, version: '1.0.0', repository: 'https://x.io', namespace: --kubeconfig=x }
`,
  )
  const args = ['--list', list, '--manifest', join(world.home, 'm.ts')]
  const done = await script('regenerate-manifest.ts', args)
  expect(done.code).toBe(2)
  for (const words of [
    'list.yaml:2:13: charts.0.name: "--devel" is not a chart name',
    'list.yaml:3:25: charts.1.version: "--devel" is not a chart version',
    'list.yaml:4:73: charts.2.namespace: "--kubeconfig=x" is not a namespace',
  ]) {
    expect(done.stderr).toContain(words)
  }
  expect(await commands()).toEqual([])
})

describe('a chart', () => {
  test.for([
    ['a line break in its name', 'name: "a\\n--output-dir=x"\nversion: 1.0.0\n', 'chart name'],
    ['a flag for a name', 'name: --output-dir=x\nversion: 1.0.0\n', 'chart name'],
    ['a flag for a version', 'name: a\nversion: --devel\n', 'the version of a chart'],
    ['a path for a version', 'name: a\nversion: 1.0.0/../../x\n', 'the version of a chart'],
  ])('with %s is refused, and nothing is run', async ([, metadata, words]) => {
    const chart = await writeChart(world, 'hostile', {
      ...files,
      'Chart.yaml': `apiVersion: v2\n${metadata}`,
    })
    const done = await relocate(chart)
    expect(done.code, done.stderr).toBe(2)
    expect(done.stderr).toMatch(new RegExp(`the Chart\\.yaml of "hostile": .* is not .*${words}`))
    expect(await commands()).toEqual([])
  })

  test('in uppercase and with underscores, as they occur in the wild, works', async () => {
    const chart = await writeChart(world, 'My_Chart', files)
    const done = await relocate(chart)
    expect(done.code, done.stderr).toBe(0)
    expect(done.stdout).toContain(`${world.registry}/mirrored/quay.io/example/app`)
  })
})

describe('a flag', () => {
  test.for([
    ['--version', '--devel'],
    ['--namespace', '--kubeconfig=/tmp/x'],
    ['--kube-version', '--dry-run=server'],
    ['--api-versions', '--post-renderer=sh'],
    ['--repo', '--insecure'],
  ])('%s of %s is refused, and nothing is run', async ([flag, value]) => {
    const chart = flag === '--version' || flag === '--repo' ? 'keda' : desk.folder
    const repo = flag === '--version' ? [`--repo=${addonCharts.keda.repository}`] : []
    const done = await relocate(chart, ...repo, `${flag}=${value}`)
    expect(done.code).toBe(2)
    expect(done.stderr).toContain(value)
    expect(await commands()).toEqual([])
  })

  test('may name a values file that begins with a dash, in a folder with a comma', async () => {
    const folder = await world.folderOf('a,b')
    await mkdir(join(folder, 'chart/templates'), { recursive: true })
    await writeFile(join(folder, 'chart/Chart.yaml'), 'apiVersion: v2\nname: c\nversion: 1.0.0\n')
    await writeFile(join(folder, 'chart/templates/pod.yaml'), pod)
    await writeFile(join(folder, '-x.yaml'), 'image: quay.io/example/first:1.0.0\nlist: [1]\n')
    const args = ['chart', '--values=-x.yaml', '--set', 'list[0]=2', '--images']
    const done = await script('relocate-chart.ts', [world.registry, ...args], folder)
    expect(done.code, done.stderr).toBe(0)
    expect(done.stdout).toBe('quay.io/example/first:1.0.0\n')
  })
})
