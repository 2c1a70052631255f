import type { Ecr, EcrRepository } from '../../aws/ecr/client.ts'
import { repositoryPace } from '../../aws/ecr/pace.ts'
import type { PushTemplate } from '../../aws/ecr/repositories.ts'
import { compareText } from '../../model/collections.ts'
import { ProblemError, toResult } from '../../model/problem.ts'
import { compareRepository, type Drift } from '../../model/repository/drift.ts'
import {
  isIndifferent,
  mutabilityName,
  type RepositorySettings,
} from '../../model/repository/settings.ts'
import { createGate } from '../../tools/pacing/gate.ts'
import type { RepositoryRequest } from './settings.ts'

/** The part of a plan about repositories beyond those that it creates. */
export interface RepositoriesPlan {
  readonly settings: RepositorySettings
  /** Existing repositories whose settings differ from the request. */
  readonly drift: readonly Drift[]
  /** Whether they will be changed. */
  readonly update: boolean
  /** Templates from which ECR creates repositories on push; read only when some are missing. */
  readonly templates: readonly PushTemplate[]
  /** Missing repositories that are left to a template. */
  readonly leave: readonly string[]
}

/** Returns the existing repositories as they will be when the copies start. */
export function expectRepositories(
  existing: ReadonlyMap<string, EcrRepository>,
  { settings, update }: RepositoryRequest,
): ReadonlyMap<string, EcrRepository> {
  if (!update || settings.mutability === undefined) return existing
  const requested = {
    mutability: mutabilityName(settings),
    exclusions: settings.mutabilityExclude ?? [],
  }
  return new Map([...existing].map(([name, repository]) => [name, { ...repository, ...requested }]))
}

/**
 * Plans repository settings: how existing repositories differ from the request, and which missing ones are created or
 * left to a template. Without a request, existing ones are not read. Throws `ProblemError` when a call fails.
 */
export async function planRepositories(
  ecr: Ecr,
  missing: readonly string[],
  existing: ReadonlyMap<string, EcrRepository>,
  { settings, update, onPush }: RepositoryRequest,
  signal: AbortSignal,
): Promise<{ readonly create: readonly string[]; readonly repositories?: RepositoriesPlan }> {
  const [drift, templates] = await Promise.all([
    findDrift(ecr, [...existing.values()], settings, signal),
    missing.length > 0 ? readTemplates(ecr, onPush) : [],
  ])
  if (isIndifferent(settings) && templates.length === 0) return { create: missing }
  const isLeft = (name: string) => onPush && templateFor(templates, name) !== undefined
  return {
    create: missing.filter((name) => !isLeft(name)),
    repositories: { settings, drift, update, templates, leave: missing.filter(isLeft) },
  }
}

async function findDrift(
  ecr: Ecr,
  existing: readonly EcrRepository[],
  settings: RepositorySettings,
  signal: AbortSignal,
): Promise<Drift[]> {
  if (isIndifferent(settings)) return []
  const { lifecyclePolicy, repositoryPolicy, tags } = settings
  const needsDetails = [lifecyclePolicy, repositoryPolicy, tags].some(Boolean)
  const gate = createGate(repositoryPace, signal)
  const found = await Promise.all(
    existing.map(async (repository): Promise<Drift> => {
      const details = needsDetails
        ? await gate.enter(() => ecr.readDetails(repository, settings))
        : {}
      const differences = compareRepository(settings, repository, details)
      return { repository: repository.name, arn: repository.arn, differences }
    }),
  )
  return found
    .filter(({ differences }) => differences.length > 0)
    .toSorted((a, b) => compareText(a.repository, b.repository))
}

/** Reads templates. Treats access-denied as "no templates", unless --create-on-push needs them. */
async function readTemplates(ecr: Ecr, isNeeded: boolean): Promise<PushTemplate[]> {
  const read = await toResult(ecr.listPushTemplates())
  if (read.ok) return read.value
  if (isNeeded || read.problem.kind === 'interrupted') throw new ProblemError(read.problem)
  return []
}

/** Returns the template that applies to a push into a repository: the one with the longest prefix, `ROOT` last. */
export function templateFor(
  templates: readonly PushTemplate[],
  name: string,
): PushTemplate | undefined {
  return templates
    .filter(({ prefix }) => prefix === 'ROOT' || name.startsWith(`${prefix}/`))
    .toSorted((a, b) => reach(b) - reach(a))[0]
}

function reach({ prefix }: PushTemplate): number {
  return prefix === 'ROOT' ? 0 : prefix.length
}
