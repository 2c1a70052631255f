import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BatchDeleteImageCommand } from '@aws-sdk/client-ecr'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Lock } from '../../../scripts/lib/model/manifest/lock.ts'
import { ecrClient, logIn } from '../support/bootstrap/login.ts'
import { type Desk, openDesk, startPublished } from '../support/charts/published.ts'
import { imagesIn, pullWithHelm } from '../support/charts/render.ts'
import { certManager, etcdOperator, images, list, web } from '../support/shop.ts'
import { imagePlace, writes } from '../support/stores.ts'
import { crane, helm } from '../support/tools.ts'
import type { World } from '../support/world.ts'

// The whole way: discovered images are mirrored, the charts are pulled back from ECR, and everything that they render
// with the values is present, by digest.
let world: World
let desk: Desk

beforeAll(async () => {
  world = await startPublished([web.first, certManager.first, etcdOperator], images)
  desk = await openDesk(world, list)
  const made = await desk.regenerate(['--digests'])
  expect(made.code, made.stderr).toBe(0)
  const mirrored = await desk.mirror()
  expect(mirrored.code, mirrored.stderr).toBe(0)
  await logIn(world)
})
afterAll(() => world.close())

interface Override {
  readonly charts: Record<string, { readonly repository: string; readonly version?: string }>
}

/** References that a chart of this world's ECR renders with its values file. */
async function renderMirrored(chart: string, version: string): Promise<string[]> {
  const { charts } = parse((await desk.values()).stdout) as Override
  const { repository = '' } = charts[chart] ?? {}
  const { file } = await pullWithHelm(world, { oci: repository }, version)
  const out = join(desk.folder, 'values')
  const written = await desk.values(['--format', 'chart', '--out', out])
  expect(written.code, written.stderr).toBe(0)
  const values = join(out, `${chart}.yaml`)
  const rendered = await world.tool(helm, 'template', chart, file, '-f', values, '--include-crds')
  expect(rendered.ok, rendered.stderr).toBe(true)
  return imagesIn(rendered.stdout)
}

describe('charts that helm pulls back from ECR', () => {
  test.each([
    ['cert-manager', 'v1.17.2', 5],
    ['etcd-operator', '0.4.2', 2],
    ['web', '1.0.0', 2],
  ])('%s %s names %i images, all in that ECR with the digest of their source', async (...row) => {
    const [chart, version, count] = row
    const lock: Lock = JSON.parse(await readFile(desk.lockFile, 'utf8'))
    const references = await renderMirrored(chart, version)
    expect(references).toHaveLength(count)
    const home = `${world.registry}/mirrored/`
    expect(references.filter((reference) => !reference.startsWith(home))).toEqual([])
    const compared = await Promise.all(
      references.map(async (reference) => {
        const { stdout, stderr } = await world.tool(crane, 'digest', reference)
        expect(stdout, stderr).toMatch(/^sha256:/)
        return [reference, stdout.trim()]
      }),
    )
    expect(compared).toEqual(
      references.map((reference) => [reference, lock.images[reference.slice(home.length)]?.digest]),
    )
  })
})

interface Checked {
  readonly references: readonly {
    readonly chart: string
    readonly reference: string
    readonly registry?: string
  }[]
}

describe('verify-private-values --against-registry', () => {
  const against = (...args: string[]) => desk.verify(['--against-registry', '--strict', ...args])

  test('finds every reference private and in the registry, with the locked digest', async () => {
    const { code, stdout, stderr } = await against()
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('10 of 10 references private; in the registry: 10 matches\n')
    expect(stdout.match(/^\S+ +default +\d+ +0 +0 +0$/gm)).toHaveLength(3)
    expect(stderr).toBe('')
  })

  test('reads only from ECR, and changes nothing', async () => {
    world.sandbox.resetCounters()
    expect((await against()).code).toBe(0)
    const counters = world.sandbox.counters()
    expect(Object.keys(counters).filter((host) => !host.endsWith('.amazonaws.com'))).toEqual([])
    expect(writes(world.sandbox)).toBe(0)
  })

  test('says the same as JSON, one entry for each place', async () => {
    const { code, stdout } = await against('--output', 'json')
    expect(JSON.parse(stdout)).toMatchObject({ questions: [], notices: expect.any(Array) })
    expect(code).toBe(0)
    const { references }: Checked = JSON.parse(stdout)
    expect(references).toHaveLength(10)
    expect(references.find(({ chart }) => chart === 'web')).toEqual({
      chart: 'web',
      variant: 'default',
      verdict: 'private',
      source: 'quay.io/example/web:1.0.0',
      expected: `${world.registry}/mirrored/quay.io/example/web:1.0.0`,
      reference: `${world.registry}/mirrored/quay.io/example/web:1.0.0`,
      document: 'Deployment/web',
      path: 'spec.template.spec.containers[0].image',
      template: 'web/templates/web.yaml',
      leaves: [],
      registry: 'matches',
    })
    expect(references.map(({ registry }) => registry)).not.toContain(undefined)
  })

  const webhook = 'quay.io/jetstack/cert-manager-webhook:v1.17.2'

  test('catches an image that was deleted from the registry', async () => {
    const { repository, tag } = imagePlace(webhook)
    const client = ecrClient(world)
    const imageIds = [{ imageTag: tag }]
    await client.send(new BatchDeleteImageCommand({ repositoryName: repository, imageIds }))
    client.destroy()
    const { code, stdout, stderr } = await against()
    expect(code).toBe(1)
    expect(stdout).toContain('in the registry: 9 matches, 1 missing\n')
    expect(stderr.match(/^error: .*$/gm)).toEqual([
      `error: cert-manager (default): "${world.registry}/mirrored/${webhook}" at ` +
        'Deployment/cert-manager-webhook spec.template.spec.containers[0].image: not found in the registry',
    ])
    expect(stderr).toMatch(/→ run mirror-to-ecr\.ts/)
    // Without the question to the registry the values are as good as before.
    expect((await desk.verify()).code).toBe(0)
    expect((await desk.mirror()).code).toBe(0)
    expect((await against()).code).toBe(0)
  })

  test('catches another image under a mirrored tag', async () => {
    const { repository, tag } = imagePlace(webhook)
    world.sandbox.putEcrImage(repository, tag, 'quay.io/example/web:1.0.0')
    const { code, stderr } = await against()
    expect(code).toBe(1)
    expect(stderr.match(/^error: .*$/gm)).toEqual([
      expect.stringMatching(
        /^error: cert-manager .*webhook:v1\.17\.2" at .*: status in the registry: differs$/,
      ),
    ])
    world.sandbox.putEcrImage(repository, tag, webhook)
  })

  test('distinguishes an image that cannot be pulled from an available one', async () => {
    const { repository, tag } = imagePlace(webhook)
    const where = `"${world.registry}/mirrored/${webhook}"`
    world.sandbox.archiveEcrImage(repository, tag)
    const archived = await desk.verify(['--against-registry', '--output', 'json'])
    expect(archived.code).toBe(1)
    const { references }: Checked = JSON.parse(archived.stdout)
    expect(references.filter(({ registry }) => registry !== 'matches')).toMatchObject([
      { reference: where.slice(1, -1), registry: 'archived' },
    ])
    expect(archived.stderr).toContain(`: ${where} is archived in ECR and cannot be pulled`)
    expect(archived.stderr).toContain('aws ecr update-image-storage-class --repository-name')
    world.sandbox.putEcrImage(repository, tag, webhook)
    const failure = { failureCode: 'KmsError', failureReason: 'the key is disabled' }
    world.sandbox.failEcrImage(repository, tag, failure)
    const broken = await against()
    expect(broken.code).toBe(1)
    expect(broken.stdout).toContain('in the registry: 9 matches, 1 unreadable\n')
    expect(broken.stderr).toContain(`${where} cannot be read: KmsError: the key is disabled`)
    world.sandbox.putEcrImage(repository, tag, webhook)
  })

  test('does not find an image that the mirror left out', async () => {
    const excluded = 'docker.io/library/busybox:1.36'
    const mirrored = await desk.mirror(['--prefix', 'most', '--exclude', excluded])
    expect(mirrored.code, mirrored.stderr).toBe(0)
    const { code, stderr } = await against('--prefix', 'most')
    expect(code).toBe(1)
    expect(stderr.match(/^error: .*$/gm)).toEqual([
      expect.stringContaining(
        `web (default): "${world.registry}/most/mirrored/${excluded}" at Deployment/web`,
      ),
    ])
  })

  test('accepts an image without a locked digest, but fails with --strict', async () => {
    const unlocked = await openDesk(world, list, 'unlocked')
    expect((await unlocked.regenerate()).code).toBe(0)
    const lenient = await unlocked.verify(['--against-registry'])
    expect(lenient.code, lenient.stderr).toBe(0)
    expect(lenient.stdout).toContain('in the registry: 10 exists, not compared\n')
    const strict = await unlocked.verify(['--against-registry', '--strict'])
    expect(strict.code).toBe(1)
    expect(strict.stderr.match(/status in the registry: exists, not compared/g)).toHaveLength(10)
  })

  test('finds all images missing under a prefix without mirrored images', async () => {
    const { code, stdout } = await against('--prefix', 'none')
    expect(code).toBe(1)
    expect(stdout).toContain('10 of 10 references private; in the registry: 10 missing\n')
  })
})
