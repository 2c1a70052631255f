import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { fixtureText } from '../support/charts/addon-charts.ts'
import { type AddonsDesk, digestOf, openAddonsDesk } from '../support/charts/addons.ts'
import { startPublished } from '../support/charts/published.ts'
import { logIn } from '../support/bootstrap/login.ts'
import type { World } from '../support/world.ts'

// What an operator pulls while it runs is in no render; a catalog tells.
const repository = 'https://charts.example.com/stable'
const operator = 'quay.io/example/operator:v2.3.4'
const node = 'quay.io/example/node:v2.3.4'
const catalog = `operators:
  - chart: operator-pulls
    addresses: [example.com/operator-pulls]
    pulls: nodes
    decidedBy: Installation spec.registry
    source: https://example.com/operator-pulls
    releases:
      - versions: '<1'
        source: https://example.com/operator-pulls
        images:
          - repository: quay.io/example/node
            tag: 'v{app}'
            when: always
            leaves: { installation.registry: registry, installation.imagePath: parent }
          - repository: quay.io/example/driver
            tag: '5-{os}'
            when: always
            systems: [ubuntu22.04]
`

let world: World
let desk: AddonsDesk

beforeAll(async () => {
  const files = fixtureText('operator-pulls')
  const driver = 'quay.io/example/driver:5-ubuntu22.04'
  world = await startPublished([{ repository, files }], [operator, node, driver])
  await logIn(world)
  desk = await openAddonsDesk(world, 'desk')
  const addon = { chart: 'operator-pulls', repository, version: '0.1.0', release: 'op' }
  await desk.write('values.yaml', stringify({ addons: [addon] }))
  await desk.write('operators.yaml', catalog)
})
afterAll(() => world.close())

test('images that operators pull are pushed, and moved in the chart and in its values', async () => {
  const flags = ['--operators', 'operators.yaml', '--node-os', 'ubuntu22.04']
  const result = await desk.sync(['--target-registry', world.registry, ...flags])
  expect(result.code, result.stderr).toBe(0)
  expect(result.stderr).toContain(
    `! operator-pulls: ${node} is pulled at run time by operator-pulls (operators.yaml): always; moved by installation.registry, installation.imagePath`,
  )
  for (const pushed of ['node:v2.3.4', 'driver:5-ubuntu22.04']) {
    const digest = await digestOf(world, `${world.registry}/operator-pulls/${pushed}`)
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
  }
  const written = await readFile(desk.at('helm-charts/operator-pulls/values.yaml'), 'utf8')
  expect(parse(written)).toMatchObject({
    installation: { registry: world.registry, imagePath: 'operator-pulls' },
  })
})

test('without a catalog, they are not known', async () => {
  const args = ['--scan-only', '--target-registry', world.registry, '--operators', 'none']
  const result = await desk.sync(args)
  expect(result.code, result.stderr).toBe(0)
  expect(result.stderr).not.toContain('pulled at run time')
})
