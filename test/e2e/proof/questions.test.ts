import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import {
  chartText,
  deployment,
  type Desk,
  openDesk,
  startPublished,
} from '../support/charts/published.ts'
import type { World } from '../support/world.ts'

// What an override may bring without naming an image: each must be asked about, and fail with --strict.
const repository = 'https://charts.example.com/stable'
const asking = {
  repository,
  files: chartText('asking', '1.0.0', {
    'values.yaml': `image: quay.io/example/web:1.0.0
defaults: { registry: none, agent: none, note: none, field: "" }
nested: ""
`,
    'templates/app.yaml': deployment('app', ['{{ .Values.image }}']),
    'templates/more.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: more }
data:
  DEFAULT_REGISTRY: "{{ .Values.defaults.registry }}"
  agent: "{{ .Values.defaults.agent }}"
{{- with .Values.defaults.field }}
---
apiVersion: v1
kind: Pod
metadata: { name: filled }
spec: { containers: [{ name: a, image: "{{ . }}" }] }
{{- end }}
{{- with .Values.nested }}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: nested }
spec: { source: { repoURL: "{{ . }}", chart: cache, targetRevision: 1.0.0 } }
{{- end }}
`,
  }),
}

let world: World
let desk: Desk
let override: { readonly charts: { readonly asking: { values: Record<string, unknown> } } }

beforeAll(async () => {
  world = await startPublished([asking])
  desk = await openDesk(
    world,
    `charts:
  - name: asking
    version: 1.0.0
    repository: ${repository}
    decisions:
      - { reference: defaults.field, decision: ignore, reason: set on purpose }
`,
  )
  const made = await desk.regenerate()
  expect(made.code, made.stderr).toBe(0)
  override = parse((await desk.values()).stdout) as typeof override
})
afterAll(() => world.close())

/** Verifies the override with further values of the chart. */
async function verifyWith(values: Record<string, unknown>, ...flags: readonly string[]) {
  const { asking: chart, ...others } = override.charts
  const changed = {
    ...override,
    charts: { ...others, asking: { ...chart, values: { ...chart.values, ...values } } },
  }
  const file = await world.write('asking.yaml', stringify(changed))
  return desk.verify(['--values', file, ...flags])
}

test('the generated override leaves nothing open', async () => {
  const { code, stdout, stderr } = await verifyWith({}, '--strict')
  expect(code, stderr + stdout).toBe(0)
})

describe('an override is asked about', () => {
  test.each<readonly [string, Record<string, unknown>, RegExp]>([
    [
      'that brings a public registry',
      { defaults: { registry: 'quay.io' } },
      /"quay\.io" still appears at ConfigMap\/more data\.DEFAULT_REGISTRY/,
    ],
    [
      'that brings an image without a tag in a text',
      { defaults: { agent: 'quay.io/example/agent' } },
      /"quay\.io" still appears at ConfigMap\/more data\.agent/,
    ],
    [
      'that fills an image field with a placeholder',
      { defaults: { field: 'auto' } },
      /Pod\/filled spec\.containers\[0\]\.image.* is "auto"/,
    ],
    [
      'that brings a chart which a controller installs',
      { nested: 'https://charts.evil.example' },
      /chart "cache" 1\.0\.0 of "https:\/\/charts\.evil\.example"/,
    ],
  ])('%s', async (_, values, question) => {
    const { code, stdout, stderr } = await verifyWith(values)
    expect(code, stderr).toBe(0)
    const lines = stdout.split('\n').filter((line) => line.startsWith('? asking: '))
    expect(lines).toEqual([expect.stringMatching(question)])
    expect(lines[0]).toMatch(/; settle "[^"]+" with a decision in \S*charts\.yaml$/)
    expect((await verifyWith(values, '--strict')).code).toBe(1)
  })
})

describe('an override is refused', () => {
  test.each<readonly [string, object, RegExp]>([
    [
      'that adds a chart',
      { charts: { evil: { repository: 'https://charts.evil.example', version: '1.0.0' } } },
      /chart "evil" would be installed, but is not in the manifest/,
    ],
    [
      'that installs another version',
      { charts: { asking: { version: '0.9.0' } } },
      /chart "asking" would be installed in version "0\.9\.0"/,
    ],
    [
      'that logs in elsewhere',
      { ecrAuth: { registry: 'evil.example' } },
      /"ecrAuth\.registry" is "evil\.example"/,
    ],
  ])('%s', async (_, values, error) => {
    const file = await world.write('plain.yaml', stringify(override))
    const more = await world.write('more.yaml', stringify(values))
    const { code, stderr } = await desk.verify(['-f', file, '-f', more])
    expect(code).toBe(1)
    expect(stderr).toMatch(error)
  })
})
