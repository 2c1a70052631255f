import { join } from 'node:path'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ScriptResult } from '../../unit/support/run-script.ts'
import {
  chartText,
  deployment,
  type Desk,
  openDesk,
  startPublished,
  writeChart,
} from '../support/charts/published.ts'
import { certManager, images, web } from '../support/shop.ts'
import { helm } from '../support/tools.ts'
import type { World } from '../support/world.ts'

// An umbrella chart like the Migration Assistant's: a map of charts for an installer, its own images in a leaf, and
// one image that is written in a template.
const umbrella = chartText('assistant', '2.0.0', {
  'values.yaml': `installer: { image: 'quay.io/example/installer:2.0.0' }
charts:
  web:
    version: '1.0.0'
    repository: https://charts.example.com/stable
    namespace: front
    values:
      image: { tag: 1.0.1 }
  cert-manager:
    version: '1.17.2'
    repository: https://charts.jetstack.io
    values:
      startupapicheck: { enabled: false }
`,
  'templates/job.yaml': deployment('installer', ['{{ .Values.installer.image }}']),
  'templates/agent.yaml': deployment('agent', ['docker.io/example/agent:0.9.0']),
})

const declared = `charts:
  - name: web
    version: '1.0.0'
    repository: https://charts.example.com/stable
    group: development
    runtime:
      - { reference: 'quay.io/example/plugin:3.2.1', reason: loaded on demand }
  - { name: not-in-the-umbrella, version: 1.0.0, repository: https://charts.example.com/stable }
direct:
  - { reference: 'amazon/aws-cli:2.25.11', reason: creates the default bucket }
`

const agent = 'docker.io/example/agent:0.9.0'

let world: World
let desk: Desk
let folder: string
let result: ScriptResult

beforeAll(async () => {
  world = await startPublished([web.first, certManager.first], images)
  desk = await openDesk(world, declared)
  folder = join(desk.folder, 'assistant')
  await writeChart(folder, umbrella)
  result = await desk.regenerate(['--from', folder])
})
afterAll(() => world.close())

async function references(): Promise<string[]> {
  return (await desk.manifest()).images.map(({ reference }) => reference)
}

const all = [
  'docker.io/amazon/aws-cli:2.25.11',
  agent,
  'docker.io/library/busybox:1.36',
  'quay.io/example/installer:2.0.0',
  'quay.io/example/plugin:3.2.1',
  'quay.io/example/web:1.0.1',
  ...['acmesolver', 'cainjector', 'controller', 'webhook'].map(
    (part) => `quay.io/jetstack/cert-manager-${part}:v1.17.2`,
  ),
]

describe('--from an umbrella chart', () => {
  test('finds the images of its charts with the values given there, its own, and the declared', async () => {
    expect(result.code, result.stderr).toBe(1)
    expect(await references()).toEqual(all)
    const { charts, umbrella: own } = await desk.manifest()
    expect(charts.map(({ name, variants, group }) => [name, variants, group])).toEqual([
      ['cert-manager', ['umbrella'], 'production'],
      ['web', ['umbrella'], 'development'],
    ])
    expect(charts[0]).toMatchObject({ version: '1.17.2', published: 'v1.17.2' })
    expect(own).toMatchObject({ name: 'assistant', version: '2.0.0' })
  })

  test('names the only image that no value reaches', async () => {
    expect(result.stderr.match(/^! .*stays public.*$/gm)).toEqual([
      expect.stringMatching(
        /^! assistant: docker\.io\/example\/agent:0\.9\.0 stays public .*Deployment\/agent spec\.template\.spec\.containers\[0\]\.image, from assistant\/templates\/agent\.yaml$/,
      ),
    ])
    const { images: found, relocation } = await desk.manifest()
    expect(relocation.mirrored).toEqual([
      {
        path: ['installer', 'image'],
        value: '<registry>/<prefix>mirrored/quay.io/example/installer:2.0.0',
      },
    ])
    expect(found.find(({ reference }) => reference === agent)?.found).toMatchObject([
      { chart: 'assistant', leaves: [] },
    ])
  })

  test('prints values, names the fault, and exits 1', async () => {
    const { code, stdout, stderr } = await desk.values()
    expect(code).toBe(1)
    expect(stderr.match(/^error: .*$/gm)).toEqual([
      expect.stringMatching(
        /assistant: no value can redirect docker\.io\/example\/agent:0\.9\.0 at Deployment\/agent /,
      ),
    ])
    expect(stderr).toMatch(/→ use a patched chart .*, or continue with --allow-unproven/)
    const values = parse(stdout) as { installer: object; charts: Record<string, object> }
    expect(values.installer).toEqual({
      image: `${world.registry}/mirrored/quay.io/example/installer:2.0.0`,
    })
    expect(Object.keys(values.charts)).toEqual(['cert-manager', 'web'])
    expect(values.charts['cert-manager']).toMatchObject({ version: 'v1.17.2' })
  })

  test('prints the same values with --allow-unproven, with a warning and exit code 0', async () => {
    const strict = await desk.values()
    const { code, stdout, stderr } = await desk.values(['--allow-unproven'])
    expect(code, stderr).toBe(0)
    expect(stdout).toBe(strict.stdout)
    expect(stderr).toMatch(
      /^! assistant: no value can redirect docker\.io\/example\/agent:0\.9\.0 /,
    )
  })

  test('writes nothing the second time, and does not call helm', async () => {
    await desk.helmCalls()
    const again = await desk.regenerate(['--from', folder])
    expect(again.code).toBe(1)
    expect(again.stderr).toContain('nothing to write')
    expect(await desk.helmCalls()).toEqual([])
  })

  test('reads an archive like a folder', async () => {
    const before = await desk.readModule()
    const packed = await world.tool(helm, 'package', folder, '--destination', desk.folder)
    expect(packed.ok, packed.stderr).toBe(true)
    const { code, stderr } = await desk.regenerate([
      '--from',
      join(desk.folder, 'assistant-2.0.0.tgz'),
    ])
    expect(code, stderr).toBe(1)
    const withoutHash = (text: string) => text.replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:…')
    expect(withoutHash(await desk.readModule())).toBe(withoutHash(before))
  })

  test('uses the values that it is installed with', async () => {
    const file = await world.write(
      'install.yaml',
      'charts: { web: { values: { image: { tag: 1.0.2 } } } }\ninstaller: { image: quay.io/example/installer:2.0.1 }\n',
    )
    const { code, stdout, stderr } = await desk.regenerate(['--from', folder, '-f', file])
    expect(code, stderr).toBe(1)
    expect(stdout).toContain('    ~ image quay.io/example/web:1.0.1 → 1.0.2\n')
    expect(await references()).toContain('quay.io/example/installer:2.0.1')
  })
})

interface Mistake {
  readonly that: string
  readonly values: string
  readonly code: number
  readonly says: RegExp
}

const mistakes: readonly Mistake[] = [
  {
    that: 'charts without a version or a repository, all at once',
    values: 'charts: { web: { version: 1.1 }, cert-manager: { repository: null } }\n',
    code: 2,
    says: /assistant: charts\.web: YAML reads the version 1\.1 as a number[\s\S]*charts\.cert-manager: it has no repository/,
  },
  {
    that: 'a version that is not published',
    values: "charts: { web: { version: '1.0.9' } }\n",
    code: 1,
    says: /chart "web" has no version "1\.0\.9"/,
  },
  {
    that: 'values that are a list',
    values: '- charts\n',
    code: 2,
    says: /mistake\.yaml:1:1: values must be a mapping/,
  },
]

describe('--from refuses', () => {
  test.each(mistakes)('$that, and writes nothing', async ({ values, code, says }) => {
    const before = await desk.readModule()
    const file = await world.write('mistake.yaml', values)
    const refused = await desk.regenerate(['--from', folder, '-f', file])
    expect(refused.code, refused.stderr).toBe(code)
    expect(refused.stderr).toMatch(says)
    expect(await desk.readModule()).toBe(before)
  })

  test('a chart without a charts: map, and a folder that is not a chart', async () => {
    const plain = join(desk.folder, 'plain')
    await writeChart(plain, web.first.files)
    const noMap = await desk.regenerate(['--from', plain])
    expect(noMap.code, noMap.stderr).toBe(2)
    expect(noMap.stderr).toMatch(/the values of "web" have no charts: map/)
    const noChart = await desk.regenerate(['--from', desk.folder])
    expect(noChart.code, noChart.stderr).toBe(2)
    expect(noChart.stderr).toMatch(/Chart\.yaml/)
  })
})
