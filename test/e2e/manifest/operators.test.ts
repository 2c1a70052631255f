import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ScriptResult } from '../../unit/support/run-script.ts'
import {
  chartText,
  deployment,
  type Desk,
  openDesk,
  startPublished,
} from '../support/charts/published.ts'
import type { World } from '../support/world.ts'

// A chart list whose operator pulls images that no render shows: from the catalog to the verified values.
const repository = 'https://charts.example.com/stable'
const published = {
  repository,
  files: chartText('op', '1.0.0', {
    'values.yaml': "image: 'quay.io/example/op:1.0.0'\ndriver: { version: '5' }\nsettings: {}\n",
    'templates/op.yaml': deployment('op', ['{{ .Values.image }}']),
    'templates/settings.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: {{ .Values.settings | toJson }}\n',
  }),
}
const list = `charts:
  - name: op
    version: '1.0.0'
    repository: ${repository}
    nodeOs: [ubuntu24.04]
`
const catalog = `operators:
  - chart: op
    addresses: [charts.example.com/stable]
    pulls: nodes
    decidedBy: the field
    source: https://example.com/op
    releases:
      - versions: '1.0.0'
        source: https://example.com/release
        images:
          - repository: quay.io/example/node
            tag: '{app}'
            when: a Node exists
            leaves: { settings.NODE_IMAGE: reference }
          - repository: quay.io/example/driver
            tag: '{values.driver.version}-{os}'
            when: always
            systems: [ubuntu22.04]
            leaves: { settings.DRIVER_REPOSITORY: repository }
`
const images = ['driver:5-ubuntu24.04', 'node:1.0.0', 'op:1.0.0'].map(
  (name) => `quay.io/example/${name}`,
)

let world: World
let desk: Desk
let file: string
let first: ScriptResult

beforeAll(async () => {
  world = await startPublished([published], images)
  desk = await openDesk(world, list)
  file = await world.write('operators.yaml', catalog)
  first = await desk.regenerate(['--operators', file, '--strict'])
})
afterAll(() => world.close())

describe('images of operators in a manifest', () => {
  test('are there with their origin, proven and without questions', async () => {
    expect(first.code, first.stderr).toBe(0)
    expect(first.stderr).toContain('op 1.0.0: 1 image and 2 more at run time, proven;')
    const manifest = await desk.manifest()
    expect(manifest.images.map(({ reference }) => reference)).toEqual(images)
    expect(manifest.images[1]).toEqual({
      reference: 'quay.io/example/node:1.0.0',
      charts: ['op'],
      runtime: [
        {
          chart: 'op',
          operator: 'op',
          when: 'a Node exists',
          leaves: ['settings.NODE_IMAGE'],
          source: 'https://example.com/release',
        },
      ],
      found: [],
    })
  })

  test('are explained', async () => {
    const { code, stdout } = await desk.regenerate(['--why', 'example/node'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/from +operators\.yaml: no render shows it\n/)
    expect(stdout).toMatch(/pulled +a Node exists\n/)
  })

  test('are there again when nothing is rendered again', async () => {
    const before = await desk.readModule()
    const { code, stderr } = await desk.regenerate(['--operators', file])
    expect(code, stderr).toBe(0)
    expect(await desk.readModule()).toBe(before)
  })

  test('are mirrored, and their values are verified', async () => {
    const mirrored = await desk.mirror()
    expect(mirrored.code, mirrored.stderr).toBe(0)
    const values = await desk.values(['--format', 'chart', '--chart', 'op'])
    expect(values.stdout).toContain('NODE_IMAGE')
    const { code, stderr } = await desk.verify(['--against-registry'])
    expect(code, stderr).toBe(0)
  })
})

test('without the catalog, they are gone', async () => {
  const { code, stdout } = await desk.regenerate(['--operators', 'none'])
  expect(code).toBe(0)
  expect(stdout).toContain('- image quay.io/example/node:1.0.0')
  expect((await desk.manifest()).images.map(({ reference }) => reference)).toEqual([images[2]])
  const again = await desk.regenerate(['--operators', file])
  expect(again.stdout).toContain('+ image quay.io/example/node:1.0.0 (a Node exists)')
})
