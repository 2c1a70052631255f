import type { PushTemplate } from '../../aws/ecr/repositories.ts'
import { count } from '../../cli/text.ts'
import { groupBy } from '../../model/collections.ts'
import type { Difference, Drift } from '../../model/repository/drift.ts'
import { mutabilityName, ownTag, type RepositorySettings } from '../../model/repository/settings.ts'
import type { RepositoriesPlan } from './repositories.ts'

const phrases: Readonly<Record<Difference['setting'], string>> = {
  mutability: 'mutability is',
  encryption: 'encryption is',
  scanOnPush: 'scan on push is',
  lifecyclePolicy: 'lifecycle policy is',
  repositoryPolicy: 'repository policy is',
  tags: 'tags are',
}

/** Number of repositories that are listed by name; more are only counted. */
const named = 3

/** Longer values (policies) are truncated; JSON output has them in full. */
const longest = 60

/** Renders differences as sentences; repositories with the same difference share one. */
export function explainDrift(drift: readonly Drift[], update: boolean): string[] {
  const pairs = drift.flatMap(({ repository, differences }) =>
    differences.map((difference) => ({ repository, difference })),
  )
  return [...groupBy(pairs, ({ difference }) => JSON.stringify(difference)).values()].flatMap(
    (group) => {
      const [first] = group
      if (first === undefined) return []
      const { setting, is, wanted, changeable } = first.difference
      const where = listNames(group.map(({ repository }) => repository))
      return [
        `${where}: ${phrases[setting]} ${shorten(is)}, requested ${shorten(wanted)}${fateOf(changeable, update)}`,
      ]
    },
  )
}

function fateOf(changeable: boolean, update: boolean): string {
  if (!changeable)
    return '; ECR cannot change it later: mirror under another --prefix, or delete the repository and mirror again'
  return update ? '; will be changed' : '; rerun with --update-repositories to change it'
}

function listNames(repositories: readonly string[]): string {
  return repositories.length > named
    ? count(repositories.length, 'repository', 'repositories')
    : repositories.map((name) => `repository ${name}`).join(', ')
}

function shorten(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** Explains how repositories that are left to pushes get created, and which tag they may lack. */
export function explainLeft(left: readonly string[], templates: readonly PushTemplate[]): string[] {
  if (left.length === 0) return []
  const lines = [
    `${listNames(left)}: ECR creates ${left.length === 1 ? 'it' : 'them'} on push, with the settings of a creation template`,
  ]
  if (templates.some(({ tags }) => tags[ownTag.key] !== ownTag.value)) {
    lines.push(
      `cleanup-ecr.ts finds such repositories only if their template sets the tag ${ownTag.key}=${ownTag.value}`,
    )
  }
  return lines
}

/** Renders the lines of a plan about repositories to create, left to pushes, or with different settings. */
export function renderRepositories(
  create: readonly string[],
  plan: RepositoriesPlan | undefined,
): string[] {
  const { settings = {}, drift = [], update = false, templates = [], leave = [] } = plan ?? {}
  const given = describeSettings(settings)
  return [
    ...create.map((name) => `create repository ${name}`),
    ...(create.length > 0 && given !== '' ? [`new repositories get ${given}`] : []),
    ...explainLeft(leave, templates),
    ...explainDrift(drift, update),
  ]
}

function describeSettings(settings: RepositorySettings): string {
  const { mutability, mutabilityExclude = [], encryption, scanOnPush, tags = {} } = settings
  const except = mutabilityExclude.length > 0 ? ` (${mutabilityExclude.join(', ')})` : ''
  return [
    mutability && `mutability ${mutabilityName(settings)}${except}`,
    encryption && `encryption ${[encryption.type, encryption.key].filter(Boolean).join(' ')}`,
    scanOnPush !== undefined && `scan on push ${scanOnPush}`,
    settings.lifecyclePolicy && 'a lifecycle policy',
    settings.repositoryPolicy && 'a repository policy',
    ...Object.entries(tags).map(([key, value]) => `tag ${key}=${value}`),
  ]
    .filter(Boolean)
    .join(', ')
}
