import { defineCommand, type FlagsOf } from '../cli/command/command.ts'
import { group, requiring, withDefault } from '../cli/command/flag.ts'
import { list, optionalText, text, toggle, wholeNumber } from '../cli/command/kinds.ts'
import { copyFlags } from './flags/copy.ts'
import { repositoryFlags } from './flags/repository.ts'
import { allowUnproven, manifest, output, prefix } from './flags/shared.ts'

const existingVpc = ['deployImportVpcCfn']
const deployment = ['deployCreateVpcCfn', 'deployImportVpcCfn']
const builds = ['buildCfn', 'buildImages', 'buildChartAndDashboards']

const infrastructureFlags = {
  deployCreateVpcCfn: toggle('deploy the stack that creates a VPC'),
  deployImportVpcCfn: toggle('deploy the stack into an existing VPC'),
  skipCfnDeploy: toggle('use an existing deployment'),
  stackName: text('name', 'name of the stack', { requires: deployment }),
  vpcId: text('id', 'existing VPC; omit to list the VPCs', { requires: existingVpc }),
  subnetIds: list('ids', 'subnets of that VPC; omit to list them', {
    requires: existingVpc,
  }),
  createVpcEndpoints: optionalText(
    'list',
    'have the template create VPC endpoints: all, or some of s3,ecr,ecrDocker,cloudwatchLogs,efs,sts,eksAuth,monitoring',
    { requires: existingVpc },
  ),
  ignoreChecks: toggle('skip the checks of subnets and endpoints'),
  stage: text('name', 'stage of the deployment', { defaultText: 'dev for a new deployment' }),
  region: text('region', 'AWS region', {
    defaultText: 'the region of the export, AWS_REGION, AWS_DEFAULT_REGION, or the profile',
  }),
}

const applicationFlags = {
  pushAllImagesToPrivateEcr: toggle(
    'mirror every image and chart to the private registry, and install from it',
  ),
  version: text('tag', 'release of the application, or latest', { defaultText: 'latest' }),
  maChartDir: text('path', 'umbrella chart, a folder or an archive'),
  helmValues: list('file', "values file for helm, which overrides the chart's values"),
  upgrade: toggle('upgrade an existing release whose chart or values differ'),
  buildCfn: toggle('build the templates from a checkout', { requires: deployment }),
  buildImages: toggle('build the images from a checkout'),
  buildChartAndDashboards: toggle('use the chart and dashboards from a checkout', {
    conflicts: ['maChartDir'],
  }),
  baseDir: text('folder', 'checkout', { defaultText: 'the working folder', requires: builds }),
}

const clusterFlags = {
  namespace: withDefault(text('name', 'namespace, and name of the release'), 'ma'),
  eksAccessPrincipalArn: text('arn', 'make this principal an administrator of the cluster'),
  disableGeneralPurposePool: toggle('disable the general-purpose node pool after the installation'),
  skipConsoleExec: toggle('do not open a shell in the console at the end'),
  writeKubeconfig: optionalText('file', 'also add the cluster to your own kubeconfig'),
  helmTimeout: withDefault(
    wholeNumber([30, 86_400], 'seconds', 'time limit for each wait of helm, such as for a hook'),
    1800,
  ),
  waitMinutes: withDefault(
    wholeNumber([1, 1440], 'n', 'time limit for every other wait, such as for the stack'),
    90,
  ),
}

/** Without a mirror, these have no effect. */
const mirrorFlags = requiring(['pushAllImagesToPrivateEcr'], {
  ...group('Mirror', {
    manifest,
    list: text('file', 'chart list with manually declared charts and images', {
      defaultText: 'manifests/charts.yaml',
    }),
    prefix,
    allowUnproven,
  }),
  ...copyFlags,
  ...repositoryFlags,
})

export const bootstrap = defineCommand({
  script: 'bootstrap.ts',
  summary:
    'Deploys the Migration Assistant, from an AWS account to an installed system on an EKS cluster, with or without internet access.',
  operands: {},
  flags: {
    ...group('Infrastructure (one of the first three is required)', infrastructureFlags),
    ...group('Application', applicationFlags),
    ...group('Cluster', clusterFlags),
    ...mirrorFlags,
    ...group('Output', {
      output,
      plan: toggle('print the steps and what each would do, and change nothing'),
      stateDir: text('dir', 'folder for the values, logs and reports of runs'),
    }),
  },
  notes: ['To resume, rerun the same command. Bootstrap never deletes infrastructure.'],
  exitCodes: {
    0: 'all steps are done',
    1: 'a step failed',
    2: 'invalid usage or input',
    3: 'failed before anything was changed',
    130: 'interrupted',
  },
  examples: [
    '--deploy-create-vpc-cfn --stack-name MA --stage dev --region us-east-2',
    '--deploy-import-vpc-cfn --stack-name MA-Prod --stage prod --vpc-id vpc-0a1b --subnet-ids subnet-0aaa,subnet-0bbb --create-vpc-endpoints --push-all-images-to-private-ecr',
    '--skip-cfn-deploy --stage prod --push-all-images-to-private-ecr --upgrade',
  ],
})

export type BootstrapFlags = FlagsOf<typeof bootstrap>
