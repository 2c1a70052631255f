import { stackKind, stageKind } from '../model/names/aws.ts'
import { namespaceKind, releaseKind } from '../model/names/kubernetes.ts'
import { isOfKind } from '../model/names/text-kind.ts'
import { type Problem, usageProblem } from '../model/problem.ts'
import type { BootstrapFlags } from '../commands/bootstrap.ts'
import { type EndpointToken, parseEndpointTokens } from './application/endpoint-tokens.ts'
import { releaseName } from './application/site.ts'

/** How the infrastructure is deployed. */
export type Deploy =
  | { readonly kind: 'create-vpc'; readonly stackName: string }
  | {
      readonly kind: 'import-vpc'
      readonly stackName: string
      readonly vpc: string
      readonly subnets: readonly string[]
      readonly endpoints: readonly EndpointToken[]
    }
  | { readonly kind: 'skip' }

/** The user's request, after all checks that need only the flags. */
export interface BootstrapRequest {
  readonly deploy: Deploy
  readonly build: { readonly cfn: boolean; readonly images: boolean; readonly chart: boolean }
  readonly mirror: boolean
  readonly flags: BootstrapFlags
}

/** An import without its VPC or subnets: the error lists the existing ones. */
export interface IncompleteImport {
  readonly lacks: 'vpc' | 'subnets'
  readonly vpc: string | undefined
}

export type CheckedFlags =
  | { readonly request: BootstrapRequest }
  | { readonly incomplete: IncompleteImport }
  | { readonly problems: readonly Problem[] }

/** Checks the flags on their own, without reading files or calling AWS. */
export function checkFlags(flags: BootstrapFlags): CheckedFlags {
  const problems = [...deployProblems(flags), ...buildProblems(flags), ...shapeProblems(flags)]
  const endpoints = parseEndpointTokens(flags.createVpcEndpoints)
  if (!endpoints.ok) problems.push(endpoints.problem)
  if (problems.length > 0 || !endpoints.ok) return { problems }
  const { stackName = '', vpcId: vpc, subnetIds: subnets = [] } = flags
  const rest = {
    build: {
      cfn: flags.buildCfn ?? false,
      images: flags.buildImages ?? false,
      chart: flags.buildChartAndDashboards ?? false,
    },
    mirror: flags.pushAllImagesToPrivateEcr ?? false,
    flags,
  }
  if (flags.deployCreateVpcCfn) {
    return { request: { deploy: { kind: 'create-vpc', stackName }, ...rest } }
  }
  if (flags.skipCfnDeploy) return { request: { deploy: { kind: 'skip' }, ...rest } }
  if (vpc === undefined || subnets.length === 0) {
    return { incomplete: { lacks: vpc === undefined ? 'vpc' : 'subnets', vpc } }
  }
  const deploy = {
    kind: 'import-vpc',
    stackName,
    vpc,
    subnets,
    endpoints: endpoints.value,
  } as const
  return { request: { deploy, ...rest } }
}

const modes = `--deploy-create-vpc-cfn  deploy the stack that creates its own VPC
--deploy-import-vpc-cfn  deploy the stack into an existing VPC (--vpc-id, --subnet-ids)
--skip-cfn-deploy        use an existing deployment`

function deployProblems(flags: BootstrapFlags): Problem[] {
  const { deployCreateVpcCfn, deployImportVpcCfn, skipCfnDeploy, stackName } = flags
  const given = [
    ...(deployCreateVpcCfn ? ['--deploy-create-vpc-cfn'] : []),
    ...(deployImportVpcCfn ? ['--deploy-import-vpc-cfn'] : []),
    ...(skipCfnDeploy ? ['--skip-cfn-deploy'] : []),
  ]
  const [mode] = given
  if (mode === undefined) return [usageProblem('no deployment mode given', `add one of\n${modes}`)]
  if (given.length > 1) {
    return [usageProblem(`${given.join(' and ')} cannot be combined`, `use only one of\n${modes}`)]
  }
  if (!skipCfnDeploy && stackName === undefined) {
    return [
      usageProblem(
        `${mode} requires --stack-name`,
        'add --stack-name, for example --stack-name MA',
      ),
    ]
  }
  return []
}

function buildProblems(flags: BootstrapFlags): Problem[] {
  const builds = [
    ['--build-cfn', flags.buildCfn],
    ['--build-images', flags.buildImages],
    ['--build-chart-and-dashboards', flags.buildChartAndDashboards],
  ] as const
  const built = builds.filter(([, isWanted]) => isWanted).map(([flag]) => flag)
  // Without a deployment no template is needed.
  const others = builds
    .filter(([flag, isWanted]) => !isWanted && !(flags.skipCfnDeploy && flag === '--build-cfn'))
    .map(([flag]) => flag)
  const problems: Problem[] = []
  if (built.length > 0 && others.length > 0 && flags.version === undefined) {
    problems.push(
      usageProblem(
        `no release given for the parts not built with ${built.join(' and ')}`,
        `add --version for the parts that ${others.join(' and ')} would build, for example --version 2.6.4 or --version latest`,
      ),
    )
  }
  return problems
}

/** A namespace and a release at once. */
const installationName = { ...namespaceKind, longest: releaseKind.longest }

const shapes = [
  ['vpcId', '--vpc-id', /^vpc-[0-9a-f]+$/, 'vpc-0123456789abcdef0'],
  ['stackName', '--stack-name', stackKind.pattern, stackKind.example, stackKind.longest],
  ['stage', '--stage', stageKind.pattern, stageKind.example, stageKind.longest],
  ['namespace', '--namespace', installationName.pattern, 'ma', installationName.longest],
  [
    'eksAccessPrincipalArn',
    '--eks-access-principal-arn',
    // EKS does not accept the ARN of a session, as printed by "aws sts get-caller-identity".
    /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/\S+$/,
    'arn:aws:iam::123456789012:role/Admin; for a session, use the ARN of its role',
  ],
  ['version', '--version', releaseName, '2.6.4'],
] as const

function shapeProblems(flags: BootstrapFlags): Problem[] {
  const problems = shapes.flatMap(([key, flag, pattern, example, longest = Infinity]) => {
    const value = flags[key]
    if (value === undefined || isOfKind({ pattern, longest }, value)) return []
    return [usageProblem(`invalid ${flag} "${value}"`, `use a value such as ${example}`)]
  })
  const odd = (flags.subnetIds ?? []).filter((id) => !/^subnet-[0-9a-f]+$/.test(id))
  if (odd.length > 0) {
    const named = odd.map((id) => `"${id}"`).join(', ')
    problems.push(
      usageProblem(
        `--subnet-ids: ${named} is not a subnet ID`,
        'use the form subnet-0aaa,subnet-0bbb',
      ),
    )
  }
  return problems
}
