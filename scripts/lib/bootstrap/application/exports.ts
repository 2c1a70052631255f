import { beforeAny } from '../../model/text/trim.ts'
import { invalidInput, type Problem, type Result, success, failure } from '../../model/problem.ts'
import { recordFrom } from '../../model/tree/tree.ts'
import { misshapen, shapes } from '../deployment/shapes.ts'

/** What a deployed stack tells, by the names it uses. */
export type ExportedSettings = Readonly<Record<string, string>>

export interface NamedExport {
  readonly name: string
  readonly value: string
}

const prefix = 'MigrationsExportString'

/**
 * Reads `export K=V; export K2=V2; …`. It is text from an account that others may write to, so it is parsed and never
 * handed to a shell. The word `export` may be missing, quotes around a value are taken off, and a value may hold `=`.
 */
export function parseExportString({ name, value }: NamedExport): Result<ExportedSettings> {
  const settings = new Map<string, string>()
  for (const part of splitStatements(value)) {
    const [, key, raw = ''] = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(part) ?? []
    if (key === undefined) {
      return invalidInput(
        `export "${name}" has "${part}" in it, which is not KEY=value`,
        'look at it with "aws cloudformation list-exports", and deploy the stack again',
      )
    }
    settings.set(key, unquote(raw.trim()))
  }
  return success(recordFrom(settings))
}

/** At semicolons and line ends, but not within quotes. */
function splitStatements(text: string): string[] {
  const parts = text.match(/(?:"[^"]*"|'[^']*'|[^;\n"']|["'])+/g) ?? []
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function unquote(text: string): string {
  const [, inside] = /^(["'])(.*)\1$/s.exec(text)?.slice(1) ?? []
  return inside ?? text
}

/** The exports of Migration Assistant stacks. A stage must be a whole part of the name: `dev` is not in `dev2`. */
export function matchingExports(
  exports: readonly NamedExport[],
  stage: string | undefined,
): NamedExport[] {
  const ours = exports.filter(({ name }) => name.startsWith(prefix))
  if (stage === undefined) return ours
  const escaped = stage.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)
  // A stage may have dashes itself, so it is looked for between them and not among parts that were split at them.
  const part = new RegExp(`(?:^|-)${escaped}(?:-|$)`)
  return ours.filter((one) => part.test(one.name.slice(prefix.length)) && isOfStage(one, stage))
}

/** Names alone leave `dev` and `dev-2` in doubt; what an export says of itself does not. */
function isOfStage(one: NamedExport, stage: string): boolean {
  const settings = parseExportString(one)
  return !settings.ok || (settings.value['STAGE'] ?? stage) === stage
}

/** Chooses the one export to go by. Fails with what to do when there is none, or several. */
export function chooseExport(
  exports: readonly NamedExport[],
  { stage, region }: { readonly stage: string | undefined; readonly region: string },
): Result<NamedExport> {
  const all = matchingExports(exports, undefined)
  const found = matchingExports(exports, stage)
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return success(only)
  const names = (list: readonly NamedExport[]) => list.map(({ name }) => `  ${name}`).join('\n')
  if (only !== undefined) {
    return invalidInput(
      `${found.length} stacks in "${region}" export their settings${stage === undefined ? '' : ` for a stage "${stage}"`}:\n${names(found)}`,
      stage === undefined
        ? 'name one by --stage'
        : 'one stage must not be deployed twice in a region: deploy one of them under another stage',
    )
  }
  return failure({
    kind: 'not-found',
    side: 'input',
    message:
      all.length === 0
        ? `no stack in region "${region}" has an export whose name begins with ${prefix}`
        : `no stack in region "${region}" exports its settings for stage "${stage ?? ''}"; there are\n${names(all)}`,
    next:
      all.length === 0
        ? 'deploy one with --deploy-create-vpc-cfn or --deploy-import-vpc-cfn, or name another region by --region'
        : 'name one of these by --stage, or another region by --region',
  })
}

/** The settings that a bootstrap works with. */
export interface Deployment {
  readonly exportName: string
  readonly cluster: string
  /** With the path of the application's repository, as exported. */
  readonly ecrRegistry: string
  /** Its host alone. */
  readonly registryHost: string
  readonly snapshotRole: string
  readonly account: string | undefined
  readonly region: string | undefined
  readonly stage: string | undefined
  readonly vpc: string | undefined
  readonly qualifier: string
}

/**
 * Picks the settings by all the names that they have had. Fails with every one that is missing, or that is not what it
 * should be.
 */
export function readDeployment(name: string, settings: ExportedSettings): Result<Deployment> {
  const faults = misshapen(name, settings)
  if (faults.length > 0) {
    return invalidInput(
      faults.join('\n'),
      'check who can write exports in this account, and deploy the stack again',
    )
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
      next: 'deploy the stack again from the release that you install; stacks of other kinds export other settings',
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
