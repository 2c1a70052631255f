import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  chartText,
  deployment,
  type Desk,
  openDesk,
  startPublished,
  writeChart,
} from '../support/charts/published.ts'
import { certManager, images, web } from '../support/shop.ts'
import type { World } from '../support/world.ts'

// An umbrella chart passes its installer's values on to each child chart, so they count in the proof.
const umbrella = chartText('assistant', '2.0.0', {
  'values.yaml': `installer: { image: 'quay.io/example/installer:2.0.0' }
charts:
  web:
    version: '1.0.0'
    repository: https://charts.example.com/stable
    values: { image: { tag: 1.0.1 } }
  cert-manager:
    version: '1.17.2'
    repository: https://charts.jetstack.io
    values: { startupapicheck: { enabled: false } }
`,
  'templates/job.yaml': deployment('installer', ['{{ .Values.installer.image }}']),
})

let world: World
let desk: Desk
let folder: string
let override: string

beforeAll(async () => {
  world = await startPublished([web.first, certManager.first], images)
  desk = await openDesk(world, 'charts: []\n')
  folder = join(desk.folder, 'assistant')
  await writeChart(folder, umbrella)
  const made = await desk.regenerate(['--from', folder])
  expect(made.code, made.stderr).toBe(0)
  override = (await desk.values()).stdout
})
afterAll(() => world.close())

async function verify(...texts: string[]) {
  const files = await Promise.all(texts.map((text, index) => world.write(`v${index}.yaml`, text)))
  return desk.verify(['--umbrella', folder, ...files.flatMap((file) => ['-f', file])])
}

const errorsOf = (stderr: string) => stderr.match(/^error: .*$/gm)

describe('verify-private-values --umbrella', () => {
  test('finds the umbrella and its charts private, with the umbrella’s values', async () => {
    const { code, stdout, stderr } = await verify(override)
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^web +umbrella +2 +0 +0 +0$/m)
    // The fifth image of cert-manager is switched off by the umbrella.
    expect(stdout).toMatch(/^cert-manager +umbrella +4 +0 +0 +0$/m)
    expect(stdout).toMatch(/^assistant +umbrella +1 +0 +0 +0$/m)
    expect(stdout).toContain('7 of 7 references private\n')
  })

  test('uses the manifest’s override if none is given', async () => {
    const { code, stdout, stderr } = await desk.verify(['--umbrella', folder])
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('7 of 7 references private\n')
  })

  test('catches an installer value that points a child chart outside', async () => {
    const wrong = 'charts: { web: { values: { image: { registry: quay.io } } } }\n'
    const { code, stderr } = await verify(override, wrong)
    expect(code).toBe(1)
    expect(errorsOf(stderr)).toEqual([
      expect.stringMatching(
        /^error: web \(umbrella\): "quay\.io\/mirrored\/quay\.io\/example\/web:1\.0\.1" at Deployment\/web .* points to a public registry; .*; set by image\.registry/,
      ),
    ])
  })

  test('catches one of the umbrella’s own images', async () => {
    const { code, stderr } = await verify(
      override,
      "installer: { image: 'quay.io/example/installer:2.0.0' }\n",
    )
    expect(code).toBe(1)
    expect(errorsOf(stderr)).toEqual([
      expect.stringMatching(
        /^error: assistant \(umbrella\): "quay\.io\/example\/installer:2\.0\.0" at Deployment\/installer .*; set by installer\.image$/,
      ),
    ])
  })

  test('catches an image that only an installer value renders', async () => {
    const more = 'charts: { cert-manager: { values: { startupapicheck: { enabled: true } } } }\n'
    const { code, stderr } = await verify(override, more)
    expect(code).toBe(1)
    expect(errorsOf(stderr)).toEqual([
      expect.stringMatching(
        /^error: cert-manager \(umbrella\): "quay\.io\/jetstack\/cert-manager-startupapicheck:v1\.17\.2" .* public registry/,
      ),
    ])
  })

  test('uses the umbrella’s installation values, if the manifest was generated with them', async () => {
    const install = 'charts: { web: { values: { image: { tag: 1.0.2 } } } }\n'
    const file = await world.write('install.yaml', install)
    const made = await desk.regenerate(['--from', folder, '-f', file])
    expect(made.code, made.stderr).toBe(0)
    const { code, stdout, stderr } = await verify(install, (await desk.values()).stdout)
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('7 of 7 references private\n')
  })
})
