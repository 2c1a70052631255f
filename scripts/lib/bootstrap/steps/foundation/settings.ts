import type { Identity } from '../../../aws/identity.ts'
import type { NamedRegion } from '../../../aws/region.ts'
import { columns } from '../../../cli/text.ts'
import { type EcrRegistry, parseEcrRegistry } from '../../../model/image/registry.ts'
import { type Problem, ProblemError, unwrap } from '../../../model/problem.ts'
import { makePrivateFolder } from '../../../tools/files/private-folder.ts'
import { joinNames } from '../../../tools/files/name.ts'
import type { Artifacts } from '../../application/artifacts.ts'
import {
  chooseExport,
  type Deployment,
  parseExportString,
  readDeployment,
} from '../../application/exports.ts'
import type { BootstrapRequest } from '../../arguments.ts'
import type { Account } from '../../doors.ts'
import { having } from '../../findings.ts'
import type { StepDefinition } from '../definition.ts'

/** Reads the settings that the stack exports. */
export const settingsStep: StepDefinition = {
  id: 'settings',
  title: 'Deployment settings',
  changes: () => false,

  plan({ deploy, flags }) {
    const stage = flags.stage ?? (deploy.kind === 'skip' ? undefined : 'dev')
    const exports = stage === undefined ? 'the only stack export' : `the export of stage ${stage}`
    return `read ${exports}, and print the resolved configuration`
  },

  async run({ request, doors, stateRoot, atEnd }, findings, step) {
    const first = having(findings, 'region', 'account', 'identity', 'artifacts')
    const { identity, artifacts } = first
    const deployment = await readSettings(first.account, request)
    const region = settleWith(deployment, first.region)
    let { account } = first
    if (region.region !== account.region) {
      account = doors.openAccount(region.region)
      atEnd(account.close)
    }
    refuseOtherAccount(deployment, identity)
    refuseOtherRole(deployment, identity)
    const needsRegistry = request.mirror || request.build.images
    const registry = readRegistry(deployment, identity, needsRegistry)
    step.show(describe(deployment, region, identity, request, artifacts))
    const stage = stageOf(deployment, request)
    const name = [identity.account, account.region, stage, request.flags.namespace].join('_')
    const stateFolder = joinNames(stateRoot, name)
    await makePrivateFolder(stateFolder)
    step.done(`from export "${deployment.exportName}"`)
    const foundation = { account, identity, artifacts, deployment, registry, stage, stateFolder }
    return { region, account, foundation }
  },
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

/** The application writes its snapshots with this role, so it must not be one of another account. */
function refuseOtherRole({ snapshotRole, exportName }: Deployment, identity: Identity): void {
  const [, , , , account] = snapshotRole.split(':')
  if (account === identity.account) return
  throw new ProblemError({
    kind: 'invalid-input',
    side: 'input',
    message: `export "${exportName}" names snapshot role "${snapshotRole}", but the credentials belong to account "${identity.account}"`,
    next: 'redeploy the stack, or use credentials of the account of the role',
  })
}

/**
 * Returns the registry that a deployment exports, if it is needed. Throws `ProblemError` when it is not an ECR registry,
 * or belongs to another account, before any node or endpoint is changed.
 */
function readRegistry(
  { registryHost, exportName }: Deployment,
  identity: Identity,
  isNeeded: boolean,
): EcrRegistry | undefined {
  // Without images to push, its account matters, not its domain: a stack in China may export that of other regions.
  if (!isNeeded && registryHost.startsWith(`${identity.account}.dkr.ecr.`)) return undefined
  const parsed = parseEcrRegistry(registryHost)
  if (parsed.ok && parsed.value.account === identity.account) return parsed.value
  const why = parsed.ok
    ? `the credentials belong to account "${identity.account}"`
    : 'that is not a private ECR registry'
  const again = isNeeded
    ? 'redeploy the stack, or remove the flags that need its registry'
    : 'redeploy the stack'
  throw new ProblemError({
    kind: 'invalid-input',
    side: 'input',
    message: `export "${exportName}" names registry "${registryHost}", but ${why}`,
    next: parsed.ok ? `use credentials of account ${parsed.value.account}; or ${again}` : again,
  })
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
