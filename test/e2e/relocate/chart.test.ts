import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  fixture,
  packageFixture,
  publicImages,
  relocate,
  writeChart,
} from '../support/charts/relocating.ts'
import { startWorld, type World } from '../support/world.ts'

// Where relocate-chart gets its chart, and what it reports about it.
let world: World

beforeAll(async () => {
  world = await startWorld({ charts: ['cert-manager', 'etcd-operator', 'fluent-bit'] })
})
afterAll(() => world.close())

const fluent = 'https://fluent.github.io/helm-charts'
const jetstack = 'https://charts.jetstack.io'
const etcd = 'oci://ghcr.io/aenix-io/charts/etcd-operator'

/** Runs the command, which must prove what it prints, and keeps the values for helm. */
async function relocated(chart: string, ...flags: readonly string[]) {
  const { code, stdout, stderr } = await relocate(world, chart, ...flags)
  expect(code, stderr).toBe(0)
  const file = await world.write(`values-${Math.random().toString(36).slice(2)}.yaml`, stdout)
  return { stdout, stderr, file }
}

async function asJson(chart: string, ...flags: readonly string[]) {
  const { stdout } = await relocated(chart, '--output', 'json', ...flags)
  return JSON.parse(stdout) as {
    readonly chart: { readonly name: string; readonly version: string }
    readonly images: readonly { readonly reference: string; readonly destination: string }[]
  }
}

describe('a chart from', () => {
  test('a folder is moved completely by the printed values', async () => {
    const chart = fixture('registry-repository-tag')
    const { stdout, stderr, file } = await relocated(chart)
    expect(parse(stdout)).toEqual({
      image: { registry: world.registry, repository: 'mirrored/quay.io/example/app' },
    })
    expect(stdout).toContain(`registry-repository-tag 0.1.0 pull from ${world.registry}.\n`)
    expect(stderr).toMatch(/^1 image: proven; \d renders, [\d.]+ s\n$/)
    expect(await publicImages(world, chart, '-f', file)).toEqual([])
  })

  test('an archive results in the same values as its folder', async () => {
    const folder = await world.folderOf('archives')
    const archive = await packageFixture(world, 'same-names', folder)
    const { stdout, file } = await relocated(archive)
    expect(stdout).toBe((await relocated(fixture('same-names'))).stdout)
    expect(await publicImages(world, archive, '-f', file)).toEqual([])
  })

  test('a registry is the newest stable one, which is reported', async () => {
    const { stderr, file } = await relocated(etcd)
    expect(stderr).toContain(
      'no --version given; using etcd-operator 0.4.2, the newest stable version\n',
    )
    expect(await publicImages(world, etcd, '--version', '0.4.2', '-f', file)).toEqual([])
  })

  test('a repository is the newest stable one, which is reported', async () => {
    const { stderr, file } = await relocated('fluent-bit', '--repo', fluent)
    expect(stderr).toContain(
      'no --version given; using fluent-bit 0.49.0, the newest stable version\n',
    )
    const flags = ['--repo', fluent, '--version', '0.49.0', '-f', file]
    expect(await publicImages(world, 'fluent-bit', ...flags)).toEqual([])
  })

  test.for([
    ['a registry at an older version', etcd, ['--version', '0.4.1'], 'etcd-operator 0.4.1'],
    [
      'a repository at an older version',
      'fluent-bit',
      ['--repo', fluent, '--version', '0.48.0'],
      'fluent-bit 0.48.0',
    ],
    [
      'a repository at a version that is published with a v',
      'cert-manager',
      ['--repo', jetstack, '--version', '1.17.2'],
      'cert-manager v1.17.2',
    ],
    [
      'a repository at a version as it is published',
      'cert-manager',
      ['--repo', jetstack, '--version', 'v1.17.1'],
      'cert-manager v1.17.1',
    ],
    [
      'a registry named by --repo',
      'etcd-operator',
      ['--repo', 'oci://ghcr.io/aenix-io/charts', '--version', '0.4.2'],
      'etcd-operator 0.4.2',
    ],
    ['a registry with a tag', `${etcd}:0.4.2`, [], 'etcd-operator 0.4.2'],
  ] as const)('%s is that one', async ([, chart, flags, expected]) => {
    const { chart: taken } = await asJson(chart, ...flags)
    expect(`${taken.name} ${taken.version}`).toBe(expected)
  })
})

test('a chart in a registry is taken by its digest, which has to be there', async () => {
  const { host, path } = { host: 'ghcr.io', path: 'aenix-io/charts/etcd-operator' }
  const { stdout } = await world.tool('crane', 'digest', `${host}/${path}:0.4.2`)
  const digest = stdout.trim()
  const { chart: taken } = await asJson(`${etcd}@${digest}`)
  expect(`${taken.name} ${taken.version}`).toBe('etcd-operator 0.4.2')
  const both = await relocate(world, `${etcd}:0.4.1@${digest}`)
  expect(both.code).toBe(1)
  expect(both.stderr).toMatch(/is version 0\.4\.2\n {2}→ remove the tag/)
  const missing = await relocate(world, `${etcd}@sha256:${'0'.repeat(64)}`)
  expect(missing.code).toBe(1)
  expect(missing.stderr).toContain('@sha256:000')
})

test('a release candidate is not the newest stable version', async () => {
  const served = await world.folderOf('served')
  const versions = ['0.49.0', '0.50.0', '0.51.0-rc.1']
  for (const version of versions) {
    const as = { name: 'fluent-bit', version }
    await packageFixture(world, 'one-string', join(served, 'fluent.github.io/helm-charts'), as)
    const other = { name: 'etcd-operator', version }
    await packageFixture(world, 'one-string', join(served, 'ghcr.io/aenix-io/charts'), other)
  }
  const newer = await startWorld({
    charts: ['etcd-operator', 'fluent-bit'],
    sandbox: { chartsDir: served },
  })
  try {
    for (const [chart, ...flags] of [['fluent-bit', '--repo', fluent], [etcd]] as const) {
      const { code, stderr } = await relocate(newer, chart, ...flags)
      expect(code, stderr).toBe(0)
      expect(stderr).toMatch(/no --version given; using \S+ 0\.50\.0, the newest stable version\n/)
    }
    const wished = await relocate(newer, etcd, '--version', '0.51.0-rc.1', '--output', 'json')
    expect(wished.code, wished.stderr).toBe(0)
    expect(JSON.parse(wished.stdout)).toMatchObject({ chart: { version: '0.51.0-rc.1' } })
  } finally {
    await newer.close()
  }
})

describe('an invalid chart is rejected:', () => {
  test.for([
    ['a path that is not there', ['./nowhere'], 2, /"\.\/nowhere" is neither a folder nor a file/],
    ['a name without --repo', ['grafana'], 2, /a chart name with --repo URL/],
    [
      'a folder that has neither a Chart.yaml nor manifests',
      ['test'],
      2,
      /"test\/\S+" is not a Kubernetes manifest: [\s\S]*→ specify a chart \(a folder with a Chart\.yaml, or an archive\)/,
    ],
    [
      'a file that is neither an archive nor manifests',
      ['package.json'],
      2,
      /"package\.json" is not a Kubernetes manifest: /,
    ],
    [
      '--version for a folder',
      [fixture('one-string'), '--version', '1.0.0'],
      2,
      /is a local chart, so --version does not apply/,
    ],
    [
      '--version that is none',
      [etcd, '--version', '1.2'],
      2,
      /--version "1\.2" is not a chart version/,
    ],
    [
      'a version that a repository lacks',
      ['fluent-bit', '--repo', fluent, '--version', '9.9.9'],
      1,
      /chart "fluent-bit" has no version "9\.9\.9" in .*\n.*available versions include 0\.49\.0/,
    ],
    [
      'a version that a registry lacks',
      [etcd, '--version', '9.9.9'],
      1,
      /chart "etcd-operator" 9\.9\.9: .*\n {2}→ check the name, version and repository/,
    ],
    [
      'a chart that a repository lacks',
      ['fluent-bat', '--repo', fluent],
      1,
      /has no stable version of chart "fluent-bat"/,
    ],
    [
      'a repository that is none',
      ['x', '--repo', 'ftp://x.io'],
      2,
      /is not a chart repository\n {2}→ use an https/,
    ],
  ] as const)('%s', async ([, [chart, ...flags], code, message]) => {
    const result = await relocate(world, chart, ...flags)
    expect(result.code, result.stderr).toBe(code)
    expect(result.stderr).toMatch(message)
    expect(result.stderr).not.toContain('bug in ecr-airlift')
    expect(result.stdout).toBe('')
  })

  test('a registry that is not ECR', async () => {
    const { code, stderr } = await world.script('relocate-chart.ts', [
      'quay.io',
      fixture('one-string'),
    ])
    expect(code, stderr).toBe(2)
    expect(stderr).toContain('"quay.io"')
  })
})

describe('where the chart goes:', () => {
  test('--layout by-chart and --prefix name the places', async () => {
    const chart = fixture('same-names')
    const { stdout, file } = await relocated(chart, '--layout', 'by-chart', '--prefix', 'team/a')
    const at = (name: string) => `${world.registry}/team/a/same-names/${name}`
    expect(parse(stdout)).toMatchObject({
      app: { image: at('example-app:1.2.3') },
      tool: { image: at('tool:2.0.0') },
    })
    expect(await publicImages(world, chart, '-f', file)).toEqual([])
  })

  test('--prefix stands before mirrored', async () => {
    const { images } = await asJson(fixture('one-string'), '--prefix', 'team')
    expect(images).toMatchObject([
      { destination: `${world.registry}/team/mirrored/quay.io/example/app:1.2.3` },
    ])
  })

  test.for([
    ['--prefix', 'Team', /"Team"/],
    ['--layout', 'flat', /argument 'flat' is invalid\. Allowed choices are mirrored, by-chart/],
  ] as const)('%s %s is a usage error', async ([flag, value, message]) => {
    const { code, stderr } = await relocate(world, fixture('one-string'), flag, value)
    expect(code, stderr).toBe(2)
    expect(stderr).toMatch(message)
  })
})

describe('the cluster is that of', () => {
  test('--kube-version', async () => {
    const chart = fixture('tag-from-kube-version')
    const { images } = await asJson(chart, '--kube-version', '1.32.0')
    expect(images).toMatchObject([{ reference: 'quay.io/example/kubectl:1.32' }])
  })

  test('--api-versions', async () => {
    const without = await asJson(fixture('api-gate'))
    const flags = ['--api-versions', 'monitoring.example.com/v1']
    const given = await asJson(fixture('api-gate'), ...flags)
    const added = given.images.length - without.images.length
    expect([added, given.images.map(({ reference }) => reference)]).toEqual([
      1,
      ['ghcr.io/example/exporter:0.4.0', 'quay.io/example/app:1.2.3'],
    ])
  })

  test('--namespace', async () => {
    const chart = await writeChart(world, 'by-namespace', {
      'templates/app.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: { name: app }\nspec:\n  containers: [{ name: app, image: "quay.io/example/{{ .Release.Namespace }}:1.0.0" }]\n',
    })
    const { stdout } = await relocate(world, chart, '--images', '--namespace', 'monitoring')
    expect(stdout).toBe('quay.io/example/monitoring:1.0.0\n')
  })
})
