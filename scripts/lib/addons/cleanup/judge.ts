import { columns, count } from '../../cli/text.ts'
import type { CleanupPlace } from './places.ts'

/** A repository with the reasons for and against its deletion. */
export interface JudgedRepository {
  readonly repository: string
  readonly action: 'delete' | 'keep'
  /**
   * `tag-and-place`: it has the tag and is in scope, so it is deleted. `in-use`: the same, but a kept manifest uses it.
   * `place`: it has the tag but is not in scope. `tag`: it is in scope but does not have the tag.
   */
  readonly reason: 'tag-and-place' | 'in-use' | 'place' | 'tag'
  readonly hasTag: boolean
  /** Its place in the scope; null outside it. */
  readonly place: CleanupPlace | null
}

export interface JudgeInput {
  readonly repository: string
  readonly hasTag: boolean
  readonly place: CleanupPlace | undefined
  readonly isInUse: boolean
}

/** Decides about a repository. Returns undefined for one that neither has the tag nor is in scope. */
export function judgeRepository({
  repository,
  hasTag,
  place,
  isInUse,
}: JudgeInput): JudgedRepository | undefined {
  if (!hasTag && place === undefined) return undefined
  const facts = { repository, hasTag, place: place ?? null }
  if (!hasTag) return { ...facts, action: 'keep', reason: 'tag' }
  if (isInUse) return { ...facts, action: 'keep', reason: 'in-use' }
  if (place === undefined) return { ...facts, action: 'keep', reason: 'place' }
  return { ...facts, action: 'delete', reason: 'tag-and-place' }
}

export interface DescribeSettings {
  readonly tag: string
  /** Repositories that are not in the list. */
  readonly others: number
  /** How many were deleted; undefined when none was to be deleted. */
  readonly deleted: number | undefined
}

/** Returns a row for each repository with its action, tag and place, and a summary. */
export function describeJudged(
  judged: readonly JudgedRepository[],
  { tag, others, deleted }: DescribeSettings,
): string[] {
  if (judged.length === 0) return ['nothing to clean up: no repository has the tag or is in scope']
  const rows = columns(
    judged.map(({ action, repository, hasTag, place, reason }) => [
      action,
      repository,
      hasTag ? `tag ${tag}` : `no tag ${tag}`,
      [placeText(place), ...(reason === 'in-use' ? ['used by a kept manifest'] : [])].join(', '),
    ]),
  )
  const doomed = judged.filter(({ action }) => action === 'delete').length
  const isAnyOutside = judged.some(({ reason }) => reason === 'place')
  return [
    ...rows,
    ...(others > 0 ? [`${count(others, 'other repository', 'other repositories')} kept`] : []),
    ...(isAnyOutside
      ? [
          'to clean up other repositories, specify their manifest with --manifest or their path with --prefix',
        ]
      : []),
    deleted === undefined
      ? `nothing was deleted; use --confirm to delete ${count(doomed, 'repository', 'repositories')} with all their images`
      : `${count(deleted, 'repository', 'repositories')} deleted`,
  ]
}

function placeText(place: CleanupPlace | null): string {
  if (place === null) return 'not in scope'
  switch (place.kind) {
    case 'manifest':
      return 'in the manifest'
    case 'chart':
      return `under the chart ${place.path}/`
    case 'prefix':
      return `under the prefix ${place.path}`
    case 'root':
      return `under ${place.path}/`
  }
}
