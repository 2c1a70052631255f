import pLimit from 'p-limit'
import type { Problem } from '../model/problem.ts'
import { attempt } from './attempt.ts'
import type { World } from './world.ts'

/** CreateRepository's rate is not published; few at a time have never been throttled. */
const createsAtOnce = 4

/** Every repository that this kit makes bears this tag, by which a clean-up finds them. */
const repositoryTags = { 'chart-syncer': 'true' }

/** What became of the repositories that were missing. */
export interface Creation {
  readonly created: readonly string[]
  /** The problem of each that could not be made, by name. */
  readonly problems: ReadonlyMap<string, Problem>
}

/** Creates repositories. One that somebody else has made meanwhile is as good as our own. */
export async function createRepositories(
  { ecr, signal }: Pick<World, 'ecr' | 'signal'>,
  names: readonly string[],
): Promise<Creation> {
  const limit = pLimit(createsAtOnce)
  const created: string[] = []
  const problems = new Map<string, Problem>()
  const create = async (name: string) => {
    if (signal.aborted) return
    const made = await attempt(ecr.createRepository(name, repositoryTags))
    if ('problem' in made) problems.set(name, made.problem)
    else if (made.value === 'created') created.push(name)
  }
  await Promise.all(names.map((name) => limit(() => create(name))))
  return { created: created.toSorted(), problems }
}
