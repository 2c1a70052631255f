import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { plainChart } from '../support/charts/addon-charts.ts'
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

// Add-ons with Go templates in their values: text that only the cluster's controller renders keeps the chart's
// default, and everything that depends on it is named.
const stable = 'https://charts.example.com/stable'
const app = 'quay.io/example/app:1.2.3'
const full = 'quay.io/example/app-full:1.2.3'
const inParts = '"{{ .Values.image.repository }}:{{ .Values.image.tag }}"'
const imageValues = 'image: { repository: quay.io/example/app, tag: 1.2.3 }\n'

const config = (data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata:\n${data}`

const published: readonly Published[] = [
  { repository: stable, files: plainChart('plain', '1.0.0', app) },
  {
    repository: stable,
    files: plainChart('digested', '1.0.0', app, {
      'values.yaml': `${imageValues}digest: ""\n`,
      'templates/app.yaml': deployment('digested', [
        '"{{ .Values.image.repository }}:{{ .Values.image.tag }}{{ with .Values.digest }}@{{ . }}{{ end }}"',
      ]),
    }),
  },
  {
    repository: stable,
    files: plainChart('hosted', '1.0.0', app, {
      'values.yaml': `${imageValues}hosts: [a.example.com]\n`,
      'templates/hosts.yaml': config('{{ range .Values.hosts }}  {{ . }}: x\n{{ end }}'),
    }),
  },
  {
    repository: stable,
    files: plainChart('strict', '1.0.0', app, {
      'values.yaml': `${imageValues}mode: small\nlevel: info\n`,
      'values.schema.json': JSON.stringify({
        properties: { mode: { enum: ['small', 'full'] }, level: { enum: ['info', 'debug'] } },
      }),
      'templates/full.yaml': `{{ if eq .Values.mode "full" }}\n${deployment('full', [full])}{{ end }}\n`,
      'templates/level.yaml': config('  level: {{ .Values.level }}\n'),
    }),
  },
  {
    repository: stable,
    files: plainChart('switched', '1.0.0', app, {
      'values.yaml': `${imageValues}extra: { enabled: false }\n`,
      'templates/extra.yaml': `{{ if .Values.extra.enabled }}\n${deployment('extra', [full])}{{ end }}\n`,
    }),
  },
  {
    repository: stable,
    files: plainChart('sidecars', '1.0.0', app, {
      'values.yaml': `${imageValues}sidecars: []\n`,
      'templates/more.yaml': `apiVersion: v1
kind: Pod
metadata: { name: more }
spec:
  containers:
    - { name: app, image: ${inParts} }
    {{- with .Values.sidecars }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
`,
    }),
  },
  {
    repository: stable,
    files: chartText('needy', '1.0.0', {
      'values.yaml': `${imageValues}settings: {}\n`,
      'templates/app.yaml': deployment('app', [inParts]),
      'templates/name.yaml': config(
        '  name: {{ required "a name is needed" .Values.settings.name }}\n',
      ),
    }),
  },
]

let world: World
let desk: AddonsDesk

beforeAll(async () => {
  world = await startAddons([], published, [app, full])
  desk = await openAddonsDesk(world, 'desk')
})
afterAll(() => world.close())
beforeEach(() => world.sandbox.resetCounters())

const addon = (chart: string, values: string) =>
  `  ${chart}:\n    chart: ${chart}\n    repoUrl: ${stable}\n    targetRevision: 1.0.0\n    values:\n${values}`
const sync = async (text: string, args: readonly string[] = []) => {
  await desk.write('addons.yaml', `addons:\n${text}`)
  return desk.sync(['--values', './addons.yaml', '--output', 'json', ...args])
}
/** No image, chart or file is called after what stands for a template. */
const leaksNothing = (output: string) =>
  expect(output).not.toMatch(/placeholder|airlift-?probe|9\.9\.9/i)

describe('a templated value on which no image depends is left to the chart:', () => {
  test.for([
    ['a list', 'hosted', "      hosts: '{{ .metadata.annotations.hosts }}'\n"],
    ['an item', 'hosted', "      hosts: ['{{ .host }}', b.example.com]\n"],
    ['a word that the schema checks', 'strict', "      level: '{{ .metadata.labels.level }}'\n"],
    ['one without quotes', 'hosted', '      hosts: {{ toYaml .hosts | nindent 8 }}\n'],
    [
      'lines of their own',
      'hosted',
      '      {{- if .x }}\n      hosts:\n        {{- range .hosts }}\n        - {{ . }}\n        {{- end }}\n      {{- end }}\n',
    ],
    ['a name', 'plain', "      fullnameOverride: 'x-{{ .name }}'\n"],
    ['a switch that adds nothing', 'hosted', "      debug: { enabled: '{{ .debug }}' }\n"],
  ] as const)('%s', async ([, chart, values]) => {
    const result = await sync(addon(chart, values))
    expect(result.code, result.stderr).toBe(0)
    const [row] = readReport(result).addons
    expect(row).toMatchObject({ proof: 'proven', notes: [] })
    expect(row?.images.map(({ reference }) => reference)).toEqual([app])
    leaksNothing(result.stdout + result.stderr)
  })
})

describe('a templated value on which an image depends is named, and nothing is pushed:', () => {
  test.for([
    [
      'a part of a tag',
      'plain',
      "      image:\n        tag: 'v{{ .metadata.labels.v }}.0'\n",
      /image\.tag \(template "v\{\{ \.metadata\.labels\.v \}\}\.0" at \.\/addons\.yaml:8:14\): "quay\.io\/example\/app:1\.2\.3" depends on it/,
    ],
    [
      'a registry',
      'plain',
      "      image: { repository: '{{ .ecr }}/app' }\n",
      /image\.repository \(template "\{\{ \.ecr \}\}\/app" at \.\/addons\.yaml:7:28\): .* depends on it/,
    ],
    [
      'a digest',
      'digested',
      "      digest: '{{ .digest }}'\n",
      /: digest \(template .* at \.\/addons\.yaml:7:15\): .* depends on it/,
    ],
    [
      'a switch',
      'switched',
      "      extra:\n        enabled: '{{ .extra }}'\n",
      /extra\.enabled \(template .*:8:18\): with a value other than the chart's default, the cluster pulls "quay\.io\/example\/app-full:1\.2\.3", which is not mirrored/,
    ],
    [
      'a word that chooses',
      'strict',
      "      mode: '{{ .mode }}'\n",
      /: mode \(template .*:7:13\): with a value other .* the cluster pulls "quay\.io\/example\/app-full:1\.2\.3"/,
    ],
    [
      'a list of containers',
      'sidecars',
      "      sidecars: '{{ .list }}'\n",
      /: sidecars \(template .*:7:17\): with a value other than the chart's default, the cluster pulls "\{\{ … \}\}", which is not mirrored/,
    ],
    [
      'one of many',
      'strict',
      "      level: '{{ .level }}'\n      mode: '{{ .mode }}'\n      image: { tag: '{{ .tag }}' }\n",
      /image\.tag \(template[^]*mode \(template|mode \(template[^]*image\.tag \(template/,
    ],
  ] as const)('%s', async ([, chart, values, says]) => {
    const result = await sync(addon(chart, values))
    expect(result.code, result.stderr).toBe(1)
    expect(statuses(result)).toEqual({ [chart]: 'unproven' })
    expect(result.stderr).toMatch(says)
    expect(result.stderr).toContain(
      `→ set a value for it in chart-overrides.yaml, under overrides: ${chart}:, or where it is defined; or mirror it anyway with --allow-unproven\n`,
    )
    expect(result.stderr).not.toContain('charts.yaml')
    leaksNothing(result.stdout + result.stderr)
    expect(writes(world.sandbox)).toBe(0)
  })

  test('with a value in the overrides file it is known', async () => {
    await desk.write('mine.yaml', 'overrides: { plain: { image: { tag: 1.2.3 } } }\n')
    const text = addon('plain', "      image: { tag: '{{ .tag }}' }\n")
    const result = await sync(text, ['--scan-only', '--chart-overrides', 'mine.yaml'])
    expect(result.code, result.stderr).toBe(0)
    expect(readReport(result).addons[0]).toMatchObject({ status: 'scanned', proof: 'proven' })
  })

  test('--allow-unproven mirrors the chart’s default', async () => {
    const text = addon('digested', "      image: { tag: '{{ .tag }}' }\n")
    const result = await sync(text, ['--allow-unproven'])
    expect(result.code, result.stderr).toBe(0)
    expect(readReport(result).addons[0]).toMatchObject({ status: 'pushed', proof: 'unproven' })
    const names = world.sandbox.ecrRepositories().join(' ')
    leaksNothing(names)
  })
})

test('a templated value that the chart requires is named with its line', async () => {
  const result = await sync(addon('needy', "      settings: { name: '{{ .name }}' }\n"))
  expect(result.code).toBe(1)
  expect(result.stderr).toMatch(
    /error: (?:variant "default": )?chart needy 1\.0\.0 does not render: [^]*a name is needed[^]*templated values were left at the chart's defaults: settings\.name \(template "\{\{ \.name \}\}" at \.\/addons\.yaml:7:25\)\n {2}→ set "settings\.name" in chart-overrides\.yaml, under overrides: needy:, or in \.\/addons\.yaml, in the values of the add-on at addons\.needy\n/,
  )
})

test('a value under a templated key is reported', async () => {
  const text = addon('plain', `      "{{ .key }}": ${full}\n`)
  const result = await sync(text, ['--output', 'text', '--scan-only'])
  expect(result.code, result.stderr).toBe(0)
  expect(result.stdout).toContain('proven, 1 template not read')
  expect(result.stdout).toContain(
    'plain: the values that {{ .key }} at ./addons.yaml:7:7 prints are not known',
  )
  const strict = await sync(text, ['--output', 'text', '--scan-only', '--strict'])
  expect([strict.code, strict.stdout.includes('proven, 1 template not read')]).toEqual([1, true])
})

test('values outside the file are reported', async () => {
  const text = `  plain:\n    chart: plain\n    repoURL: ${stable}\n    targetRevision: 1.0.0\n    helm:\n      valueFiles: [$values/plain.yaml]\n      values: |\n        a: 1\n        {{- include "more" . | nindent 8 }}\n`
  const result = await sync(text, ['--output', 'text'])
  expect(result.code, result.stderr).toBe(0)
  expect(result.stdout).toContain('proven, 1 template not read, 1 values file not read')
  expect(result.stdout).toContain(
    'plain: its values also come from $values/plain.yaml (./addons.yaml:7:20), which this command does not read',
  )
  expect(result.stdout).toContain(
    'plain: the values that {{- include "more" . | nindent 8 }} at ./addons.yaml:10:9 prints are not known',
  )
})

test('names that every object has are add-ons and releases', async () => {
  const names = ['constructor', 'toString', '__proto__']
  const text = names
    .map(
      (name) => `  ${name}:\n    chart: plain\n    repoUrl: ${stable}\n    targetRevision: 1.0.0\n`,
    )
    .join('')
  const result = await sync(text, ['--scan-only'])
  expect(result.code, result.stderr).toBe(0)
  expect(readReport(result).addons.map(({ path }) => path)).toEqual(
    names.map((name) => `addons.${name}`),
  )
})

test('a broken file reports ten faults, and the number of further ones', async () => {
  const broken = Array.from({ length: 300 }, (_, index) => `  b${index}: *c${index}\n`).join('')
  const { code, stderr } = await sync(broken)
  expect(code).toBe(2)
  expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(12)
  expect(stderr).toContain('and 290 more\n')
})
