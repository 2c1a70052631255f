import { access } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { addonCharts, plainChart } from '../support/charts/addon-charts.ts'
import {
  type AddonsDesk,
  openAddonsDesk,
  readReport,
  startAddons,
  statuses,
} from '../support/charts/addons.ts'
import { chartText, deployment, type Published } from '../support/charts/published.ts'
import { writes } from '../support/stores.ts'
import type { World } from '../support/world.ts'

// Invalid input, each next to a valid add-on.
const stable = 'https://charts.example.com/stable'
const other = 'https://charts.example.com/other'
const registry = 'oci://ghcr.io/example/charts'
const app = 'quay.io/example/app:1.2.3'

const published: readonly Published[] = [
  { repository: stable, files: plainChart('escape', '1.0.0', app, { '../../evil.txt': 'x' }) },
  {
    repository: stable,
    files: plainChart('trojan', '1.0.0', app, {
      'charts/sub/Chart.yaml': 'apiVersion: v2\nname: ../../../evil\nversion: 1.0.0\n',
    }),
  },
  {
    repository: stable,
    files: chartText('fussy', '1.0.0', {
      'values.yaml': `image: ${app}\nsettings: {}\n`,
      'templates/app.yaml': deployment('app', ['{{ .Values.image }}']),
      'templates/name.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ required "a name is needed" .Values.settings.name }} }\n',
    }),
  },
  { repository: stable, files: plainChart('twin', '1.0.0', app) },
  { repository: other, files: plainChart('twin', '1.0.0', 'quay.io/example/other:1.0.0') },
  { repository: stable, files: plainChart('moved', '1.0.0', 'quay.io/example/tool:2.0.0') },
  { repository: stable, files: plainChart('moved', '2.0.0', 'ghcr.io/other/tool:2.0.0') },
  { repository: stable, files: plainChart('hollow', '1.0.0', 'quay.io/example/gone:1.0.0') },
  { repository: registry, files: plainChart('thing', '1.4.2', app) },
  { repository: registry, files: plainChart('thing', '1.5.0', app) },
  { repository: registry, files: plainChart('thing', '2.0.0', app) },
  { repository: stable, files: plainChart('many', '1.0.0', app) },
  { repository: stable, files: plainChart('many', '1.2.0', app) },
  { repository: stable, files: plainChart('many', '1.2.1', app) },
  { repository: stable, files: plainChart('many', '3.0.0', app) },
]

let world: World
let desk: AddonsDesk

beforeAll(async () => {
  const images = [
    app,
    'quay.io/example/other:1.0.0',
    'quay.io/example/tool:2.0.0',
    'ghcr.io/other/tool:2.0.0',
  ]
  world = await startAddons(['keda', 'grafana'], published, images)
  desk = await openAddonsDesk(world, 'desk')
  await desk.write(
    'good.yaml',
    stringify({ keda: entry('keda', addonCharts.keda.repository, '2.16.1') }),
  )
})
afterAll(() => world.close())
beforeEach(() => world.sandbox.resetCounters())

const entry = (chart: string, repository: string, version: string) => ({
  chart,
  repository,
  version,
})
/** Scans a good add-on beside a bad one. */
const scan = async (bad: object, args: readonly string[] = []) => {
  const good = entry('keda', addonCharts.keda.repository, '2.16.1')
  await desk.write('values.yaml', stringify({ keda: good, ...bad }))
  return desk.sync(['--scan-only', '--output', 'json', ...args])
}

describe('one add-on fails and the others do not:', () => {
  test.for([
    [
      'a version that the repository does not have',
      { many: entry('many', stable, '1.2.9') },
      /error: chart "many" has no version "1\.2\.9" in "https:.*stable"\n {2}→ available versions include 1\.2\.1, 1\.2\.0, 1\.0\.0, 3\.0\.0\n/,
    ],
    [
      'a chart that the repository does not have',
      { nothing: entry('nothing', stable, '1.0.0') },
      /error: "https:.*stable" has no chart "nothing"\n {2}→ (?:did you mean .*\? Check its name|check its name and its repository) in \S+\n/,
    ],
    [
      'a version that the registry does not have',
      { thing: entry('thing', registry, '1.4.9') },
      /error: chart "thing" has no version "1\.4\.9" in "oci:.*"\n {2}→ available versions include 1\.4\.2, 1\.5\.0, 2\.0\.0\n/,
    ],
    [
      'a chart that the registry does not have, of a known project',
      { grafana: entry('grafana', 'oci://ghcr.io/grafana/helm-charts', '8.9.0') },
      /error: "oci:\/\/ghcr\.io\/grafana\/helm-charts" has no chart "grafana", or it is not public: .*\n {2}→ its project publishes it at https:\/\/grafana\.github\.io\/helm-charts: use that as the repository\n/,
    ],
    [
      'the same without a version',
      { cd: { chart: 'argo-cd', repository: 'oci://ghcr.io/argoproj' } },
      /error: "oci:\/\/ghcr\.io\/argoproj" has no chart "argo-cd".*\n {2}→ its project publishes it at https:\/\/argoproj\.github\.io\/argo-helm:/,
    ],
    [
      'a chart that the registry does not have, of nobody known',
      { nothing: entry('nothing', registry, '1.0.0') },
      /error: "oci:.*" has no chart "nothing", or it is not public: .*\n {2}→ check its name and repository/,
    ],
    [
      'what is no version',
      { many: entry('many', stable, 'main') },
      /error: "main" is not a version of chart "many"\n {2}→ set a three-part version.* for many in \.\/values\.yaml:6\n/,
    ],
    [
      'a range that nothing is in',
      { many: entry('many', stable, '4.x') },
      /error: "https:.*stable" has no stable version of chart "many" within "4\.x"\n/,
    ],
    [
      'a repository that is none',
      { lost: entry('lost', 'https://charts.example.com/lost', '1.0.0') },
      /error: "https:\/\/charts\.example\.com\/lost" is not a chart repository/,
    ],
    [
      'an archive that leads out of its folder',
      { escape: entry('escape', stable, '1.0.0') },
      /error: .*its entry "escape\/\.\.\/\.\.\/evil\.txt" points outside the chart folder/,
    ],
    [
      'a subchart whose name leads out of the folder',
      { trojan: entry('trojan', stable, '1.0.0') },
      /error: .*the Chart\.yaml of "sub": "\.\.\/\.\.\/\.\.\/evil" is not a chart name/,
    ],
    [
      'a value that nobody has given',
      { fussy: entry('fussy', stable, '1.0.0') },
      /error: chart fussy 1\.0\.0 does not render: [^→]*a name is needed[^→]*→ set "settings\.name" in chart-overrides\.yaml, under overrides: fussy:, or in \.\/values\.yaml, in the values of the add-on at fussy\n/,
    ],
    [
      'an image that its source does not have',
      { hollow: entry('hollow', stable, '1.0.0') },
      /error: image "quay\.io\/example\/gone:1\.0\.0": .*\n {2}→ .*: it does not exist or is not public/,
    ],
  ] as const)('%s', async ([, bad, says]) => {
    const result = await scan(bad)
    expect(result.code, result.stderr).toBe(1)
    const { keda, ...others } = statuses(result)
    expect(keda).toBe('scanned')
    expect(Object.values(others)).toEqual(['failed'])
    expect(result.stderr).toMatch(says)
    expect(writes(world.sandbox)).toBe(0)
  })

  test('two charts of one name and version', async () => {
    const result = await scan({
      a: entry('twin', stable, '1.0.0'),
      b: entry('twin', other, '1.0.0'),
    })
    expect(result.code).toBe(1)
    expect(statuses(result)).toEqual({ keda: 'scanned', twin: 'failed' })
    expect(result.stderr).toMatch(
      /error: chart twin 1\.0\.0 is requested from "https:.*stable" and from "https:.*other".*\n[^→]*→ use the same repository at a in \.\/values\.yaml:6 and b in \.\/values\.yaml:10\n/,
    )
  })

  test('two versions of a chart whose images would be stored in one place', async () => {
    const result = await scan({
      one: entry('moved', stable, '1.0.0'),
      two: entry('moved', stable, '2.0.0'),
    })
    expect(result.code).toBe(1)
    const { addons } = readReport(result)
    expect(addons.map(({ chart, version, status }) => `${chart} ${version} ${status}`)).toEqual([
      'keda 2.16.1 scanned',
      'moved 1.0.0 scanned',
      'moved 2.0.0 failed',
    ])
    expect(result.stderr).toMatch(
      /error: chart moved 2\.0\.0: "ghcr\.io\/other\/tool:2\.0\.0" would be stored at "moved\/tool:2\.0\.0", which is also the destination of "quay\.io\/example\/tool:2\.0\.0"\n {2}→ use --layout mirrored/,
    )
  })

  test('an output folder that is a file', async () => {
    await desk.write('out', '')
    const blocked = await scan({}, ['--out', './out'])
    expect(blocked.code).toBe(2)
    expect(blocked.stderr).toMatch(
      /error: cannot write to ".*\/out": .*\n {2}→ choose another place with --out/,
    )
    await world.folderOf('desk/some')
    await desk.write('some/many', '')
    const partly = await scan({ many: entry('many', stable, '3.0.0') }, ['--out', './some'])
    expect(partly.code).toBe(1)
    expect(statuses(partly)).toEqual({ keda: 'scanned', many: 'failed' })
    expect(partly.stderr).toMatch(
      /error: cannot write ".*\/some\/many\/many-3\.0\.0\.tgz": ENOTDIR.*\n {2}→ .*/,
    )
  })

  test('nothing was written outside its folder', async () => {
    for (const place of ['evil.txt', '../evil.txt', 'evil', 'helm-charts/evil', '../evil'])
      await expect(access(desk.at(place))).rejects.toThrow('ENOENT')
  })
})

test('a range resolves to the newest version in it, which is reported', async () => {
  const result = await scan({ many: entry('many', stable, '1.x') })
  expect(result.code, result.stderr).toBe(0)
  expect(readReport(result).addons.find(({ release }) => release === 'many')?.version).toBe('1.2.1')
  expect(result.stderr).toContain('! many: 1.x requested; using 1.2.1, the newest stable match\n')
})

test('--no-check does not query images', async () => {
  const result = await scan({ hollow: entry('hollow', stable, '1.0.0') }, ['--no-check'])
  expect(result.code, result.stderr).toBe(0)
  expect(statuses(result)).toEqual({ keda: 'scanned', hollow: 'scanned' })
})

test('chart-overrides.yaml sets missing values, and replaces the built-in values of a chart', async () => {
  const bad = { fussy: entry('fussy', stable, '1.0.0') }
  await desk.write('mine.yaml', 'overrides: { fussy: { settings: { name: x } } }\n')
  const result = await scan(bad, ['--chart-overrides', 'mine.yaml'])
  expect(result.code, result.stderr).toBe(0)
  expect(statuses(result)).toEqual({ keda: 'scanned', fussy: 'scanned' })
})

describe('an image that its source does not have', () => {
  const missing = 'hollow/gone:1.0.0'
  beforeAll(async () => {
    const good = entry('twin', stable, '1.0.0')
    await desk.write('vanished.yaml', stringify({ good, hollow: entry('hollow', stable, '1.0.0') }))
  })
  const sync = (...args: readonly string[]) =>
    desk.sync(['--values', 'vanished.yaml', '--push-images', ...args])

  test('fails its add-on, whose chart is not pushed; no repository is created for it', async () => {
    const result = await sync('--output', 'json')
    expect(result.code, result.stderr).toBe(1)
    expect(statuses(result)).toEqual({ twin: 'pushed', hollow: 'failed' })
    const made = world.sandbox.ecrRepositories()
    expect(made.filter((name) => name.startsWith('hollow'))).toEqual([])
  })

  test('does not hold back its chart with --on-missing skip, and is named again', async () => {
    const result = await sync('--on-missing', 'skip', '--output', 'json')
    expect(result.code, result.stderr).toBe(1)
    expect(statuses(result)).toEqual({ twin: 'already present', hollow: 'incomplete' })
    expect(world.sandbox.ecrImages('hollow')?.tags).toHaveProperty('1.0.0')
    const text = await sync('--on-missing', 'skip')
    expect(text.code).toBe(1)
    expect(text.stdout).toContain(
      `Not in the registry because its source does not have it:\n  ${world.registry}/${missing} (the values of hollow point to it)\n`,
    )
  })
})

describe('an image in an immutable repository', () => {
  test('with other content fails its add-on, and the others continue', async () => {
    world.sandbox.createEcrRepository('keda/keda', {
      settings: { imageTagMutability: 'IMMUTABLE' },
    })
    world.sandbox.putEcrImage('keda/keda', '2.16.1', app)
    const grafana = entry('grafana', addonCharts.grafana.repository, '8.9.0')
    const keda = entry('keda', addonCharts.keda.repository, '2.16.1')
    await desk.write('values.yaml', stringify({ keda, grafana }))
    const result = await desk.sync(['--push-images', '--overwrite-existing', '--output', 'json'])
    expect(result.code).toBe(1)
    expect(statuses(result)).toEqual({ keda: 'failed', grafana: 'pushed' })
    expect(result.stderr).toMatch(
      /error: ".*\/keda\/keda:2\.16\.1" differs from .* and its tag is immutable\n {2}→ replace it with --replace-immutable/,
    )
    // A chart never points at what is not there.
    expect(world.sandbox.ecrRepositories()).not.toContain('keda')
  })

  test('is replaced with --replace-immutable', async () => {
    const result = await desk.sync([
      '--overwrite-existing',
      '--replace-immutable',
      '--output',
      'json',
    ])
    expect(result.code, result.stderr).toBe(0)
    expect(statuses(result)).toEqual({ keda: 'pushed', grafana: 'already present' })
    expect(world.sandbox.ecrImages('keda/keda')?.tags['2.16.1']).toBe(
      world.sandbox.upstreamDigest('ghcr.io/kedacore/keda:2.16.1'),
    )
  })
})
