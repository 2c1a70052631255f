import { type FlagValues, group } from '../../cli/command/flag.ts'
import { choice, list, listOfWhole, text, toggle } from '../../cli/command/kinds.ts'

/** The flags for the settings of repositories. */
export const repositoryFlags = group('Repositories', {
  repoMutability: choice(['mutable', 'immutable'], 'word', 'whether tags can be moved'),
  repoMutabilityExclude: list(
    'filter',
    'tag filters excluded from the mutability setting, such as latest or dev-*; up to 5',
  ),
  repoKmsKey: text('key', 'encrypt with a KMS key: its ARN, ID or alias/name, or aws-managed'),
  repoScanOnPush: toggle('scan images on push'),
  repoLifecyclePolicy: text('file', 'lifecycle policy, as JSON or YAML'),
  repoPolicy: text('file', 'repository policy (permissions), as JSON or YAML'),
  repoTag: listOfWhole('key=value', 'tag in addition to chart-syncer=true'),
  updateRepositories: toggle('change existing repositories that do not match the request'),
  createOnPush: toggle(
    "create missing repositories on push, with the registry's creation template if one matches",
  ),
})

export type RepositoryFlags = FlagValues<typeof repositoryFlags>
