import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Works in a new folder with an unpredictable name inside another one, and removes it in any case. */
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
