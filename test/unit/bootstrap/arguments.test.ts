import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { checkFlags } from '../../../scripts/lib/bootstrap/arguments.ts'
import { endpointTokens } from '../../../scripts/lib/bootstrap/application/endpoint-tokens.ts'
import { problemsOfError } from '../../../scripts/lib/model/problem.ts'
import { parseBootstrap } from '../support/bootstrap.ts'

const create = '--deploy-create-vpc-cfn --stack-name MA'
const imported =
  '--deploy-import-vpc-cfn --stack-name MA --vpc-id vpc-0a1 --subnet-ids subnet-0a,subnet-0b'
const skip = '--skip-cfn-deploy'

/** The messages of problems with their advice, or nothing; from the parser or, behind it, from the judgement. */
async function faultsOf(line: string): Promise<string> {
  const problems = await parseBootstrap(line).then(
    (flags) => {
      const judged = checkFlags(flags)
      return 'problems' in judged ? judged.problems : []
    },
    (error: unknown) => (error instanceof CommanderError ? [error] : problemsOfError(error)),
  )
  return problems
    .map((problem) => `${problem.message} → ${'next' in problem ? (problem.next ?? '') : ''}`)
    .join('\n')
}

describe('Flags that are refused before anything is touched', () => {
  const cases: readonly (readonly [name: string, line: string, expected: RegExp])[] = [
    [
      'no way to deploy: all three are explained',
      '',
      /no deployment mode given → [\s\S]*--deploy-create-vpc-cfn [\s\S]*--deploy-import-vpc-cfn [\s\S]*--skip-cfn-deploy/,
    ],
    ['two ways to deploy', `${create} ${skip}`, /cannot be combined/],
    [
      'three ways to deploy',
      '--deploy-create-vpc-cfn --deploy-import-vpc-cfn --skip-cfn-deploy --stack-name MA',
      /--deploy-create-vpc-cfn and --deploy-import-vpc-cfn and --skip-cfn-deploy cannot be combined/,
    ],
    [
      'a deployment without the stack’s name',
      '--deploy-create-vpc-cfn',
      /requires --stack-name → add --stack-name/,
    ],
    ['an import without the stack’s name', '--deploy-import-vpc-cfn', /requires --stack-name/],
    [
      'a stack’s name without a deployment',
      `${skip} --stack-name MA`,
      /--stack-name has no effect/,
    ],
    [
      'a VPC without an import',
      `${create} --vpc-id vpc-0a1`,
      /--vpc-id has no effect without --deploy-import-vpc-cfn/,
    ],
    ['subnets without an import', `${skip} --subnet-ids subnet-0a`, /--subnet-ids has no effect/],
    [
      'endpoints without an import',
      `${create} --create-vpc-endpoints`,
      /--create-vpc-endpoints has no effect/,
    ],
    [
      'an unknown endpoint: the valid ones are listed',
      `${imported} --create-vpc-endpoints s3,sqs`,
      /cannot create "sqs".*→ use one or more of s3, ecr, ecrDocker, cloudwatchLogs, efs, sts, eksAuth, monitoring/,
    ],
    ['an endpoint in other letters', `${imported} --create-vpc-endpoints S3`, /cannot create "S3"/],
    [
      'a build of templates without a deployment',
      `${skip} --build-cfn --version 2.6.4`,
      /--build-cfn has no effect/,
    ],
    [
      'one of three builds without a release for the rest',
      `${create} --build-images`,
      /not built with --build-images.*→ add --version for the parts that --build-cfn and --build-chart-and-dashboards/,
    ],
    [
      'two of three builds without a release',
      `${create} --build-cfn --build-images`,
      /not built with --build-cfn and --build-images/,
    ],
    [
      'two places for the chart',
      `${skip} --version 1 --build-chart-and-dashboards --ma-chart-dir x`,
      /'--build-chart-and-dashboards' cannot be used with option '--ma-chart-dir <path>'/,
    ],
    ['a checkout without a build', `${skip} --base-dir .`, /--base-dir has no effect/],
    [
      '--allow-unproven without a mirror',
      `${skip} --allow-unproven`,
      /--allow-unproven has no effect/,
    ],
    ['--manifest without a mirror', `${skip} --manifest m.ts`, /--manifest has no effect/],
    [
      'flags about copies and repositories without a mirror, in one line',
      `${skip} --concurrency 3 --repo-tag a=b --prefix x --no-check`,
      /^--prefix, --no-check, --concurrency, --repo-tag have no effect without --push-all/,
    ],
    [
      'a VPC that is none',
      '--deploy-import-vpc-cfn --stack-name MA --vpc-id subnet-1',
      /--vpc-id "subnet-1"/,
    ],
    ['subnets that are none', `${imported},vpc-1`, /--subnet-ids: "vpc-1" is not a subnet ID/],
    [
      'a stack’s name that CloudFormation refuses',
      '--deploy-create-vpc-cfn --stack-name 1st',
      /--stack-name "1st"/,
    ],
    ['a namespace that Kubernetes refuses', `${skip} --namespace My_NS`, /--namespace "My_NS"/],
    [
      'a namespace that is too long for helm',
      `${skip} --namespace ${'a'.repeat(54)}`,
      /--namespace "a{54}"/,
    ],
    ['a stage with a space', `${skip} --stage=de;v`, /--stage "de;v"/],
    ['a stage that is a path', `${skip} --stage ../..`, /--stage "..\/.."/],
    ['a stage in capitals', `${skip} --stage DEV`, /--stage "DEV"/],
    [
      'a principal that is no ARN',
      `${skip} --eks-access-principal-arn admin`,
      /--eks-access-principal-arn "admin"/,
    ],
    ['a version that is a path', `${skip} --version ../x`, /--version "..\/x"/],
  ]
  it.each(cases)('%s', async (_, line, expected) => {
    expect(await faultsOf(line)).toMatch(expected)
  })

  it('names everything that is wrong at once', async () => {
    const lonely = await faultsOf('--vpc-id x --create-vpc-endpoints sqs --base-dir . --mount on')
    expect(lonely.split('\n')).toHaveLength(3)
    const odd = '--vpc-id x --stage de;v --namespace A --create-vpc-endpoints sqs'
    expect((await faultsOf(`--deploy-import-vpc-cfn ${odd}`)).split('\n')).toHaveLength(5)
  })
})

describe('Flags that are accepted', () => {
  const cases: readonly (readonly [name: string, line: string, expected: object])[] = [
    ['create-VPC', create, { deploy: { kind: 'create-vpc', stackName: 'MA' }, mirror: false }],
    [
      'import-VPC',
      imported,
      {
        deploy: {
          kind: 'import-vpc',
          stackName: 'MA',
          vpc: 'vpc-0a1',
          subnets: ['subnet-0a', 'subnet-0b'],
          endpoints: [],
        },
      },
    ],
    ['skip-CFN', skip, { deploy: { kind: 'skip' } }],
    [
      'all endpoints, by no argument',
      `${imported} --create-vpc-endpoints`,
      { deploy: { endpoints: endpointTokens } },
    ],
    [
      'all endpoints, by their name',
      `${imported} --create-vpc-endpoints all`,
      { deploy: { endpoints: endpointTokens } },
    ],
    [
      'some endpoints, each once',
      `${imported} --create-vpc-endpoints ecr,s3,ecr`,
      { deploy: { endpoints: ['ecr', 's3'] } },
    ],
    ['a mirror', `${skip} --push-all-images-to-private-ecr --allow-unproven`, { mirror: true }],
    [
      'all three builds, no release needed',
      `${create} --build-cfn --build-images --build-chart-and-dashboards`,
      { build: { cfn: true, images: true, chart: true } },
    ],
    [
      'a part of the builds with a release',
      `${skip} --build-chart-and-dashboards --version 2.6.4`,
      { build: { chart: true, images: false } },
    ],
    [
      'principals of other partitions',
      `${skip} --eks-access-principal-arn arn:aws-us-gov:iam::123456789012:role/Admin`,
      {},
    ],
    [
      'the reference’s example',
      `--deploy-import-vpc-cfn --push-all-images-to-private-ecr --create-vpc-endpoints --build-chart-and-dashboards --stack-name MA-Prod --stage prod --vpc-id vpc-0a --subnet-ids subnet-0a,subnet-0b --region us-east-2 --version 2.6.4`,
      { mirror: true, deploy: { stackName: 'MA-Prod' } },
    ],
  ]
  it.each(cases)('%s', async (_, line, expected) => {
    expect(await faultsOf(line)).toBe('')
    const judged = checkFlags(await parseBootstrap(line))
    expect('request' in judged && judged.request).toMatchObject(expected)
  })

  it.each([
    ['its VPC', '--deploy-import-vpc-cfn --stack-name MA', { lacks: 'vpc' }],
    [
      'its subnets',
      '--deploy-import-vpc-cfn --stack-name MA --vpc-id vpc-0a',
      { lacks: 'subnets', vpc: 'vpc-0a' },
    ],
    [
      'its VPC, though subnets are named',
      '--deploy-import-vpc-cfn --stack-name MA --subnet-ids subnet-0a',
      { lacks: 'vpc' },
    ],
  ] as const)('an import without %s asks for a listing', async (_, line, incomplete) => {
    expect(checkFlags(await parseBootstrap(line))).toMatchObject({ incomplete })
  })
})
