import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  dashboardName,
  dashboards,
} from '../../../scripts/lib/bootstrap/application/dashboard-text.ts'
import { placeSelection } from '../../../scripts/lib/mirror/plan/placement.ts'
import { unwrap } from '../../../scripts/lib/model/problem.ts'
import { ownTag } from '../../../scripts/lib/model/repository/settings.ts'
import { loadManifest } from '../../../scripts/lib/sources/manifest/file.ts'
import {
  actionsOf,
  covers,
  dataPlane,
  importedCalls,
  namedCalls,
  type PolicyName,
  policyNames,
  policyTemplate,
  policyText,
  projectFolder,
  reachableCalls,
  reachableFiles,
  readPolicy,
  sorted,
  type Statement,
  without,
} from '../support/policies.ts'

// The policies in policies/, against what the code calls.

/** A mirror reaches the file with this call, and never makes it. */
const neverMirrored = ['ecr:DeleteRepository']

/** The calls of each command. */
const mirrorCalls = without(reachableCalls('scripts/mirror-to-ecr.ts'), neverMirrored)
const bootstrapCalls = without(reachableCalls('bootstrap.ts'), neverMirrored)
// Of a mirror's files the clean-up needs a part only; its end-to-end test knows no others.
const cleanupCalls = new Set([
  'ecr:DeleteRepository',
  'ecr:DescribeRepositories',
  'ecr:ListTagsForResource',
  'sts:GetCallerIdentity',
])

/** Actions that no call of the code is named after, and what asks for them. */
const implied: Readonly<Record<PolicyName, readonly string[]>> = {
  mirror: [
    ...dataPlane,
    // ECR itself fetches what a pull-through cache rule leads to, with the rights of whoever pulls.
    'ecr:BatchImportUpstreamImage',
    // A token of ECR Public is one of STS's.
    'sts:GetServiceBearerToken',
  ],
  bootstrap: [
    ...dataPlane,
    // EKS wants to be told the role of the nodes again, which counts as handing it on.
    'iam:PassRole',
    // CloudFormation reads a template from S3 with the rights of its caller.
    's3:GetObject',
  ],
  cleanup: [],
}

describe.each(policyNames)('the policy "%s"', (name) => {
  const { Statement: statements } = readPolicy(name)

  test('says what each statement is for, under a name of its own', () => {
    const names = statements.map(({ Sid }) => Sid)
    expect(new Set(names).size).toBe(names.length)
  })

  test('names every action, by no pattern', () => {
    for (const action of actionsOf(statements)) expect(action).toMatch(/^[a-z0-9-]+:[A-Z]\w+$/)
  })

  test('names resources of one partition, region and account, and everything only where IAM knows no less', () => {
    for (const { Resource, Action } of statements) {
      for (const resource of Resource) {
        if (resource === '*') expect(unbounded).toEqual(expect.arrayContaining(Action))
        else expect(resource).toMatch(scopeOf(resource))
      }
    }
  })

  test('has the placeholders that the command fills in, and no other', () => {
    const known = 'partition region account suffix prefix stack cluster node-role'.split(' ')
    const used = [...policyTemplate(name).matchAll(/<([^>]*)>/g)].map(([, key]) => key)
    expect(used.filter((key) => key === undefined || !known.includes(key))).toEqual([])
    expect(policyTemplate(name)).not.toMatch(/arn:\*|:\*:/)
    expect(policyText(name)).not.toMatch(/[<>]/)
  })

  test('fits into a managed policy', () => {
    expect(policyText(name).replaceAll(/\s/g, '').length).toBeLessThanOrEqual(6144)
  })
})

/** What an ARN of a service has to name: all that the registry says of its place. */
function scopeOf(resource: string): RegExp {
  const [, , service = ''] = resource.split(':')
  const [region, account] = ['us-east-2', '123456789012']
  const places: Readonly<Record<string, string>> = {
    // Of no region, or of no account either.
    iam: `:${account}`,
    cloudwatch: `:${account}`,
    s3: ':',
  }
  return new RegExp(`^arn:aws:${service}:${places[service] ?? `${region}:${account}`}:\\S+$`)
}

/** Actions for which IAM has no resources, or none that is known before the call. */
const unbounded = [
  'cloudformation:GetTemplateSummary',
  'cloudformation:ListExports',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcEndpoints',
  'ec2:DescribeVpcs',
  'ecr-public:GetAuthorizationToken',
  'ecr:DescribeRepositoryCreationTemplates',
  'ecr:GetAccountSetting',
  'ecr:GetAuthorizationToken',
  'sts:GetCallerIdentity',
  'sts:GetServiceBearerToken',
]

describe('the calls of the code', () => {
  const sources = readdirSync(join(projectFolder, 'scripts/lib'), {
    recursive: true,
    encoding: 'utf8',
  })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({
      file: `scripts/lib/${file}`,
      source: readFileSync(join(projectFolder, 'scripts/lib', file), 'utf8'),
    }))

  test('are all made in one room', () => {
    const callers = sources.filter(({ source }) => importedCalls(source).size > 0)
    expect(callers.length).toBeGreaterThan(0)
    for (const { file } of callers) expect(file).toMatch(/^scripts\/lib\/aws\//)
  })

  test.each(sources.filter(({ file }) => file.startsWith('scripts/lib/aws/')))(
    'bear their names in $file',
    ({ file, source }) => {
      // It signs the call, and leaves the making to the cluster.
      const signed = file.endsWith('/cluster/token.ts') ? ['sts:GetCallerIdentity'] : []
      expect(sorted(namedCalls(source))).toEqual(sorted([...importedCalls(source), ...signed]))
    },
  )

  test('are found however they are imported', () => {
    const source = `
import { ECRClient, PutImageCommand, paginateListImages, type Tag } from '@aws-sdk/client-ecr'
import type { DeleteStackCommand } from '@aws-sdk/client-cloudformation'
await import('@aws-sdk/client-sts')
callAws('ecr:PutImage', () => "not 'quoted:Text'")
`
    expect(sorted(importedCalls(source))).toEqual(['ecr:ListImages', 'ecr:PutImage'])
    expect(sorted(namedCalls(source))).toEqual(['ecr:PutImage'])
    expect(() => importedCalls("import { X } from '@aws-sdk/client-s3'")).toThrow(/client-s3/)
  })

  test('are followed through the imports of an entry', () => {
    const reached = [...reachableFiles(join(projectFolder, 'scripts/mirror-to-ecr.ts'))]
    const rooms = new Set(reached.map((file) => file.replace(/^.*\/lib\//, '').split('/')[0]))
    expect(rooms).toContain('aws')
    expect(reached.filter((file) => /\/lib\/bootstrap\//.test(file))).toEqual([])
    expect(sorted(reachableCalls('bootstrap.ts'))).toEqual(
      expect.arrayContaining(sorted(reachableCalls('scripts/mirror-to-ecr.ts'))),
    )
  })
})

describe('what is allowed', () => {
  test('is for a mirror what it calls, and no more', () => {
    expect(sorted(actionsOf(readPolicy('mirror').Statement))).toEqual(
      sorted([...mirrorCalls, ...implied.mirror]),
    )
  })

  test('is for a bootstrap, with the policy of a mirror beside it, what it calls', () => {
    const own = actionsOf(readPolicy('bootstrap').Statement)
    const both = new Set([...own, ...actionsOf(readPolicy('mirror').Statement)])
    expect(sorted(without(bootstrapCalls, both))).toEqual([])
    expect(sorted(without(own, [...bootstrapCalls, ...implied.bootstrap]))).toEqual([])
    // What no mirror calls has to be in the file of its own.
    expect(sorted(without(without(bootstrapCalls, mirrorCalls), own))).toEqual([])
  })

  test('is for a clean-up what it calls, and no more', () => {
    expect(sorted(without(cleanupCalls, reachableCalls('scripts/cleanup-ecr.ts')))).toEqual([])
    expect(sorted(actionsOf(readPolicy('cleanup').Statement))).toEqual(sorted(cleanupCalls))
  })

  test('covers the calls of sync-addons, too, whose repositories lie elsewhere', () => {
    const calls = without(reachableCalls('scripts/sync-addons.ts'), neverMirrored)
    expect(sorted(without(calls, mirrorCalls))).toEqual([])
  })

  test('reaches every place of the manifest', async () => {
    const manifest = await loadManifest()
    const placed = unwrap(placeSelection(manifest, manifest))
    const pushes = statement('mirror', 'PushAndReadBack')
    const creates = statement('mirror', 'CreateRepositoriesThatBearTheTag')
    for (const { place } of placed) {
      const arn = `arn:aws:ecr:us-east-2:123456789012:repository/${place.repository}`
      expect(covers(pushes, arn), arn).toBe(true)
      expect(covers(creates, arn), arn).toBe(true)
    }
    expect(covers(pushes, 'arn:aws:ecr:us-east-2:123456789012:repository/shop')).toBe(false)
  })

  test('reaches the dashboards', () => {
    const china = '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn'
    const facts = { region: 'cn-north-1', account: '123456789012', stage: 'dev', qualifier: '' }
    for (const { name } of dashboards) {
      const arn = `arn:aws-cn:cloudwatch::123456789012:dashboard/${dashboardName(name, facts)}`
      expect(covers(statement('bootstrap', 'PutDashboards', china), arn)).toBe(true)
    }
  })

  test('lets nobody delete what does not bear the tag, and a clean-up alone delete at all', () => {
    const deletes = policyNames.flatMap((name) =>
      readPolicy(name).Statement.filter(({ Action }) =>
        Action.some((action) => /:Delete(?!Image)/.test(action)),
      ),
    )
    expect(deletes.map(({ Sid }) => Sid)).toEqual(['DeleteRepositoriesThatBearTheTag'])
    expect(deletes[0]?.Condition).toEqual({
      StringEquals: { [`aws:ResourceTag/${ownTag.key}`]: ownTag.value },
    })
  })

  test('gives the tag to new repositories, and to no others by the way', () => {
    const key = `aws:RequestTag/${ownTag.key}`
    expect(statement('mirror', 'CreateRepositoriesThatBearTheTag').Condition).toEqual({
      StringEquals: { [key]: ownTag.value },
    })
    expect(statement('mirror', 'OptionalGiveOtherTagsToRepositories').Condition).toEqual({
      StringEquals: { [`aws:ResourceTag/${ownTag.key}`]: ownTag.value },
      Null: { [key]: 'true' },
    })
  })

  test('changes and deletes repositories of the layouts alone', () => {
    const [images, charts] = ['mirrored', 'charts'].map(
      (root) => `arn:aws:ecr:us-east-2:123456789012:repository/${root}/*`,
    )
    const reading = /:(?:Describe|Get|List|BatchGet|BatchCheck)/
    const changing = (['mirror', 'cleanup'] as const).flatMap((name) =>
      readPolicy(name).Statement.filter(
        ({ Sid, Action }) =>
          Sid !== 'OptionalReadThroughCacheRules' &&
          Action.some((action) => action.startsWith('ecr:') && !reading.test(action)),
      ),
    )
    expect(changing.length).toBeGreaterThan(4)
    for (const { Resource } of changing) expect(Resource).toEqual([images, charts])
  })

  test('passes the role of the nodes that the stack makes, and to what runs them', () => {
    const passes = statement('bootstrap', 'OptionalHandTheNodesTheirRole')
    expect(passes.Resource).toEqual(['arn:aws:iam::123456789012:role/MA*-*EKSEC2NodeRole*'])
    expect(passes.Condition).toEqual({
      StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'eks.amazonaws.com'] },
    })
    const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
    // As CloudFormation names roles: stack, resource, twelve characters.
    const own = role('MA-Dev-EKSInfraMigrationsEKSEC2NodeRole1A2B3C4D-AbCdEfGhIjKl')
    expect(covers(passes, own)).toBe(true)
    expect(covers(passes, role('Admin'))).toBe(false)
    expect(covers(passes, role('MA-Dev-EKSInfraMigrationsEKSClusterRole1A2B3C4D-AbC'))).toBe(false)
  })

  test('gets bearer tokens for ECR Public alone', () => {
    const tokens = policyNames.flatMap((name) =>
      readPolicy(name).Statement.filter(({ Action }) =>
        Action.includes('sts:GetServiceBearerToken'),
      ),
    )
    expect(tokens).toMatchObject([
      {
        Action: ['sts:GetServiceBearerToken'],
        Condition: { StringEquals: { 'sts:AWSServiceName': 'ecr-public.amazonaws.com' } },
      },
    ])
  })
})

function statement(policy: PolicyName, sid: string, registry?: string): Statement {
  const found = readPolicy(policy, registry).Statement.find(({ Sid }) => Sid === sid)
  if (found === undefined) throw new Error(`"${policy}" has no statement "${sid}"`)
  return found
}
