import { treeOf } from '../../../scripts/lib/model/values/values.ts'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLocal } from '../../../scripts/lib/charts/fetch/acquire.ts'
import { renderGraph } from '../../../scripts/lib/charts/fetch/graph.ts'
import { locateChart } from '../../../scripts/lib/charts/fetch/locate.ts'
import { formatProblems } from '../../../scripts/lib/cli/errors.ts'
import { parseSourceMirrors } from '../../../scripts/lib/mirror/sources/routes.ts'
import { parseChartSource } from '../../../scripts/lib/model/chart/chart.ts'
import type { Problem, Result } from '../../../scripts/lib/model/problem.ts'
import { parseReference } from '../../../scripts/lib/model/image/reference.ts'
import { parseEcrRegistry } from '../../../scripts/lib/model/image/registry.ts'
import { parseAddonsValues } from '../../../scripts/lib/sources/values/addons-values.ts'
import { finish } from '../../../scripts/lib/steps/steps.ts'
import { parseCatalog } from '../../../scripts/lib/sources/catalog.ts'
import { parseChartsYaml } from '../../../scripts/lib/sources/charts-yaml.ts'
import { parseManifest } from '../../../scripts/lib/sources/manifest/parse.ts'
import { readUmbrellaCharts } from '../../../scripts/lib/sources/values/umbrella-values.ts'
import { makeChartFiles } from '../support/charts.ts'
import { fakeTerminal } from '../support/texts/terminal.ts'
import { makeTempFolder } from '../support/temp-folder.ts'
import { idleSession } from '../support/session.ts'

type Door = (address: string) => Result<unknown> | Promise<Result<unknown>>

const file = 'f.yaml'
const quoted = (text: string) => JSON.stringify(text)

/** Every place where an address comes in, as a user or a file would give it. */
const doors: Readonly<Record<string, Door>> = {
  'a chart repository': (address) => parseChartSource('app', address),
  'charts.yaml': (address) =>
    parseChartsYaml({
      file,
      text: `charts: [{ name: app, version: "1.0.0", repository: ${quoted(address)} }]`,
    }),
  'an add-ons file': (address) =>
    finish(parseAddonsValues({ file, text: `a: { chart: app, repoUrl: ${quoted(address)} }` })),
  'an add-ons file, by its chart': (address) =>
    finish(parseAddonsValues({ file, text: `a: { chart: ${quoted(address)}, repoUrl: '' }` })),
  'a catalog': (address) =>
    parseCatalog({ file, text: `addons: [{ chart: app, repository: ${quoted(address)} }]` }),
  'an umbrella chart': (address) =>
    readUmbrellaCharts(treeOf({ charts: { app: { version: '1.0.0', repository: address } } }), 'u'),
  'a manifest': (address) =>
    parseManifest(
      'm.json',
      JSON.stringify({
        input: '',
        charts: [{ name: 'app', version: '1.0.0', repository: address, group: 'production' }],
        images: [],
      }),
    ),
  '--repo': (repo) => locateChart({ chart: 'app', repo }, idleSession(makeTempFolder())),
  'the chart on the command line': (chart) => locateChart({ chart }, idleSession(makeTempFolder())),
  'a dependency that is missing': async (address) => {
    const folder = makeTempFolder()
    const chart = join(folder, 'own')
    mkdirSync(chart)
    writeFileSync(
      join(chart, 'Chart.yaml'),
      `name: own\nversion: 1.0.0\ndependencies: [{ name: app, version: 1.0.0, repository: ${quoted(address)} }]\n`,
    )
    const opened = await openLocal(chart, idleSession(folder))
    // Nothing was copied for helm to work on.
    expect(readdirSync(folder)).toEqual(['own'])
    return opened
  },
  '--source-mirror': (address) => parseSourceMirrors([`docker.io=${address}`]),
  'an image': (address) => parseReference(`${address}/app:1`),
  'the registry': (address) => parseEcrRegistry(address),
}

const secrets = [
  'https://me:hunter2@h.example/x',
  'https://hunter2@h.example/x',
  'https://:hunter2@h.example/x',
  'https://me%3Ahunter2@h.example/x',
  'https://me:hun%40ter2@h.example/x',
  'https://me:hun/ter2@h.example/x',
  'oci://me:hunter2@h.example/x',
  'HTTPS://me:hunter2@h.example/x',
  String.raw`https:\\me:hunter2@h.example\x`,
]

function shown(problem: Problem): string {
  const { terminal, text } = fakeTerminal()
  terminal.print(formatProblems([problem], { verbose: true }))
  return text()
}

describe.each(Object.entries(doors))('an address with credentials in %s', (_, door) => {
  it.each(secrets)('is refused and shown nowhere: %s', async (address) => {
    const result = await door(address)
    expect(result.ok).toBe(false)
    if (result.ok) return
    expect(JSON.stringify(result)).not.toMatch(/hunter|hun%40|hun\/|ter2/)
    expect(shown(result.problem)).not.toMatch(/hunter|hun%40|hun\/|ter2/)
  })
})

describe('the problem of credentials', () => {
  it.each(Object.entries(doors).filter(([name]) => !/image|registry$|manifest/.test(name)))(
    'in %s says what to do',
    async (_, door) => {
      const result = await door('oci://me:hunter2@h.example/x')
      expect(!result.ok && result.problem.message).toMatch(
        /contains a user name or password, which would appear in logs and process lists/,
      )
      expect(JSON.stringify(result)).toContain('must be readable without a login')
    },
  )

  it('says how the source is read instead', () => {
    const result = parseChartSource('app', 'https://me:hunter2@h.example')
    expect(!result.ok && result.problem.next).toContain('must be readable without a login')
  })
})

it('an image by host, with a login and no scheme, is not shown', () => {
  const result = parseReference('me:hunter2@h.example/app:1')
  expect(JSON.stringify(result)).not.toContain('hunter')
  const mirror = parseSourceMirrors(['docker.io=me:hunter2@h.example'])
  expect(JSON.stringify(mirror)).not.toContain('hunter')
})

it.each(['https://h.example/@scope/x', 'https://h.example/x@1', 'oci://h.example/@scope'])(
  'a chart repository may have "@" in its path: %s',
  (repository) => {
    expect(parseChartSource('app', repository)).toMatchObject({ value: { repository } })
  },
)

it.each(['https://h.example:99999/x', 'https://[/x', 'oci://https://h.example/x', 'https://h e/x'])(
  'a chart repository is an address: not %s',
  (repository) => {
    expect(parseChartSource('app', repository).ok).toBe(false)
  },
)

it('what is listed is shown without credentials: a git path, a template, a dependency', () => {
  const text = [
    'a: { path: charts/a, repoURL: https://me:hunter2@h.example/x }',
    'b: { chart: "{{ .c }}", repoURL: https://me:hunter2@h.example/x }',
  ].join('\n')
  const read = finish(parseAddonsValues({ file, text }))
  expect(JSON.stringify(read)).not.toContain('hunter')
  expect(read).toMatchObject({ ok: true, value: { incomplete: [{}, {}] } })
  const chart = makeChartFiles('own', {
    'Chart.yaml':
      'name: own\nversion: 1.0.0\ndependencies: [{ name: a, version: 1.0.0, repository: "https://me:hunter2@h.example" }]\n',
  })
  expect(renderGraph(chart).join('\n')).toContain('from https://***@h.example')
})

it('an add-on of a registry with a login and no scheme is refused, not passed over', () => {
  const text = 'a: { chart: karpenter, repoUrl: "me:hunter2@public.ecr.aws" }'
  const read = finish(parseAddonsValues({ file, text }))
  expect(read).toMatchObject({ ok: false, problem: { kind: 'invalid-input' } })
  expect(JSON.stringify(read)).not.toContain('hunter')
})
