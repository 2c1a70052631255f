import type { BootstrapRequest } from './arguments.ts'
import { dashboards } from './application/dashboard-text.ts'
import { endpointParameters } from './application/endpoint-tokens.ts'

export const stepIds = [
  'identity',
  'subnets',
  'artifacts',
  'build-templates',
  'stack',
  'settings',
  'cluster',
  'access',
  'node-pool',
  'endpoints',
  'build-images',
  'mirror',
  'values',
  'proof',
  'release',
  'dashboards',
  'node-pool-off',
  'console',
] as const

export type StepId = (typeof stepIds)[number]

/** One step of a bootstrap: what it is called, and what it will do, in words. */
export interface PlannedStep {
  readonly id: StepId
  readonly title: string
  readonly does: string
  /** Whether it may change something. */
  readonly changes: boolean
}

/**
 * The steps of a run, in order; they follow from the request alone. `--plan` prints exactly these, and a run carries out
 * exactly these.
 */
export function planSteps(request: BootstrapRequest): PlannedStep[] {
  return stepIds.flatMap((id) => {
    const does = describe[id](request)
    const changes =
      changing.has(id) || (id === 'cluster' && request.flags.writeKubeconfig !== undefined)
    return does === undefined ? [] : [{ id, title: titles[id], does, changes }]
  })
}

const titles: Readonly<Record<StepId, string>> = {
  identity: 'Account and region',
  subnets: 'Subnets',
  artifacts: 'Release',
  'build-templates': 'Build of the templates',
  stack: 'Stack',
  settings: 'Settings of the deployment',
  cluster: 'Cluster',
  access: 'Access to the cluster',
  'node-pool': 'Node pool',
  endpoints: 'VPC endpoints',
  'build-images': 'Build of the images',
  mirror: 'Mirror',
  values: 'Values',
  proof: 'Proof',
  release: 'Installation',
  dashboards: 'Dashboards',
  'node-pool-off': 'Node pool off',
  console: 'Console',
}

const changing: ReadonlySet<StepId> = new Set([
  'build-templates',
  'stack',
  'access',
  'node-pool',
  'build-images',
  'mirror',
  'release',
  'dashboards',
  'node-pool-off',
])

/** What a step does for these request; nothing when it has no part in them. */
const describe: Readonly<Record<StepId, (request: BootstrapRequest) => string | undefined>> = {
  identity: () => 'ask STS whose credentials these are, and settle the region',

  subnets: ({ deploy, flags }) =>
    deploy.kind !== 'import-vpc' || flags.ignoreChecks
      ? undefined
      : `read how ${deploy.subnets.join(', ')} reach the internet; isolated ones need images in the private registry`,

  artifacts: (request) => {
    const parts = artifactsOf(request)
    const version = request.flags.version ?? 'latest'
    if (parts.length === 0) return 'take the chart and the dashboards of the checkout'
    return `have ${listed(parts)} of release ${version} here, verified`
  },

  'build-templates': ({ build }) =>
    build.cfn ? 'synthesize the templates of the checkout (gradlew cdkSynthMinified)' : undefined,

  stack: ({ deploy, flags }) => {
    if (deploy.kind === 'skip') return undefined
    const parameters = [`Stage=${flags.stage ?? 'dev'}`]
    if (deploy.kind === 'import-vpc') {
      parameters.push(`VPCId=${deploy.vpc}`, `VPCSubnetIds=${deploy.subnets.join(',')}`)
      parameters.push(...deploy.endpoints.map((token) => `${endpointParameters[token]}=true`))
    }
    return `create stack "${deploy.stackName}", or update it, with ${parameters.join(' ')}; wait until it is done`
  },

  settings: ({ deploy, flags }) => {
    const stage = flags.stage ?? (deploy.kind === 'skip' ? undefined : 'dev')
    const exports =
      stage === undefined ? 'the only export there is' : `the export of stage ${stage}`
    return `read ${exports}; print the resolved configuration`
  },

  cluster: ({ flags }) =>
    `make a kubeconfig for this run alone, with a token that is renewed${
      flags.writeKubeconfig === undefined ? '' : '; merge it into your own file as well'
    }`,

  access: ({ flags }) =>
    flags.eksAccessPrincipalArn === undefined
      ? undefined
      : `make ${flags.eksAccessPrincipalArn} an administrator of the cluster`,

  'node-pool': ({ build }) =>
    build.images
      ? undefined
      : 'switch the general-purpose node pool on when it is off, and wait for it',

  endpoints: ({ flags }) =>
    flags.ignoreChecks
      ? undefined
      : "check the VPC's endpoints when the cluster's subnets are isolated: s3, ecr.api and ecr.dkr have to be there",

  'build-images': ({ build }) =>
    build.images
      ? 'build the images of the checkout into the private registry (gradlew buildImagesToRegistry)'
      : undefined,

  mirror: ({ mirror }) =>
    mirror
      ? 'find the images and charts of the umbrella chart, patch the charts that no value reaches, and copy what is missing into the private registry'
      : undefined,

  values: ({ mirror, build }) => {
    const images = build.images ? 'the built images' : 'the published images'
    return mirror
      ? 'write the values that lead everything to the private registry'
      : `write the values of the installation, with ${images} where you set none`
  },

  proof: ({ mirror, flags }) => {
    if (!mirror) return undefined
    const otherwise = flags.allowUnproven
      ? 'what is public is named, and helm called all the same'
      : 'else helm is not called'
    return `render everything with all values: every reference is private and in the registry, ${otherwise}`
  },

  release: ({ flags }) =>
    `install release "${flags.namespace}" in namespace "${flags.namespace}"${
      flags.upgrade ? ', or upgrade it' : ''
    }; one that is already as wanted is left alone`,

  dashboards: () =>
    `put the CloudWatch dashboards ${dashboards.map(({ name }) => name).join(' and ')}, and read them back`,

  'node-pool-off': ({ flags }) =>
    flags.disableGeneralPurposePool
      ? 'switch the general-purpose node pool off, and wait'
      : undefined,

  console: ({ flags }) =>
    `wait for the pod migration-console-0${flags.skipConsoleExec ? '' : ', and open a shell in it'}`,
}

function listed(parts: readonly string[]): string {
  return parts.join(', ').replace(/, (?=[^,]*$)/, ' and ')
}

/** What of a release has to be here. */
function artifactsOf({ deploy, build, flags }: BootstrapRequest): string[] {
  return [
    ...(deploy.kind === 'skip' || build.cfn ? [] : ['the template']),
    ...(flags.maChartDir === undefined && !build.chart ? ['the chart'] : []),
    ...(build.chart ? [] : ['the dashboards']),
  ]
}

/** The plan for people: each step, whether it may change something, and what it does. */
export function renderSteps(steps: readonly PlannedStep[]): string[] {
  return steps.flatMap(({ title, does, changes }, index) => {
    const place = String(index + 1).padStart(2)
    return [`${place}  ${title}${changes ? ' (may change something)' : ''}`, `    ${does}`]
  })
}
