import type { Manifest } from '../../model/manifest/manifest.ts'
import { inOrigin, type Origin } from '../../model/origin.ts'
import { type Problem, ProblemError, unwrap, usageProblem } from '../../model/problem.ts'
import type { EcrRegistry } from '../../model/image/registry.ts'
import {
  type Encryption,
  faultsOfSettings,
  isIndifferent,
  mergeSettings,
  parseTag,
  type PolicySetting,
  type RepositorySettings,
} from '../../model/repository/settings.ts'
import type { ValuesTree } from '../../model/values/values.ts'
import type { RepositoryFlags } from '../../commands/flags/repository.ts'

/** The requested repository settings of a run. */
export interface RepositoryRequest {
  readonly settings: RepositorySettings
  /** Also change existing repositories. */
  readonly update: boolean
  /** Leave missing repositories to a creation template that matches. */
  readonly onPush: boolean
}

const flagOf: Readonly<Record<keyof RepositorySettings, string>> = {
  mutability: '--repo-mutability',
  mutabilityExclude: '--repo-mutability-exclude',
  encryption: '--repo-kms-key',
  scanOnPush: '--repo-scan-on-push',
  lifecyclePolicy: '--repo-lifecycle-policy',
  repositoryPolicy: '--repo-policy',
  tags: '--repo-tag',
}

/**
 * Reads the requested repository settings from the flags and the manifest, without calling AWS. Throws `ProblemError`
 * with all settings that ECR would refuse.
 */
export async function readRepositoryRequest(
  flags: RepositoryFlags,
  { repositories = {} }: Pick<Manifest, 'repositories'>,
  registry: EcrRegistry,
  origin: Origin,
): Promise<RepositoryRequest> {
  const settings = mergeSettings(repositories, await readFlags(flags, repositories.encryption))
  // The block was checked when the manifest was read, so any remaining fault comes from the flags.
  const problems = faultsOfSettings(settings).map(({ path: [setting], message }) =>
    usageProblem(`${flagOf[setting]}: ${message}`),
  )
  const stray = strayKey(settings.encryption, registry)
  if (stray !== undefined) problems.push(stray)
  const update = flags.updateRepositories ?? false
  if (update && isIndifferent(settings)) {
    problems.push(
      usageProblem(
        '--update-repositories has no effect without repository settings',
        origin.kind === 'chart-list' || origin.kind === 'manifest'
          ? `add a flag such as --repo-mutability, or a block "repositories" ${inOrigin(origin)}`
          : 'add a flag such as --repo-mutability',
      ),
    )
  }
  if (problems.length > 0) throw new ProblemError(problems)
  return { settings, update, onPush: flags.createOnPush ?? false }
}

async function readFlags(
  flags: RepositoryFlags,
  listed: Encryption | undefined,
): Promise<RepositorySettings> {
  const { repoMutability, repoMutabilityExclude, repoKmsKey, repoScanOnPush } = flags
  const { repoLifecyclePolicy: lifecycle, repoPolicy: policy, repoTag } = flags
  return {
    ...(repoMutability !== undefined && { mutability: repoMutability }),
    ...(repoMutabilityExclude !== undefined && { mutabilityExclude: repoMutabilityExclude }),
    ...(repoKmsKey !== undefined && {
      encryption: {
        type: listed?.type === 'KMS_DSSE' ? 'KMS_DSSE' : 'KMS',
        ...(repoKmsKey !== 'aws-managed' && { key: repoKmsKey }),
      },
    }),
    ...(repoScanOnPush === true && { scanOnPush: true }),
    ...(lifecycle !== undefined && {
      lifecyclePolicy: await readPolicyFlag('lifecyclePolicy', lifecycle),
    }),
    ...(policy !== undefined && {
      repositoryPolicy: await readPolicyFlag('repositoryPolicy', policy),
    }),
    ...(repoTag !== undefined && { tags: Object.fromEntries(repoTag.map(readTag)) }),
  }
}

async function readPolicyFlag(setting: PolicySetting, file: string): Promise<ValuesTree> {
  const { readPolicy } = await import('../../sources/repository-settings.ts')
  return unwrap(await readPolicy(setting, file, process.cwd(), flagOf[setting]))
}

function readTag(text: string): readonly [string, string] {
  const tag = parseTag(text)
  if (tag !== undefined) return tag
  throw new ProblemError(
    usageProblem(`invalid --repo-tag "${text}"`, 'use the form key=value; the value may be empty'),
  )
}

/** Refuses a key of another region or partition, which cannot be used; its account is left for AWS to check. */
function strayKey(
  encryption: Encryption | undefined,
  { partition, region }: EcrRegistry,
): Problem | undefined {
  const [, keyPartition, keyRegion] = /^arn:([^:]*):kms:([^:]*):/.exec(encryption?.key ?? '') ?? []
  if (keyRegion === undefined || (keyPartition === partition && keyRegion === region)) {
    return undefined
  }
  return usageProblem(
    `KMS key "${encryption?.key}" is in region "${keyRegion}", but the registry is in "${region}"`,
    'use a key in the same region; an alias such as alias/ecr can exist in every region',
  )
}
