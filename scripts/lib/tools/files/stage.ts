import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Works in a new folder inside another one, under a name that nobody can foresee, and removes it whatever happens. */
export async function withStageIn<T>(
  parent: string,
  work: (stage: string) => Promise<T>,
): Promise<T> {
  const stage = await mkdtemp(join(parent, '.ecr-airlift-'))
  try {
    return await work(stage)
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}
