import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Desk, openDesk, startPublished } from '../support/charts/published.ts'
import { certManager, etcdOperator, images, list, web } from '../support/shop.ts'
import type { World } from '../support/world.ts'

// Newer versions exist: of the shop's own chart, with every change that a reviewer has to check, and of cert-manager,
// with other tags.
let world: World
let desk: Desk
let module: string

beforeAll(async () => {
  const charts = [web.first, web.second, web.candidate, certManager.first, certManager.second]
  world = await startPublished([...charts, etcdOperator], images)
  desk = await openDesk(world, list)
  const { code, stderr } = await desk.regenerate()
  expect(code, stderr).toBe(0)
  module = await desk.readModule()
})
afterAll(() => world.close())

async function expectUntouched(): Promise<void> {
  expect(await desk.readList()).toBe(list)
  expect(await desk.readModule()).toBe(module)
}

const webDiff = [
  '~ web 1.0.0 from https://charts.example.com/stable → 1.1.0 from https://charts.example.com/stable',
  '    + image docker.io/example/init:0.1.0',
  '    + image ghcr.io/example/exporter:0.4.0',
  '    ~ image quay.io/example/web:1.0.0 → 1.1.0',
  '    + value sidecar.image.repository = <registry>/<prefix>mirrored/docker.io/library/busybox',
  '    + value exporter.image = <registry>/<prefix>mirrored/ghcr.io/example/exporter:0.4.0',
  '    - value sidecar.image (was <registry>/<prefix>mirrored/docker.io/library/busybox:1.36)',
]

describe('--outdated', () => {
  test('lists the charts with a newer stable version', async () => {
    const { code, stdout, stderr } = await desk.regenerate(['--outdated'])
    expect(code, stderr).toBe(0)
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/))
    expect(rows).toEqual([
      ['CHART', 'CURRENT', 'NEWEST', 'REPOSITORY'],
      ['cert-manager', 'v1.17.2', 'v1.18.0', 'https://charts.jetstack.io'],
      ['web', '1.0.0', '1.1.0', 'https://charts.example.com/stable'],
    ])
    expect(stderr).toContain('bump one with --bump cert-manager=v1.18.0\n')
    await expectUntouched()
  })

  test('prints the same as JSON', async () => {
    const { code, stdout } = await desk.regenerate(['--outdated', '--output', 'json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      outdated: [
        {
          name: 'cert-manager',
          current: 'v1.17.2',
          newest: 'v1.18.0',
          repository: 'https://charts.jetstack.io',
        },
        {
          name: 'web',
          current: '1.0.0',
          newest: '1.1.0',
          repository: 'https://charts.example.com/stable',
        },
      ],
    })
  })

  test('lists the others, and fails for a repository that does not respond', async () => {
    const remove = world.sandbox.addFault({ host: 'charts.jetstack.io', effect: { status: 404 } })
    const { code, stdout, stderr } = await desk.regenerate(['--outdated'])
    remove()
    expect(code).toBe(1)
    expect(stdout).toMatch(/^web /m)
    expect(stderr).toContain('"https://charts.jetstack.io" is not a chart repository')
  })
})

describe('--why', () => {
  const why = (text: string) => desk.regenerate(['--why', text])

  test('explains an image by chart, document, path and leaves', async () => {
    const { code, stdout } = await why('quay.io/example/web:1.0.0')
    expect(code).toBe(0)
    expect(stdout.trimEnd().split(/\n +/)).toEqual([
      'quay.io/example/web:1.0.0',
      expect.stringMatching(/^chart +web$/),
      expect.stringMatching(/^document +Deployment\/web \(web\/templates\/web\.yaml\)$/),
      expect.stringMatching(/^path +spec\.template\.spec\.containers\[0\]\.image$/),
      expect.stringMatching(/^leaves +image\.registry, image\.repository$/),
      expect.stringMatching(/^class +certain$/),
      expect.stringMatching(/^variants +default$/),
    ])
  })

  test('resolves a short name, and explains one image for a complete name', async () => {
    const { code, stdout } = await why('busybox:1.36')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^docker\.io\/library\/busybox:1\.36\n/)
  })

  test('explains every image that contains a part of a name', async () => {
    const { stdout } = await why('cert-manager-c')
    expect(stdout.match(/^\S.*$/gm)).toEqual([
      'quay.io/jetstack/cert-manager-cainjector:v1.17.2',
      'quay.io/jetstack/cert-manager-controller:v1.17.2',
    ])
  })

  test('prints the reason for an image that was listed by hand', async () => {
    expect((await why('plugin')).stdout).toBe(
      'quay.io/example/plugin:3.2.1\n  listed by hand for web: loaded on demand\n',
    )
  })

  test('rejects a name without a matching reference', async () => {
    const { code, stdout, stderr } = await why('nginx')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(
      /error: "nginx" is not in the manifest\n {2}→ specify an image reference/,
    )
  })
})

interface Refusal {
  readonly that: string
  readonly bumps: readonly string[]
  readonly code: number
  readonly says: readonly RegExp[]
}

const refusals: readonly Refusal[] = [
  {
    that: 'a version that is not published, with those that are',
    bumps: ['web=1.0.7'],
    code: 1,
    says: [
      /chart "web" has no version "1\.0\.7"/,
      /→ available versions include .*1\.0\.0.*1\.1\.0/,
    ],
  },
  {
    that: 'a tag that is not in the registry',
    bumps: ['etcd-operator=0.9.9'],
    code: 1,
    says: [/chart "etcd-operator" 0\.9\.9: /, /→ check the name, version and repository/],
  },
  {
    that: 'one bad bump among good ones',
    bumps: ['cert-manager=latest', 'web=9.9.9'],
    code: 1,
    says: [/chart "web" has no version "9\.9\.9"/],
  },
  {
    that: 'a chart that is not in the list',
    bumps: ['grafana=8.15.0'],
    code: 2,
    says: [/chart "grafana" is not in the chart list/],
  },
  {
    that: 'no version',
    bumps: ['web'],
    code: 2,
    says: [
      /--bump "web" is not NAME=VERSION/,
      /→ use the form NAME=VERSION, for example grafana=8\.15\.0/,
    ],
  },
  {
    that: 'half a version',
    bumps: ['web=1.1'],
    code: 2,
    says: [/"1\.1" is not a chart version/, /→ use a version with three parts/],
  },
]

describe('--bump', () => {
  test.each(refusals)('refuses $that, and changes no file', async ({ bumps, code, says }) => {
    const result = await desk.regenerate(bumps.flatMap((bump) => ['--bump', bump]))
    expect(result.code, result.stderr).toBe(code)
    for (const pattern of says) expect(result.stderr).toMatch(pattern)
    await expectUntouched()
  })

  test('changes only the version, and prints the effects for a reviewer', async () => {
    const { code, stdout, stderr } = await desk.regenerate(['--bump', 'web=1.1.0'])
    // One image of it is written in a template.
    expect(code, stderr).toBe(1)
    expect(await desk.readList()).toBe(list.replace('"1.0.0"', '"1.1.0"'))
    const [unreachable, ...others] = stdout
      .trimEnd()
      .split('\n')
      .toSorted((a, b) => Number(b.includes('unreachable')) - Number(a.includes('unreachable')))
    expect(others).toEqual(webDiff)
    expect(unreachable).toMatch(
      /^ {4}\+ unreachable docker\.io\/example\/init:0\.1\.0 at Deployment\/web spec\.template\.spec\.containers\[3\]\.image: /,
    )
    expect(stderr).toMatch(/^! web: docker\.io\/example\/init:0\.1\.0 stays public/m)
    expect(stderr).not.toMatch(/^(?:cert-manager|etcd-operator) .*: /m)
    const { charts, images: found } = await desk.manifest()
    expect(charts.at(-1)).toMatchObject({ name: 'web', version: '1.1.0' })
    expect(found.map(({ reference }) => reference)).toContain('quay.io/example/plugin:3.2.1')
    expect((await desk.regenerate(['--check'])).code).toBe(0)
  })

  test('resolves latest to the newest stable version, spelled as pinned and as published', async () => {
    const before = await desk.readList()
    const { code, stdout, stderr } = await desk.regenerate([
      '--bump',
      'cert-manager=latest,web=latest',
      '--output',
      'json',
    ])
    expect(code, stderr).toBe(1)
    const expected = before
      .replace("version: '1.17.2'", "version: '1.18.0'")
      .replace('published: v1.17.2', "published: 'v1.18.0'")
    expect(await desk.readList()).toBe(expected)
    const { changes } = JSON.parse(stdout) as { changes: readonly object[] }
    expect(changes).toContainEqual({
      kind: 'changed',
      subject: 'image',
      chart: 'cert-manager',
      text: 'quay.io/jetstack/cert-manager-webhook:v1.17.2 → v1.18.0',
    })
    expect(changes).toHaveLength(6)
  })

  test('finds a version that is typed without its publisher’s v', async () => {
    const before = await desk.readList()
    const back = await desk.regenerate(['--bump', 'cert-manager=1.17.2'])
    expect(back.code, back.stderr).toBe(1)
    expect(await desk.readList()).toBe(before.replace("'1.18.0'", "'1.17.2'").replace('8.0', '7.2'))
    expect(back.stdout).toContain(
      '~ image quay.io/jetstack/cert-manager-webhook:v1.18.0 → v1.17.2\n',
    )
  })
})
