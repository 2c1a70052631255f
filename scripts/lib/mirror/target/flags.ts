import { type Command, Option } from 'commander'
import { collect, collectWhole } from '../../cli/options.ts'

/** The flags about repositories, as commander gives them. */
export interface RepositoryFlags {
  readonly repoMutability?: 'mutable' | 'immutable'
  readonly repoMutabilityExclude?: readonly string[]
  readonly repoKmsKey?: string
  readonly repoScanOnPush?: boolean
  readonly repoLifecyclePolicy?: string
  readonly repoPolicy?: string
  readonly repoTag?: readonly string[]
  readonly updateRepositories?: boolean
  readonly createOnPush?: boolean
}

/** Adds the flags about repositories to a command, in a group of their own. */
export function addRepositoryOptions(command: Command): Command {
  return command
    .optionsGroup('Repositories:')
    .addOption(
      new Option('--repo-mutability <word>', 'whether tags can be moved to other images').choices([
        'mutable',
        'immutable',
      ]),
    )
    .option(
      '--repo-mutability-exclude <filter>',
      'tags for which the opposite holds, such as latest or dev-*; up to 5, repeatable',
      collect,
    )
    .option(
      '--repo-kms-key <key>',
      'encrypt with a KMS key: its ARN, id or alias/name, or aws-managed',
    )
    .option('--repo-scan-on-push', 'scan images when they are pushed')
    .option('--repo-lifecycle-policy <file>', 'lifecycle policy, as JSON or YAML')
    .option('--repo-policy <file>', 'repository policy (permissions), as JSON or YAML')
    .option(
      '--repo-tag <key=value>',
      'tag beside chart-syncer=true, which all get; repeatable',
      collectWhole,
    )
    .option('--update-repositories', 'change existing repositories that are not as requested')
    .option(
      '--create-on-push',
      'leave missing repositories to the creation templates of the registry, where one matches',
    )
}
