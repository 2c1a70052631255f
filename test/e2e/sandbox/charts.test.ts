import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BatchDeleteImageCommand } from '@aws-sdk/client-ecr'
import { describe, expect } from 'vitest'
import { ecrClient, logIn } from '../support/bootstrap/login.ts'
import { pullWithHelm } from '../support/charts/render.ts'
import { chartLayer, chartPlace, digestAt, writes } from '../support/stores.ts'
import { helm } from '../support/tools.ts'
import { test, type World } from '../support/world.ts'

// The same chart always has the same digest.
const charts = ['cert-manager', 'fluent-bit', 'etcd-operator'] as const

function digests({ sandbox, manifest }: World, prefix = ''): Record<string, string | undefined> {
  return Object.fromEntries(
    manifest.charts.map((chart) => [chart.name, digestAt(sandbox, chartPlace(chart, prefix))]),
  )
}

describe.concurrent('a chart', () => {
  test('has the same digest when it is pushed again, elsewhere or in another time zone', async ({
    world: make,
  }) => {
    const world = await make({ charts })
    expect((await world.mirror(['--charts-only'])).code).toBe(0)
    const first = digests(world)
    expect(Object.values(first)).not.toContain(undefined)

    const prefixed = await world.mirror(['--charts-only', '--prefix', 'again'], {
      env: { TZ: 'Asia/Tokyo' },
    })
    expect(prefixed.code, prefixed.stderr).toBe(0)
    expect(digests(world, 'again/')).toEqual(first)

    const client = ecrClient(world)
    for (const chart of world.manifest.charts) {
      const { repository: repositoryName, tag: imageTag } = chartPlace(chart)
      await client.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag }] }))
    }
    client.destroy()
    expect(Object.values(digests(world))).toEqual([undefined, undefined, undefined])
    expect((await world.mirror(['--charts-only'])).code).toBe(0)
    expect(digests(world)).toEqual(first)
  })

  test('of an OCI registry keeps the digest of its manifest', async ({ world: make }) => {
    const world = await make({ charts: ['etcd-operator'] })
    expect((await world.mirror(['--charts-only'])).code).toBe(0)
    const upstream = world.sandbox.upstreamDigest('ghcr.io/aenix-io/charts/etcd-operator:0.4.2')
    expect(digests(world)).toEqual({ 'etcd-operator': upstream })
  })

  test('with other content is reported by verify and replaced by overwrite', async ({
    world: make,
  }) => {
    const world = await make({ charts: ['fluent-bit'] })
    const place = { repository: 'charts/fluent-bit', tag: '0.49.0' }
    await logIn(world)
    world.sandbox.createEcrRepository(place.repository)
    await pushImpostor(world, 'fluent-bit', '0.49.0')
    const impostor = chartLayer(world.sandbox, place)
    expect(impostor).toBeDefined()

    world.sandbox.resetCounters()
    const verified = await world.mirror(['--charts-only', '--existing', 'verify'])
    expect(verified.code, verified.stderr).toBe(1)
    expect(verified.stderr).toMatch(/error: ".*fluent-bit:0\.49\.0" differs from chart fluent-bit/)
    expect(verified.stderr).toMatch(/→ replace it with --existing overwrite/)
    expect(chartLayer(world.sandbox, place)).toBe(impostor)
    expect(writes(world.sandbox)).toBe(0)

    const replaced = await world.mirror(['--charts-only', '--existing', 'overwrite'])
    expect(replaced.code, replaced.stderr).toBe(0)
    const repository = 'https://fluent.github.io/helm-charts'
    const { sha256 } = await pullWithHelm(world, { repository, name: 'fluent-bit' }, place.tag)
    expect(chartLayer(world.sandbox, place)).toBe(`sha256:${sha256}`)
  })

  test('whose archive has another version is rejected', async ({ world: make }) => {
    // An archive of 9.9.9 stands in the folder that is served; the index is made to offer it as 0.49.0.
    const world = await make({ charts: ['fluent-bit'] })
    const chartsDir = await world.folderOf('served')
    const folder = join(chartsDir, 'fluent.github.io', 'helm-charts')
    await mkdir(folder, { recursive: true })
    await packImpostor(world, folder, 'fluent-bit', '9.9.9')
    const other = await make({ charts: ['fluent-bit'], sandbox: { chartsDir } })
    const address = 'https://github.com/fluent/helm-charts/releases/download/fluent-bit-9.9.9'
    other.sandbox.addFault({
      operation: 'chartIndex',
      effect: {
        status: 200,
        body: `entries: { fluent-bit: [{ version: 0.49.0, urls: ["${address}/fluent-bit-9.9.9.tgz"] }] }`,
      },
    })
    const { code, stderr } = await other.mirror(['--charts-only'])
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(
      /error: .*is fluent-bit 9\.9\.9 according to its Chart\.yaml, not fluent-bit 0\.49\.0/,
    )
    expect(stderr).toMatch(/→ set the chart's name and published version/)
    expect(other.sandbox.ecrImages('charts/fluent-bit')?.tags).toEqual({})
  })
})

async function packImpostor(
  world: World,
  folder: string,
  name: string,
  version: string,
): Promise<string> {
  const source = join(folder, name)
  await mkdir(join(source, 'templates'), { recursive: true })
  await writeFile(
    join(source, 'Chart.yaml'),
    `apiVersion: v2\nname: ${name}\nversion: ${version}\n`,
  )
  const packed = await world.tool(helm, 'package', source, '--destination', folder)
  if (!packed.ok) throw new Error(packed.stderr)
  return join(folder, `${name}-${version}.tgz`)
}

/** Pushes another chart of the same name and version, as somebody else may have done. */
async function pushImpostor(world: World, name: string, version: string): Promise<void> {
  const archive = await packImpostor(world, await world.folderOf('impostor'), name, version)
  const pushed = await world.tool(helm, 'push', archive, `oci://${world.registry}/charts`)
  if (!pushed.ok) throw new Error(pushed.stderr)
}
