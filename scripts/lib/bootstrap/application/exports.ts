import { beforeAny } from '../../model/text/trim.ts'
import {
  failure,
  invalidInput,
  listMessage,
  type Problem,
  type Result,
  success,
} from '../../model/problem.ts'
import { recordFrom } from '../../model/tree/tree.ts'
import { describeInvalidSettings, shapes } from '../deployment/shapes.ts'

/** The settings that a deployed stack exports, by their names. */
export type ExportedSettings = Readonly<Record<string, string>>

export interface NamedExport {
  readonly name: string
  readonly value: string
}

const prefix = 'MigrationsExportString'

/**
 * Parses `export K=V; export K2=V2; …`. Others may have write access to the account, so the text is never passed to a
 * shell. The word `export` is optional, quotes around a value are removed, and a value may contain `=`.
 */
export function parseExportString({ name, value }: NamedExport): Result<ExportedSettings> {
  const settings = new Map<string, string>()
  for (const part of splitStatements(value)) {
    const [, key, raw = ''] = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(part) ?? []
    if (key === undefined) {
      return invalidInput(
        `export "${name}" contains "${part}", which is not of the form KEY=value`,
        'inspect it with "aws cloudformation list-exports", then redeploy the stack',
      )
    }
    settings.set(key, unquote(raw.trim()))
  }
  return success(recordFrom(settings))
}

/** Splits at semicolons and line ends, but not within quotes. */
function splitStatements(text: string): string[] {
  const parts = text.match(/(?:"[^"]*"|'[^']*'|[^;\n"']|["'])+/g) ?? []
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function unquote(text: string): string {
  const [, inside] = /^(["'])(.*)\1$/s.exec(text)?.slice(1) ?? []
  return inside ?? text
}

/** Returns the exports of Migration Assistant stacks. A stage matches a whole part of the name: not `dev` in `dev2`. */
export function matchingExports(
  exports: readonly NamedExport[],
  stage: string | undefined,
): NamedExport[] {
  const ours = exports.filter(({ name }) => name.startsWith(prefix))
  if (stage === undefined) return ours
  const escaped = stage.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)
  // A stage may contain dashes, so it is matched between dashes, not among parts split at them.
  const part = new RegExp(`(?:^|-)${escaped}(?:-|$)`)
  return ours.filter((one) => part.test(one.name.slice(prefix.length)) && isOfStage(one, stage))
}

/** Returns the stage that an export itself states: names alone cannot distinguish `dev` from `dev-2`. */
function isOfStage(one: NamedExport, stage: string): boolean {
  const settings = parseExportString(one)
  return !settings.ok || (settings.value['STAGE'] ?? stage) === stage
}

/** Chooses the export to use. Fails with advice when there is none, or several. */
export function chooseExport(
  exports: readonly NamedExport[],
  { stage, region }: { readonly stage: string | undefined; readonly region: string },
): Result<NamedExport> {
  const all = matchingExports(exports, undefined)
  const found = matchingExports(exports, stage)
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return success(only)
  const names = (list: readonly NamedExport[]) => list.map(({ name }) => `  ${name}`)
  if (only !== undefined) {
    const ofStage = stage === undefined ? '' : ` for stage "${stage}"`
    return failure({
      kind: 'invalid-input',
      side: 'input',
      ...listMessage(
        `${found.length} stacks in "${region}" export their settings${ofStage}`,
        names(found),
      ),
      next:
        stage === undefined
          ? 'choose one with --stage'
          : 'redeploy one of them under another stage: a stage must be unique in a region',
    })
  }
  return failure({
    kind: 'not-found',
    side: 'input',
    ...(all.length === 0
      ? {
          message: `no stack in region "${region}" has an export whose name starts with ${prefix}`,
        }
      : listMessage(
          `no stack in region "${region}" exports settings for stage "${stage ?? ''}"; existing exports`,
          names(all),
        )),
    next:
      all.length === 0
        ? 'deploy one with --deploy-create-vpc-cfn or --deploy-import-vpc-cfn, or choose another region with --region'
        : 'choose one of these with --stage, or another region with --region',
  })
}

/** The settings of a deployment that a bootstrap uses. */
export interface Deployment {
  readonly exportName: string
  readonly cluster: string
  /** With the path of the application's repository, as exported. */
  readonly ecrRegistry: string
  /** Only its host. */
  readonly registryHost: string
  readonly snapshotRole: string
  readonly account: string | undefined
  readonly region: string | undefined
  readonly stage: string | undefined
  readonly vpc: string | undefined
  readonly qualifier: string
}

/**
 * Picks the settings, under all names that releases have used. Fails with all missing and invalid ones.
 */
export function readDeployment(name: string, settings: ExportedSettings): Result<Deployment> {
  const faults = describeInvalidSettings(name, settings)
  const [headline] = faults
  if (headline !== undefined) {
    return failure({
      kind: 'invalid-input',
      side: 'input',
      message: faults.join('\n'),
      headline,
      next: 'check who can write exports in this account, then redeploy the stack',
    })
  }
  const pick = (key: keyof typeof shapes) =>
    shapes[key].names
      .map((one) => settings[one])
      .find((value) => value !== undefined && value !== '')
  const cluster = pick('cluster')
  const ecrRegistry = pick('ecrRegistry')
  const snapshotRole = pick('snapshotRole')
  const missing = [
    ...(cluster === undefined ? ['MIGRATIONS_EKS_CLUSTER_NAME'] : []),
    ...(ecrRegistry === undefined ? ['MIGRATIONS_ECR_REGISTRY'] : []),
    ...(snapshotRole === undefined ? ['SNAPSHOT_ROLE'] : []),
  ]
  if (cluster === undefined || ecrRegistry === undefined || snapshotRole === undefined) {
    return failure({
      kind: 'not-found',
      side: 'target',
      message: `export "${name}" lacks ${missing.join(', ')}; it has ${Object.keys(settings).join(', ') || 'nothing'}`,
      next: 'redeploy the stack from the release that you install; other kinds of stacks export other settings',
    } satisfies Problem)
  }
  return success({
    exportName: name,
    cluster,
    ecrRegistry,
    registryHost: beforeAny(ecrRegistry, '/'),
    snapshotRole,
    account: pick('account'),
    region: pick('region'),
    stage: pick('stage'),
    vpc: pick('vpc'),
    qualifier: pick('qualifier') ?? '',
  })
}
