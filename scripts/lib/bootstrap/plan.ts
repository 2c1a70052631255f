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

/** One step of a bootstrap, with its title and a description. */
export interface PlannedStep {
  readonly id: StepId
  readonly title: string
  readonly does: string
  /** Whether it may change something. */
  readonly changes: boolean
}

/**
 * Returns the steps of a run, in order. They depend on the request only. `--plan` prints exactly these steps, and a run
 * carries out exactly these steps.
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
  'build-templates': 'Template build',
  stack: 'Stack',
  settings: 'Deployment settings',
  cluster: 'Cluster',
  access: 'Cluster access',
  'node-pool': 'Node pool',
  endpoints: 'VPC endpoints',
  'build-images': 'Image build',
  mirror: 'Mirror',
  values: 'Values',
  proof: 'Proof',
  release: 'Installation',
  dashboards: 'Dashboards',
  'node-pool-off': 'Node pool shutdown',
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

/** Describes each step for a request; nothing for a step that the request does not need. */
const describe: Readonly<Record<StepId, (request: BootstrapRequest) => string | undefined>> = {
  identity: () => 'look up the caller in STS, and determine the region',

  subnets: ({ deploy, flags }) =>
    deploy.kind !== 'import-vpc' || flags.ignoreChecks
      ? undefined
      : `check whether ${deploy.subnets.join(', ')} can reach the internet; isolated subnets need images in the private registry`,

  artifacts: (request) => {
    const parts = artifactsOf(request)
    const version = request.flags.version ?? 'latest'
    if (parts.length === 0) return 'use the chart and the dashboards of the checkout'
    return `fetch and verify ${listed(parts)} of release ${version}`
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
    return `create or update stack "${deploy.stackName}" with ${parameters.join(' ')}, and wait until it is done`
  },

  settings: ({ deploy, flags }) => {
    const stage = flags.stage ?? (deploy.kind === 'skip' ? undefined : 'dev')
    const exports = stage === undefined ? 'the only stack export' : `the export of stage ${stage}`
    return `read ${exports}, and print the resolved configuration`
  },

  cluster: ({ flags }) =>
    `create a kubeconfig for this run only, with an automatically renewed token${
      flags.writeKubeconfig === undefined ? '' : ', and also add the cluster to your own kubeconfig'
    }`,

  access: ({ flags }) =>
    flags.eksAccessPrincipalArn === undefined
      ? undefined
      : `make ${flags.eksAccessPrincipalArn} an administrator of the cluster`,

  'node-pool': ({ build }) =>
    build.images
      ? undefined
      : 'enable the general-purpose node pool if it is disabled, and wait for it',

  endpoints: ({ flags }) =>
    flags.ignoreChecks
      ? undefined
      : "if the cluster's subnets are isolated, check that the VPC has endpoints for s3, ecr.api and ecr.dkr",

  'build-images': ({ build }) =>
    build.images
      ? 'build the images from the checkout and push them to the private registry (gradlew buildImagesToRegistry)'
      : undefined,

  mirror: ({ mirror }) =>
    mirror
      ? 'find the images and charts of the umbrella chart, patch charts with hard-coded images, and copy missing items into the private registry'
      : undefined,

  values: ({ mirror, build }) => {
    const images = build.images ? 'the built images' : 'the published images'
    return mirror
      ? 'write the values that point everything to the private registry'
      : `write the values of the installation, using ${images} unless you set others`
  },

  proof: ({ mirror, flags }) => {
    if (!mirror) return undefined
    const otherwise = flags.allowUnproven
      ? 'otherwise the failing references are listed and helm runs anyway'
      : 'otherwise helm does not run'
    return `render everything with all values, and check that every reference is private and in the registry; ${otherwise}`
  },

  release: ({ flags }) =>
    `install release "${flags.namespace}" in namespace "${flags.namespace}"${
      flags.upgrade ? ', or upgrade it' : ''
    }; a release that is up to date is left unchanged`,

  dashboards: () =>
    `write the CloudWatch dashboards ${dashboards.map(({ name }) => name).join(' and ')}, and read them back`,

  'node-pool-off': ({ flags }) =>
    flags.disableGeneralPurposePool
      ? 'disable the general-purpose node pool, and wait for it'
      : undefined,

  console: ({ flags }) =>
    `wait for the pod migration-console-0${flags.skipConsoleExec ? '' : ', and open a shell in it'}`,
}

function listed(parts: readonly string[]): string {
  return parts.join(', ').replace(/, (?=[^,]*$)/, ' and ')
}

/** Returns the parts of a release that are needed. */
function artifactsOf({ deploy, build, flags }: BootstrapRequest): string[] {
  return [
    ...(deploy.kind === 'skip' || build.cfn ? [] : ['the template']),
    ...(flags.maChartDir === undefined && !build.chart ? ['the chart'] : []),
    ...(build.chart ? [] : ['the dashboards']),
  ]
}

/** Renders the plan for people: each step, whether it may change something, and what it does. */
export function renderSteps(steps: readonly PlannedStep[]): string[] {
  return steps.flatMap(({ title, does, changes }, index) => {
    const place = String(index + 1).padStart(2)
    return [`${place}  ${title}${changes ? ' (may change something)' : ''}`, `    ${does}`]
  })
}
