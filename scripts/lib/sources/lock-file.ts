import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { emptyLock, type Lock } from '../model/lock.ts'
import { hasCode, type Result, unwrap } from '../model/problem.ts'
import { isDigest } from '../model/reference.ts'
import { parseYamlSource, type SourceText } from './yaml-source.ts'

const digest = z.string().refine(isDigest, { error: 'this is not a digest such as "sha256:…"' })

const lockSchema = z.strictObject({
  images: z.record(
    z.string(),
    z.strictObject({
      digest,
      bytes: z.int().nonnegative().exactOptional(),
      children: z.array(digest).exactOptional(),
    }),
  ),
  charts: z.record(z.string(), z.strictObject({ digest })),
})

/** Parses the text of a lock. Fails with every error at once, each with `file:line:column`. */
export function parseLock(source: SourceText): Result<Lock> {
  return parseYamlSource(source, lockSchema)
}

/**
 * Loads the lock that lies beside a manifest, `private-ecr-lock.json`. It is optional: without the file the lock is
 * empty, and what reads it does without. Throws `ProblemError` for a file that is no lock.
 */
export async function loadLock(manifestFile: string): Promise<Lock> {
  const file = join(dirname(manifestFile), 'private-ecr-lock.json')
  try {
    return unwrap(parseLock({ file, text: await readFile(file, 'utf8') }))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return emptyLock
    throw error
  }
}
