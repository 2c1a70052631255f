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

/** What is requested of the repositories of a run. */
export interface RepositoryRequest {
  readonly settings: RepositorySettings
  /** Change existing repositories, too. */
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
 * Reads what is requested of repositories from the flags and the manifest. Nothing is asked of AWS. Throws `ProblemError` with everything
 * that ECR would refuse.
 */
export async function readRepositoryRequest(
  flags: RepositoryFlags,
  { repositories = {} }: Pick<Manifest, 'repositories'>,
  registry: EcrRegistry,
  origin: Origin,
): Promise<RepositoryRequest> {
  const settings = mergeSettings(repositories, await readFlags(flags, repositories.encryption))
  // The block was checked when the manifest was read, so what is wrong now came with the flags.
  const problems = faultsOfSettings(settings).map(({ path: [setting], message }) =>
    usageProblem(`${flagOf[setting]}: ${message}`),
  )
  const stray = strayKey(settings.encryption, registry)
  if (stray !== undefined) problems.push(stray)
  const update = flags.updateRepositories ?? false
  if (update && isIndifferent(settings)) {
    problems.push(
      usageProblem(
        '--update-repositories means nothing when nothing is requested of repositories',
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
    usageProblem(
      `--repo-tag "${text}" is not a tag`,
      'write it as key=value; the value may be empty',
    ),
  )
}

/** A key of another region or partition cannot be used; of which account it is, is between AWS and the user. */
function strayKey(
  encryption: Encryption | undefined,
  { partition, region }: EcrRegistry,
): Problem | undefined {
  const [, keyPartition, keyRegion] = /^arn:([^:]*):kms:([^:]*):/.exec(encryption?.key ?? '') ?? []
  if (keyRegion === undefined || (keyPartition === partition && keyRegion === region)) {
    return undefined
  }
  return usageProblem(
    `KMS key "${encryption?.key}" is of region "${keyRegion}", the registry of "${region}"`,
    'name a key of the same region; an alias such as alias/ecr can be the same in all of them',
  )
}
