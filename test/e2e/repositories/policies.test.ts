import { afterAll, describe, expect, test } from 'vitest'
import {
  actionsOf,
  isOptional,
  type PolicyName,
  policyNames,
  policyText,
  readPolicy,
} from '../../unit/support/policies.ts'
import { startBootstrap } from '../support/bootstrap/bootstrap.ts'
import { imagePlace } from '../support/stores.ts'
import { startWorld, type World } from '../support/world.ts'

// The AWS calls of commands in the sandbox, compared with the policies in policies/.

/** What IAM calls the requests to a registry's data plane. */
const registryActions: Readonly<Record<string, string | undefined>> = {
  ping: undefined,
  manifestGet: 'ecr:BatchGetImage',
  manifestHead: 'ecr:BatchGetImage',
  manifestPut: 'ecr:PutImage',
  blobHead: 'ecr:BatchCheckLayerAvailability',
  blobGet: 'ecr:GetDownloadUrlForLayer',
  uploadStart: 'ecr:InitiateLayerUpload',
  uploadMount: 'ecr:InitiateLayerUpload',
  uploadPatch: 'ecr:UploadLayerPart',
  uploadPut: 'ecr:CompleteLayerUpload',
}

/** IAM's prefix for the hosts of AWS; those of clusters and of downloads are none of IAM's business. */
const services = [
  [/^sts\./, 'sts'],
  [/^api\.ecr\.|^ecr\..*\.api\.aws$/, 'ecr'],
  [/^api\.ecr-public\./, 'ecr-public'],
  [/^cloudformation\./, 'cloudformation'],
  [/^ec2\./, 'ec2'],
  [/^eks\./, 'eks'],
  [/^monitoring\./, 'cloudwatch'],
  [/\.gr7\..*\.eks\.amazonaws\.com$|^solutions-reference\.s3\./, undefined],
] as const

/** Every action that was needed since the counters were reset, in IAM's spelling. */
function actionsAsked({ sandbox }: Pick<World, 'sandbox'>): string[] {
  const found = Object.entries(sandbox.counters()).flatMap(([host, { operations }]) =>
    Object.keys(operations).flatMap((operation) => {
      if (host === sandbox.registryHost) {
        if (operation in registryActions) return registryActions[operation] ?? []
        throw new Error(`nothing says what IAM calls "${operation}" at a registry`)
      }
      if (!/\.(?:amazonaws\.com|api\.aws)$/.test(host)) return []
      const service = services.find(([pattern]) => pattern.test(host))
      if (service === undefined) throw new Error(`nothing says which service "${host}" is`)
      return service[1] === undefined ? [] : `${service[1]}:${operation}`
    }),
  )
  return [...new Set(found)].toSorted()
}

function allowed(...names: readonly PolicyName[]): Set<string> {
  return actionsOf(names.flatMap((name) => readPolicy(name).Statement))
}

/** Refuses what a policy has in optional statements alone. */
function refuseOptional({ sandbox }: Pick<World, 'sandbox'>, name: PolicyName): void {
  const { Statement } = readPolicy(name)
  const needed = actionsOf(Statement.filter((statement) => !isOptional(statement)))
  const optional = [...actionsOf(Statement)].filter((action) => !needed.has(action))
  const operations = optional
    // The sandbox tells calls apart by their name alone.
    .filter((action) => action !== 'ecr-public:GetAuthorizationToken')
    .map((action) => action.replace(/^.*:/, ''))
  sandbox.setCredentials('denied', operations)
}

const cluster = 'migration-eks-cluster-qa-us-east-2'
const bootstrap = await startBootstrap({ cluster: { name: cluster } })
afterAll(() => bootstrap?.close())

describe.skipIf(bootstrap === undefined)('a bootstrap makes only allowed requests', () => {
  if (bootstrap === undefined) return
  const { world, run } = bootstrap
  const publicImages = ['--ignore-checks', '--upgrade']
  const deploys = ['--deploy-create-vpc-cfn', '--stack-name', 'MA-Qa', '--stage', 'qa']

  test('when it deploys, mirrors and installs', async () => {
    world.sandbox.resetCounters()
    const listed = await run(['--deploy-import-vpc-cfn', '--stack-name', 'MA-Qa'])
    expect(listed.code, listed.stderr).toBe(2)
    // The second time there is a stack to update, and an administrator already.
    for (const _ of ['made', 'left']) {
      const { code, stderr } = await run([
        ...deploys,
        '--push-all-images-to-private-ecr',
        '--eks-access-principal-arn',
        `arn:aws:iam::${bootstrap.moto.account}:role/Admin`,
        '--disable-general-purpose-pool',
      ])
      expect(code, stderr).toBe(0)
    }
    const asked = actionsAsked(world)
    expect(asked.filter((action) => !allowed('bootstrap', 'mirror').has(action))).toEqual([])
    expect([...allowed('bootstrap')].filter((action) => !asked.includes(action))).toEqual([
      's3:GetObject',
      'iam:PassRole',
      // Builds of images read what they have pushed before.
      'ecr:GetDownloadUrlForLayer',
    ])
  })

  test('when it mirrors nothing, by its own policy without the optional statements', async () => {
    // The first run has switched the node pool off; switching it on would take more.
    const nodePools = ['system', 'general-purpose']
    world.sandbox.setCluster(cluster, { computeConfig: { enabled: true, nodePools } })
    world.sandbox.resetCounters()
    refuseOptional(world, 'bootstrap')
    const { code, stderr } = await run(['--skip-cfn-deploy', '--stage', 'qa', ...publicImages])
    world.sandbox.setCredentials('ok')
    expect(code, stderr).toBe(0)
    const asked = actionsAsked(world)
    expect(asked.filter((action) => !allowed('bootstrap').has(action))).toEqual([])
  })
})

describe.skipIf(bootstrap === undefined)('IAM, as moto simulates it', () => {
  const create = async (name: string, document: string) => {
    const answer = await fetch(bootstrap?.moto.url ?? '', {
      method: 'POST',
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request',
      },
      body: new URLSearchParams({
        Action: 'CreatePolicy',
        Version: '2010-05-08',
        PolicyName: name,
        PolicyDocument: document,
      }),
    })
    return { status: answer.status, text: await answer.text() }
  }

  test.each(policyNames)('takes the policy "%s"', async (name) => {
    const { status, text } = await create(name, policyText(name))
    expect(status, text).toBe(200)
  })

  test('rejects one with an unknown partition', async () => {
    const document = policyText('cleanup').replace('arn:aws:', 'arn:aws-moon:')
    const { status, text } = await create('moon', document)
    expect(status).toBe(400)
    expect(text).toContain('aws-moon')
  })
})

describe('a mirror and a clean-up make only allowed requests', () => {
  const images = ['quay.io/argoproj/argocli:v3.7.9', 'docker.io/amazon/aws-cli:2.25.11']

  test('with all flags of a mirror', async () => {
    const world = await startWorld({
      charts: ['argo-workflows', 'opentelemetry-operator'],
      sandbox: { ecr: { pullThrough: { quay: 'quay.io' } } },
    })
    try {
      const policy = await world.write('policy.json', '{"Version":"2012-10-17","Statement":[]}')
      const lifecycle = await world.write('lifecycle.json', '{"rules":[]}')
      const settings = ['--repo-policy', policy, '--repo-lifecycle-policy', lifecycle]
      settings.push('--repo-scan-on-push', '--repo-tag', 'a=b')
      const runs = [
        ['--repo-mutability', 'immutable', '--pull-through', 'quay.io=quay'],
        ['--existing', 'overwrite', '--replace-immutable', '--mount', 'on'],
        ['--update-repositories', '--repo-mutability', 'mutable', ...settings],
      ]
      for (const flags of runs) {
        const { code, stderr } = await world.mirror(flags)
        expect(code, stderr).toBe(0)
        world.sandbox.replaceUpstream('quay.io/argoproj/argocli:v3.7.8')
      }
      const { repository, tag } = imagePlace('quay.io/argoproj/argocli:v3.7.8')
      world.sandbox.archiveEcrImage(repository, tag)
      const restored = await world.mirror(['--on-archived', 'restore'])
      expect(restored.code, restored.stderr).toBe(0)
      const asked = actionsAsked(world)
      expect(asked.filter((action) => !allowed('mirror').has(action))).toEqual([])
      expect([...allowed('mirror')].filter((action) => !asked.includes(action))).toEqual([
        'sts:GetServiceBearerToken',
        'ecr:BatchImportUpstreamImage',
      ])
    } finally {
      await world.close()
    }
  })

  test('and works without optional statements', async () => {
    const world = await startWorld({ images })
    try {
      refuseOptional(world, 'mirror')
      const mirrored = await world.mirror()
      expect(mirrored.code, mirrored.stderr).toBe(0)
      world.sandbox.setCredentials('ok')
      world.sandbox.resetCounters()
      const cleaned = await world.script('cleanup-ecr.ts', ['--confirm'])
      expect(cleaned.code, cleaned.stderr).toBe(0)
      expect(world.sandbox.ecrRepositories()).toEqual([])
      expect(actionsAsked(world)).toEqual([...allowed('cleanup')].toSorted())
    } finally {
      await world.close()
    }
  })
})
