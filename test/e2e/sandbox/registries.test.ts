import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { CreateRepositoryCommand, DescribeImagesCommand } from '@aws-sdk/client-ecr'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operator } from '../support/images.ts'
import { ecrClient, logIn } from '../support/bootstrap/login.ts'
import { pullWithHelm } from '../support/charts/render.ts'
import { crane, findProgram, helm } from '../support/tools.ts'
import { startWorld, type World } from '../support/world.ts'

// Unmodified common clients against the sandbox alone, without ecr-airlift.
const [skopeo, dockerRegistry, curl] = await Promise.all(
  ['skopeo', 'docker-registry', 'curl'].map(findProgram),
)
let world: World

beforeAll(async () => {
  world = await startWorld()
  await logIn(world)
})
afterAll(() => world.close())

async function must(tool: string, ...args: readonly string[]): Promise<string> {
  const result = await world.tool(tool, ...args)
  expect(result.ok, `${tool} ${args.join(' ')}\n${result.stderr}`).toBe(true)
  return result.stdout.trim()
}

describe('crane', () => {
  test.for([
    operator,
    'docker.io/library/busybox:1.35',
    'ghcr.io/aenix-io/etcd-operator:v0.4.2',
    'public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3',
  ])('reads %s', async (reference) => {
    expect(await must(crane, 'digest', reference)).toBe(world.sandbox.upstreamDigest(reference))
    await must(crane, 'validate', '--remote', reference)
  })

  test('copies an image into a repository that exists, and only there', async () => {
    world.sandbox.createEcrRepository('by/crane')
    await must(crane, 'copy', operator, `${world.registry}/by/crane:1`)
    expect(world.sandbox.ecrImages('by/crane')?.tags).toEqual({
      1: world.sandbox.upstreamDigest(operator),
    })
    const refused = await world.tool(crane, 'copy', operator, `${world.registry}/not/there:1`)
    expect(refused.ok).toBe(false)
    expect(refused.stderr).toMatch(/NAME_UNKNOWN|name unknown|does not exist/)
  })

  test('lists tags and pulls its own pushes', async () => {
    expect(await must(crane, 'ls', `${world.registry}/by/crane`)).toBe('1')
    await must(crane, 'validate', '--remote', `${world.registry}/by/crane:1`)
  })
})

describe('helm', () => {
  test('pulls from HTTP and OCI repositories, pushes to ECR, and pulls that back', async () => {
    const repository = 'https://charts.jetstack.io'
    const http = await pullWithHelm(world, { repository, name: 'cert-manager' }, 'v1.17.2')
    const oci = { oci: 'oci://ghcr.io/aenix-io/charts/etcd-operator' }
    expect((await pullWithHelm(world, oci, '0.4.2')).sha256).toMatch(/^[0-9a-f]{64}$/)

    world.sandbox.createEcrRepository('by/helm/cert-manager')
    await must(helm, 'push', http.file, `oci://${world.registry}/by/helm`)
    const back = { oci: `oci://${world.registry}/by/helm/cert-manager` }
    expect((await pullWithHelm(world, back, 'v1.17.2')).sha256).toBe(http.sha256)
  })

  test('finds the versions of a repository that it has added', async () => {
    await must(helm, 'repo', 'add', 'grafana', 'https://grafana.github.io/helm-charts')
    const found = await must(helm, 'search', 'repo', 'grafana/grafana', '--versions', '-o', 'json')
    expect(JSON.parse(found)).toContainEqual(expect.objectContaining({ version: '8.15.0' }))
  })
})

test.skipIf(curl === undefined)('curl fetches the requested URL, and nothing else', async () => {
  const index = await must('curl', '-fsS', 'https://kyverno.github.io/kyverno/index.yaml')
  expect(index).toContain('version: 3.5.2')
  const stranger = await world.tool('curl', '-fsS', 'https://www.example.com/')
  expect(stranger.ok).toBe(false)
  expect(world.sandbox.refused()).toContain('www.example.com')
})

test('the AWS SDK creates repositories and describes images', async () => {
  const client = ecrClient(world)
  const { repository } = await client.send(
    new CreateRepositoryCommand({ repositoryName: 'by/sdk' }),
  )
  expect(repository?.repositoryUri).toBe(`${world.registry}/by/sdk`)
  const described = client.send(new DescribeImagesCommand({ repositoryName: 'by/crane' }))
  const { imageDetails = [] } = await described
  expect(imageDetails.find(({ imageTags }) => imageTags?.includes('1'))?.imageDigest).toBe(
    world.sandbox.upstreamDigest(operator),
  )
  const again = client.send(new CreateRepositoryCommand({ repositoryName: 'by/sdk' }))
  await expect(again).rejects.toThrow(/already exists/)
  client.destroy()
})

test.skipIf(skopeo === undefined)('skopeo inspects and copies', async () => {
  const inspected = await must('skopeo', 'inspect', '--raw', `docker://${operator}`)
  expect(JSON.parse(inspected)).toHaveProperty('schemaVersion', 2)
  world.sandbox.createEcrRepository('by/skopeo')
  const target = `docker://${world.registry}/by/skopeo:1`
  const policy = await world.write('policy.json', '{"default":[{"type":"insecureAcceptAnything"}]}')
  await must('skopeo', '--policy', policy, 'copy', '--all', `docker://${operator}`, target)
  expect(world.sandbox.ecrImages('by/skopeo')?.tags).toEqual({
    1: world.sandbox.upstreamDigest(operator),
  })
})

describe.skipIf(dockerRegistry === undefined)('an independent registry', () => {
  test.for([operator, 'docker.io/library/busybox:1.35'])('agrees on %s', async (reference) => {
    const port = await freePort()
    const storage = await world.folderOf(`registry-${port}`)
    const config = await world.write(
      `registry-${port}.yml`,
      `version: 0.1\nstorage: { filesystem: { rootdirectory: ${storage} } }\nhttp: { addr: 127.0.0.1:${port} }\n`,
    )
    const server = spawn(dockerRegistry ?? '', ['serve', config], { stdio: 'ignore' })
    try {
      const target = `127.0.0.1:${port}/copied:1`
      await expect
        .poll(async () => (await world.tool(crane, 'catalog', `127.0.0.1:${port}`)).ok, {
          timeout: 20_000,
        })
        .toBe(true)
      await must(crane, 'copy', reference, target)
      expect(await must(crane, 'digest', target)).toBe(world.sandbox.upstreamDigest(reference))
      await must(crane, 'validate', '--remote', target)
      expect(await readFile(join(storage, tagLink), 'utf8')).toBe(
        world.sandbox.upstreamDigest(reference),
      )
    } finally {
      server.kill()
      await once(server, 'exit')
    }
  })
})

const tagLink = 'docker/registry/v2/repositories/copied/_manifests/tags/1/current/link'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}
