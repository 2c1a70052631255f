import { readFile } from 'node:fs/promises'
import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import { describe, expect } from 'vitest'
import { images, kubectl, operator } from '../support/images.ts'
import { ecrClient, writeDockerConfig } from '../support/bootstrap/login.ts'
import { faultOfCopy, faultsOfCopies, imagePlace, writes } from '../support/stores.ts'
import { type RunSettings, test, type World } from '../support/world.ts'

// Access rights: other accounts' registries, credentials, permissions, logins to sources.

interface Refusal {
  readonly what: string
  readonly code: 2 | 3
  readonly says: readonly RegExp[]
  readonly next: RegExp
  readonly prepare?: (world: World) => void
  readonly settings?: RunSettings
  readonly args?: (world: World) => readonly string[]
}

const noKeys = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }

const refusals: readonly Refusal[] = [
  {
    what: 'a registry of another region',
    code: 2,
    says: [/is in region "us-east-2", but the region given is "eu-west-1"/],
    next: /→ omit --region, or use --region us-east-2/,
    args: () => ['--region', 'eu-west-1'],
  },
  {
    what: 'expired credentials',
    code: 3,
    says: [/sts:GetCallerIdentity: The security token included in the request is expired/],
    next: /→ renew the AWS credentials/,
    prepare: ({ sandbox }) => sandbox.setCredentials('expired'),
  },
  {
    what: 'credentials that AWS does not know',
    code: 3,
    says: [/sts:GetCallerIdentity: The security token included in the request is invalid/],
    next: /→ provide credentials with AWS_PROFILE/,
    prepare: ({ sandbox }) => sandbox.setCredentials('missing'),
  },
  {
    what: 'no credentials at all',
    code: 3,
    says: [/sts:GetCallerIdentity: Could not load credentials/],
    next: /→ provide credentials with AWS_PROFILE/,
    settings: { env: noKeys },
  },
  {
    what: 'credentials that expire between two calls',
    code: 3,
    says: [/ecr:DescribeRepositories: .*expired/],
    next: /→ renew the AWS credentials/,
    prepare: ({ sandbox }) => sandbox.setCredentials('expired', ['DescribeRepositories']),
  },
  {
    what: 'a principal without ecr:DescribeRepositories',
    code: 3,
    says: [/ecr:DescribeRepositories: .*not authorized to perform: ecr:DescribeRepositories/],
    next: /→ allow ecr:DescribeRepositories for this principal/,
    prepare: ({ sandbox }) => sandbox.setCredentials('denied', ['DescribeRepositories']),
  },
  {
    what: 'a principal without ecr:BatchGetImage',
    code: 3,
    says: [/ecr:BatchGetImage: .*not authorized to perform: ecr:BatchGetImage/],
    next: /→ allow ecr:BatchGetImage for this principal/,
    prepare({ sandbox }) {
      sandbox.createEcrRepository(imagePlace(operator).repository)
      sandbox.setCredentials('denied', ['BatchGetImage'])
    },
  },
]

describe.concurrent('rejects before any change', () => {
  const cases = refusals.map((refusal) => [refusal.what, refusal] as const)
  test.for(cases)('%s', async ([, refusal], { world: make }) => {
    const world = await make({ images })
    refusal.prepare?.(world)
    const { code, stderr, stdout } = await world.mirror(
      refusal.args?.(world) ?? [],
      refusal.settings,
    )
    expect(code, stderr).toBe(refusal.code)
    for (const words of [...refusal.says, refusal.next]) expect(stderr).toMatch(words)
    expect(stderr.match(/^error:/gm)).toHaveLength(1)
    expect(stderr.includes('nothing was changed')).toBe(refusal.code === 3)
    expect(stderr).not.toMatch(/this is a bug/)
    expect(stdout).toBe('')
    expect(writes(world.sandbox)).toBe(0)
    expect(await world.leftovers()).toEqual([])
  })
})

describe.concurrent('continues as far as its permissions allow', () => {
  test('copies into existing repositories if it may not create any', async ({ world: make }) => {
    const world = await make({ images })
    world.sandbox.createEcrRepository(imagePlace(operator).repository)
    world.sandbox.setCredentials('denied', ['CreateRepository'])
    const { code, stderr, stdout } = await world.mirror()
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(/error: .*not authorized to perform: ecr:CreateRepository/)
    expect(stderr).toMatch(/→ allow ecr:CreateRepository for this principal/)
    expect(stdout).toContain('1 of 2 items needs attention')
    expect(faultOfCopy(world.sandbox, operator)).toBeUndefined()
    expect(faultOfCopy(world.sandbox, kubectl)).toContain('is missing')

    world.sandbox.setCredentials('ok')
    expect((await world.mirror()).code).toBe(0)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
  })

  test('says which permission a push lacks', async ({ world: make }) => {
    const world = await make({ images })
    world.sandbox.addFault({
      host: world.registry,
      path: /strimzi/,
      operation: 'manifestPut',
      effect: denied,
    })
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(/error: quay\.io\/strimzi\/operator:0\.47\.0: .*not authorized/)
    expect(stderr).toMatch(/→ allow .*ecr:PutImage|→ allow ecr:InitiateLayerUpload, .*PutImage/)
    expect(faultOfCopy(world.sandbox, kubectl)).toBeUndefined()
  })

  test('renews a registry token that expires during a run, once for all copies', async ({
    world: make,
  }) => {
    const world = await make({ charts: ['kyverno', 'cert-manager'] })
    const running = world.startMirror(['--concurrency', '4'])
    await running.saw(/\] copied /)
    world.sandbox.expireTokens()
    const { code, stderr } = await running.result
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/retry now: /)
    const { operations: asked } = world.sandbox.counters()['api.ecr.us-east-2.amazonaws.com'] ?? {}
    expect(asked?.['GetAuthorizationToken']).toBe(2)
    const references = world.manifest.images.map(({ reference }) => reference)
    expect(faultsOfCopies(world.sandbox, references)).toEqual([])
  })

  test('uses a given password, and does not request one from AWS', async ({ world: make }) => {
    const world = await make({ images: [kubectl] })
    const client = ecrClient(world)
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}))
    client.destroy()
    const [, password = ''] = atob(authorizationData?.[0]?.authorizationToken ?? '').split(':')
    world.sandbox.setCredentials('denied', ['GetAuthorizationToken'])
    const { code, stdout, stderr } = await world.mirror(['--verbose'], {
      env: { ECR_PRIVATE_PASSWORD: password },
    })
    expect(code, stderr).toBe(0)
    expect(faultOfCopy(world.sandbox, kubectl)).toBeUndefined()
    expect(stdout + stderr).not.toContain(password)
  })

  test('reads public.ecr.aws anonymously, and reports it, if a login is denied', async ({
    world: make,
  }) => {
    const collector = 'public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3'
    const world = await make({ images: [collector, kubectl] })
    world.sandbox.addFault({
      host: 'api.ecr-public.us-east-1.amazonaws.com',
      effect: {
        status: 400,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify({ __type: 'AccessDeniedException', message: 'you may not' }),
      },
    })
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(
      /^! reading public\.ecr\.aws anonymously, at one image per second: ecr-public:GetAuthorizationToken: you may not/m,
    )
    expect(faultsOfCopies(world.sandbox, [collector, kubectl])).toEqual([])
  })

  test('logs in to public.ecr.aws if that raises the limit', async ({ world: make }) => {
    const collector = 'public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3'
    const world = await make({ images: [collector] })
    // Anonymous pulls would get nothing at all.
    world.sandbox.setLimits({ ecrPublicAnonymous: 0 })
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    expect(stderr).not.toContain('anonymously')
    expect(faultOfCopy(world.sandbox, collector)).toBeUndefined()
  })
})

describe.concurrent('Docker Hub', () => {
  const busybox = 'docker.io/library/busybox:1.35'
  const login = { DOCKERHUB_USERNAME: 'someone', DOCKERHUB_TOKEN: 'a-hub-secret' }

  test('is read with the given credentials, which appear nowhere', async ({ world: make }) => {
    const world = await make({ images: [busybox], sandbox: { limits: { dockerHubPulls: 0 } } })
    const { code, stdout, stderr } = await world.mirror(['--verbose', '--output', 'json'], {
      env: login,
    })
    expect(code, stderr).toBe(0)
    expect(faultOfCopy(world.sandbox, busybox)).toBeUndefined()
    const { AWS_SECRET_ACCESS_KEY: key = 'unset' } = world.env
    for (const secret of ['a-hub-secret', btoa('someone:a-hub-secret'), key]) {
      expect(stdout + stderr).not.toContain(secret)
    }
  })

  test('suggests credentials when the quota is used up', async ({ world: make }) => {
    const world = await make({
      images: [busybox, kubectl],
      sandbox: { limits: { dockerHubPulls: 0 } },
    })
    const { code, stderr } = await world.mirror(['--no-check'])
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(/error: docker\.io\/library\/busybox:1\.35: .*TOOMANYREQUESTS/)
    expect(stderr).toMatch(/→ .*DOCKERHUB_USERNAME and DOCKERHUB_TOKEN/)
    expect(faultOfCopy(world.sandbox, kubectl)).toBeUndefined()
  })

  test('names the credentials when they are wrong', async ({ world: make }) => {
    const world = await make({ images: [busybox] })
    const { code, stderr } = await world.mirror([], {
      env: { ...login, DOCKERHUB_TOKEN: 'wrong' },
    })
    expect(code, stderr).toBe(3)
    expect(stderr).toMatch(
      /error: image "docker\.io\/library\/busybox:1\.35": .*incorrect username/,
    )
    expect(stderr).toMatch(/→ .*DOCKERHUB_USERNAME and DOCKERHUB_TOKEN/)
    expect(writes(world.sandbox)).toBe(0)
  })

  test('is read anonymously, which is reported, if half of the credentials is missing', async ({
    world: make,
  }) => {
    const world = await make({ images: [busybox] })
    const { code, stderr } = await world.mirror([], { env: { DOCKERHUB_USERNAME: 'someone' } })
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^! reading Docker Hub anonymously: only one of .* is set/m)
  })
})

test("neither reads nor changes the user's own docker configuration", async ({ world: make }) => {
  const world = await make({ images })
  const wrong = { auth: btoa('AWS:wrong') }
  const file = await writeDockerConfig(world, {
    auths: { [world.registry]: wrong, 'quay.io': wrong },
    credsStore: 'does-not-exist',
  })
  const before = await readFile(file, 'utf8')
  const { code, stderr } = await world.mirror([], {
    env: { DOCKER_CONFIG: undefined, HELM_REGISTRY_CONFIG: '/nowhere' },
  })
  expect(code, stderr).toBe(0)
  expect(await readFile(file, 'utf8')).toBe(before)
})

const denied = {
  status: 403,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    errors: [{ code: 'DENIED', message: 'User: x is not authorized to perform: ecr:PutImage' }],
  }),
} as const
