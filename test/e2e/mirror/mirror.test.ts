import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ListTagsForResourceCommand } from '@aws-sdk/client-ecr'
import { parse, stringify } from 'yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ScriptResult } from '../../unit/support/run-script.ts'
import { ecrClient, logIn } from '../support/bootstrap/login.ts'
import { imagesIn, pullWithHelm } from '../support/charts/render.ts'
import {
  chartLayer,
  chartPlace,
  digestAt,
  faultsOfCopies,
  imagePlace,
  operations,
  writes,
} from '../support/stores.ts'
import { crane, helm } from '../support/tools.ts'
import { startWorld, type World } from '../support/world.ts'

// One world with the whole manifest, mirrored once. The tests check the result, in this order.
let world: World
let cold: ScriptResult
let reportFile: string

beforeAll(async () => {
  world = await startWorld()
  reportFile = join(await world.folderOf('reports'), 'new-folder', 'cold.json')
  cold = await world.mirror(['--report', reportFile])
})
afterAll(() => world.close())

interface Outcome {
  readonly kind: string
  readonly name: string
  readonly status: string
  readonly destination: string
  readonly digest: string
}
interface Report {
  readonly registry: string
  readonly counts: Record<string, number>
  readonly repositoriesCreated: readonly string[]
  readonly outcomes: readonly Outcome[]
}

describe('a cold run', () => {
  test('mirrors all images whole, children of indexes included', () => {
    expect(cold.code, cold.stderr).toBe(0)
    const references = world.manifest.images.map(({ reference }) => reference)
    expect(references).toHaveLength(55)
    expect(faultsOfCopies(world.sandbox, references)).toEqual([])
  })

  test('leaves digests that crane confirms at both ends', async () => {
    await logIn(world)
    const digests = await Promise.all(
      world.manifest.images.map(async ({ reference }) => {
        const { repository, tag } = imagePlace(reference)
        const [source, target] = await Promise.all([
          world.tool(crane, 'digest', reference),
          world.tool(crane, 'digest', `${world.registry}/${repository}:${tag}`),
        ])
        expect(source.stdout, source.stderr).toMatch(/^sha256:/)
        return [reference, source.stdout === target.stdout, target.stderr]
      }),
    )
    expect(digests.filter(([, equal]) => equal !== true)).toEqual([])
  })

  test('pushes the archives that the repositories serve, under their published versions', async () => {
    expect(world.manifest.charts).toHaveLength(11)
    for (const chart of world.manifest.charts) {
      const place = chartPlace(chart)
      const from = chart.repository.startsWith('oci://')
        ? { oci: `${chart.repository}/${chart.name}` }
        : chart
      const { sha256 } = await pullWithHelm(world, from, place.tag)
      expect(chartLayer(world.sandbox, place), chart.name).toBe(`sha256:${sha256}`)
    }
    expect(world.sandbox.ecrImages('charts/cert-manager')?.tags).toEqual({
      'v1.17.2': expect.any(String),
    })
  })

  test('tags every repository for the clean-up and creates no others', async () => {
    const wanted = [
      ...world.manifest.images.map(({ reference }) => imagePlace(reference).repository),
      ...world.manifest.charts.map((chart) => chartPlace(chart).repository),
    ]
    expect(world.sandbox.ecrRepositories()).toEqual([...new Set(wanted)].toSorted())
    const client = ecrClient(world)
    const [, account, region] = /^(\d+)\.dkr\.ecr\.([^.]+)/.exec(world.registry) ?? []
    const tags = await Promise.all(
      world.sandbox.ecrRepositories().map(async (name) => {
        const resourceArn = `arn:aws:ecr:${region}:${account}:repository/${name}`
        return (await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags
      }),
    )
    client.destroy()
    for (const own of tags) expect(own).toEqual([{ Key: 'chart-syncer', Value: 'true' }])
  })

  test('writes its summary to stdout and its progress to stderr', () => {
    expect(cold.stdout).toMatch(/^all +55 +11 +66$/m)
    expect(cold.stdout).toMatch(/57 repositories were created\.\nSent .+\n(?:.+\n)?Done in /)
    expect(cold.stdout).not.toMatch(/\[\d+\/66\]|•|^!/m)
    expect(cold.stderr.match(/^ {2}\[\d+\/66\] copied .+$/gm)).toHaveLength(66)
    expect(cold.stderr).toContain('[66/66]')
  })

  test('writes a report that agrees with the stores', async () => {
    const report: Report = JSON.parse(await readFile(reportFile, 'utf8'))
    expect(report.registry).toBe(world.registry)
    expect(report.counts).toMatchObject({ copied: 66, skipped: 0, failed: 0, differs: 0 })
    expect(report.repositoriesCreated).toEqual(world.sandbox.ecrRepositories())
    expect(report.outcomes).toHaveLength(66)
    expect(placesThatDisagree(report)).toEqual([])
  })

  test('leaves no credentials and no temporary files behind', async () => {
    expect(await world.leftovers()).toEqual([])
    expect(world.sandbox.refused()).toEqual([])
  })
})

describe('a second run', () => {
  test('sends no request to a source and writes nothing', async () => {
    world.sandbox.resetCounters()
    const { code, stderr, stdout } = await world.mirror(['--output', 'json'])
    expect(code, stderr).toBe(0)
    expect(operations(world.sandbox, 'sources')).toEqual({})
    expect(writes(world.sandbox)).toBe(0)
    const report: Report = JSON.parse(stdout)
    expect(report.counts).toMatchObject({ copied: 0, skipped: 66 })
    expect(placesThatDisagree(report)).toEqual([])
  })

  test('compares only by HEAD and indexes with --existing verify, and finds all equal', async () => {
    world.sandbox.resetCounters()
    const { code, stderr, stdout } = await world.mirror(['--existing', 'verify'])
    expect(code, stderr).toBe(0)
    const asked = operations(world.sandbox, 'sources')
    expect(asked).toMatchObject({ manifestHead: 56, chartIndex: 10 })
    expect(Object.keys(asked).toSorted()).toEqual(['chartIndex', 'manifestHead', 'ping', 'token'])
    expect(writes(world.sandbox)).toBe(0)
    expect(stdout).toContain('Nothing to do')
    expect(stdout).not.toContain('count as present by their name')
  })

  test('prints only its result with --quiet', async () => {
    const { code, stderr, stdout } = await world.mirror(['--quiet'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('Nothing to do')
  })
})

describe('the values override', () => {
  /** Values of the chart list without which a chart would take another image. */
  const required: Record<string, string[]> = {
    'opentelemetry-operator': ['--set', 'manager.collectorImage.tag=v0.43.3'],
  }

  test('makes charts pulled from ECR refer only to images in ECR', async () => {
    await logIn(world)
    const script = 'generate-private-ecr-values.ts'
    const { code, stdout, stderr } = await world.script(script, [world.registry])
    expect(code, stderr).toBe(0)
    const { charts } = parse(stdout) as {
      charts: Record<string, { repository: string; version?: string; values?: object }>
    }
    expect(Object.keys(charts)).toEqual(world.manifest.charts.map(({ name }) => name))

    const missing = new Set<string>()
    let present = 0
    for (const chart of world.manifest.charts) {
      const { repository = '', version = chart.version, values = {} } = charts[chart.name] ?? {}
      const { file } = await pullWithHelm(world, { oci: repository }, version)
      const own = await world.write(`${chart.name}-values.yaml`, stringify(values))
      const given = ['--values', own, ...(required[chart.name] ?? [])]
      const rendered = await world.tool(helm, 'template', 'release', file, ...given)
      expect(rendered.ok, rendered.stderr).toBe(true)
      for (const image of imagesIn(rendered.stdout)) {
        if (isHeld(image)) present += 1
        else missing.add(image.replace(`${world.registry}/mirrored/`, ''))
      }
    }
    expect([...missing].toSorted()).toEqual([])
    expect(present).toBeGreaterThanOrEqual(45)
  })
})

function isHeld(image: string): boolean {
  if (!image.startsWith(`${world.registry}/`)) return false
  const [repository = '', tag = ''] = image.slice(world.registry.length + 1).split(':')
  return digestAt(world.sandbox, { repository, tag }) !== undefined
}

function placesThatDisagree({ outcomes }: Report): string[] {
  return outcomes.flatMap(({ destination, digest, name }) => {
    const [repository = '', tag = ''] = destination.slice(world.registry.length + 1).split(':')
    return digestAt(world.sandbox, { repository, tag }) === digest ? [] : [name]
  })
}
