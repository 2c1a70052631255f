import { join } from 'node:path'
import type { Identity } from '../aws/identity.ts'
import { type NamedRegion, settleRegion } from '../aws/region.ts'
import type { StackTemplate } from '../aws/stacks.ts'
import { columns } from '../cli/text.ts'
import { routeTablesOf, type RoutedSubnet } from '../model/internet/network.ts'
import { type Problem, ProblemError, unwrap } from '../model/problem.ts'
import { type EcrRegistry, parseEcrRegistry } from '../model/image/registry.ts'
import { makeFolder } from '../tools/files/files.ts'
import { environmentFor } from '../tools/process/environment.ts'
import { joinNames } from '../tools/files/name.ts'
import { cacheFolder } from '../tools/install/cache.ts'
import { checkPrincipal } from './steps/access.ts'
import type { Account } from './doors.ts'
import type { BootstrapRequest } from './arguments.ts'
import { type Artifacts, builtTemplate, gatherArtifacts } from './application/artifacts.ts'
import { runBuild, synthCommand } from './steps/build.ts'
import {
  endpointParameters,
  namesAllEndpoints,
  routeTablesParameter,
} from './application/endpoint-tokens.ts'
import {
  chooseExport,
  type Deployment,
  parseExportString,
  readDeployment,
} from './application/exports.ts'
import { namesAllImages } from './application/image-settings.ts'
import { hasPrivateImages, type BootstrapJob, waitLimits } from './job.ts'
import { isolationProblem, readSubnets, subnetTable } from './steps/network.ts'
import { deployStack } from './steps/stack.ts'

/** The base of an installation: the account, the deployment, and the release. */
export interface Foundation {
  readonly account: Account
  readonly identity: Identity
  readonly artifacts: Artifacts
  readonly deployment: Deployment
  /** The registry that the deployment exports, if images are pushed to it. */
  readonly registry: EcrRegistry | undefined
  readonly stage: string
  /** Folder for the manifest, the values and the logs of this installation only. */
  readonly stateFolder: string
}

/**
 * Determines the account and region, the subnets, the release, the stack, and the settings that the stack exports.
 *
 * @param onAccount gets every account that is opened, to close it in any case
 * @param known gets the caller and the release as soon as they are known, for errors and advice
 */
export async function layFoundation(
  job: BootstrapJob,
  onAccount: (account: Account) => void,
  known: { caller?: string; version?: string },
): Promise<Foundation> {
  const { checklist, request, context, doors } = job
  const { deploy, flags } = request
  let region = await settleRegion(flags.region, context.env)
  // Checked here, not after a stack was deployed.
  const principal = flags.eksAccessPrincipalArn
  if (principal !== undefined) checkPrincipal(principal, region.region)
  let account = doors.openAccount(region.region)
  onAccount(account)
  const identity = await checklist.run('identity', async (step) => {
    const found = await account.identity()
    known.caller = found.arn
    step.done(`${found.arn} in ${region.region} (from ${region.source})`)
    return found
  })
  const subnets =
    deploy.kind === 'import-vpc' && checklist.plans('subnets')
      ? await checkSubnets(job, account, deploy)
      : undefined
  const artifacts = await gather(job)
  if (artifacts.version !== undefined) known.version = artifacts.version
  const template = checklist.plans('build-templates')
    ? await buildTemplate(job)
    : artifacts.template
  if (checklist.plans('stack')) await deployWith(job, account, template, subnets)
  const { deployment, registry } = await checklist.run('settings', async (step) => {
    const read = await readSettings(account, request)
    region = settleWith(read, region)
    if (region.region !== account.region) {
      account = doors.openAccount(region.region)
      onAccount(account)
    }
    refuseOtherAccount(read, identity)
    const needsRegistry = request.mirror || request.build.images
    const own = needsRegistry ? readRegistry(read, identity) : undefined
    step.show(describe(read, region, identity, request, artifacts))
    step.done(`from export "${read.exportName}"`)
    return { deployment: read, registry: own }
  })
  const stage = stageOf(deployment, request)
  const name = [identity.account, account.region, stage, flags.namespace].join('_')
  const stateFolder = joinNames(job.stateRoot, name)
  await makeFolder(stateFolder, '--state-dir')
  return { account, identity, artifacts, deployment, registry, stage, stateFolder }
}

type Import = Extract<BootstrapRequest['deploy'], { readonly kind: 'import-vpc' }>

function checkSubnets(job: BootstrapJob, { network }: Account, deploy: Import) {
  return job.checklist.run('subnets', async (step) => {
    const subnets = await readSubnets(network, deploy.vpc, deploy.subnets)
    step.show(subnetTable(subnets))
    const problem = isolationProblem(subnets, { arePrivate: hasPrivateImages(job) })
    if (problem !== undefined) throw new ProblemError(problem)
    step.done(`${subnets.length} subnets of "${deploy.vpc}"`)
    return subnets
  })
}

function gather({
  checklist,
  request,
  checkout,
  userValues,
  session,
  context,
}: BootstrapJob): Promise<Artifacts> {
  return checklist.run('artifacts', async (step) => {
    const needsVersion = !request.build.images && !namesAllImages(userValues)
    const artifacts = await gatherArtifacts(request, checkout, needsVersion, {
      http: session.http,
      signal: context.signal,
      cache: join(cacheFolder(context.env), 'releases'),
      note: step.note,
    })
    const version = artifacts.version === undefined ? '' : `release ${artifacts.version}; `
    step.done(`${version}chart ${artifacts.chart}`)
    return artifacts
  })
}

function buildTemplate({
  checklist,
  request,
  checkout = '',
  session,
  context,
  stateRoot,
}: BootstrapJob) {
  return checklist.run('build-templates', async (step) => {
    step.changing()
    const log = await runBuild('build-templates', synthCommand(checkout), {
      run: session.run,
      // The templates' resource names would include it.
      env: environmentFor('gradle-templates', context.env, { STACK_NAME_SUFFIX: '' }),
      cwd: checkout,
      signal: context.signal,
      logs: join(stateRoot, 'logs'),
      tell: step.note,
    })
    step.done(`build log: ${log}`)
    const { deploy } = request
    return deploy.kind === 'skip' ? undefined : builtTemplate(checkout, deploy.kind)
  })
}

function deployWith(
  job: BootstrapJob,
  { stacks, network }: Account,
  template: StackTemplate | undefined,
  subnets: readonly RoutedSubnet[] | undefined,
): Promise<void> {
  const { checklist, request } = job
  return checklist.run('stack', async (step) => {
    const { deploy, flags } = request
    if (deploy.kind === 'skip' || template === undefined)
      throw new Error('there is no template to deploy')
    const parameters: Record<string, string> = { Stage: flags.stage ?? 'dev' }
    if (deploy.kind === 'import-vpc') {
      parameters['VPCId'] = deploy.vpc
      parameters['VPCSubnetIds'] = deploy.subnets.join(',')
      for (const token of deploy.endpoints) parameters[endpointParameters[token]] = 'true'
      if (deploy.endpoints.includes('s3')) {
        const routed = subnets ?? (await readSubnets(network, deploy.vpc, deploy.subnets))
        parameters[routeTablesParameter] = routeTablesOf(routed).join(',')
      }
    }
    const wanted = {
      name: deploy.stackName,
      template,
      parameters,
      // `all` means all endpoints that the template has; a required one that is missing is reported later.
      optional: [
        routeTablesParameter,
        ...(namesAllEndpoints(flags.createVpcEndpoints) ? Object.values(endpointParameters) : []),
      ],
      assumed: flags.stage === undefined ? ['Stage'] : [],
    }
    await deployStack(stacks, wanted, step, waitLimits(job))
  })
}

async function readSettings(
  { stacks, region }: Account,
  { deploy, flags }: BootstrapRequest,
): Promise<Deployment> {
  const stage = flags.stage ?? (deploy.kind === 'skip' ? undefined : 'dev')
  const chosen = unwrap(chooseExport(await stacks.exports(), { stage, region }))
  return unwrap(readDeployment(chosen.name, unwrap(parseExportString(chosen))))
}

/** Returns the region of the export. Throws `ProblemError` when --region contradicts it. */
function settleWith({ region: exported, exportName }: Deployment, named: NamedRegion): NamedRegion {
  if (exported === undefined || exported === named.region) return named
  if (named.source !== '--region') return { region: exported, source: 'the export' }
  throw new ProblemError({
    kind: 'invalid-input',
    side: 'input',
    message: `export "${exportName}" is for region "${exported}", but --region is "${named.region}"`,
    next: `remove --region, or set --region ${exported}`,
  })
}

function refuseOtherAccount({ account, exportName }: Deployment, identity: Identity): void {
  if (account === undefined || account === identity.account) return
  throw new ProblemError({
    kind: 'invalid-input',
    side: 'input',
    message: `export "${exportName}" is for account "${account}", but the credentials belong to "${identity.account}"`,
    next: `use credentials of account ${account}`,
  } satisfies Problem)
}

/**
 * Returns the registry that a deployment exports. Throws `ProblemError` when it is not an ECR registry, or belongs to
 * another account, before any node or endpoint is changed.
 */
function readRegistry({ registryHost, exportName }: Deployment, identity: Identity): EcrRegistry {
  const parsed = parseEcrRegistry(registryHost)
  if (parsed.ok && parsed.value.account === identity.account) return parsed.value
  const why = parsed.ok
    ? `the credentials belong to account "${identity.account}"`
    : 'that is not a private ECR registry'
  const again = 'redeploy the stack, or remove the flags that need its registry'
  throw new ProblemError({
    kind: 'invalid-input',
    side: 'input',
    message: `export "${exportName}" names registry "${registryHost}", but ${why}`,
    next: parsed.ok ? `use credentials of account ${parsed.value.account}; or ${again}` : again,
  })
}

/** Returns the registry of an installation that pushes images. */
export function registryOf({ registry }: Pick<Foundation, 'registry'>): EcrRegistry {
  if (registry !== undefined) return registry
  throw new Error('an image has to be pushed, but the registry was not resolved')
}

function stageOf({ stage }: Deployment, { flags }: Pick<BootstrapRequest, 'flags'>): string {
  return flags.stage ?? stage ?? 'dev'
}

function describe(
  deployment: Deployment,
  region: NamedRegion,
  identity: Identity,
  { deploy, flags }: BootstrapRequest,
  { version }: Artifacts,
): string[] {
  const stageSource =
    flags.stage !== undefined
      ? '--stage'
      : deploy.kind !== 'skip'
        ? 'the deployment default'
        : deployment.stage === undefined
          ? 'the default'
          : 'the export'
  return columns([
    ['stage', stageOf(deployment, { flags }), `from ${stageSource}`],
    ['region', region.region, `from ${region.source}`],
    ['account', identity.account, identity.arn],
    ['cluster', deployment.cluster, ''],
    ['registry', deployment.registryHost, deployment.ecrRegistry],
    ['snapshot role', deployment.snapshotRole, ''],
    ['namespace', flags.namespace, 'also the release name'],
    ...(version === undefined ? [] : [['release', version, '']]),
  ])
}
