import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { compareText } from '../model/collections.ts'
import { emptyLock, type Lock } from '../model/lock.ts'
import { hasCode, type Result, unwrap } from '../model/problem.ts'
import { isDigest } from '../model/reference.ts'
import { parseYamlSource, type SourceText } from './yaml-source.ts'

const digest = z.string().refine(isDigest, { error: 'this is not a digest such as "sha256:…"' })

const size = z.int().nonnegative()
const blobs = z.record(digest, size)
const child = z.strictObject({
  digest,
  mediaType: z.string(),
  size,
  platform: z
    .strictObject({
      architecture: z.string(),
      os: z.string(),
      variant: z.string().exactOptional(),
      'os.version': z.string().exactOptional(),
    })
    .exactOptional(),
  blobs: blobs.exactOptional(),
})

const lockSchema = z.strictObject({
  images: z.record(
    z.string(),
    z.strictObject({
      digest,
      mediaType: z.string().exactOptional(),
      children: z.array(child).exactOptional(),
      blobs: blobs.exactOptional(),
    }),
  ),
  charts: z.record(z.string(), z.strictObject({ digest })),
})

/** Parses the text of a lock. Fails with every error at once, each with `file:line:column`. */
export function parseLock(source: SourceText): Result<Lock> {
  return parseYamlSource(source, lockSchema)
}

/** The lock's place: beside its manifest. */
export function lockFileOf(manifestFile: string): string {
  return join(dirname(manifestFile), 'private-ecr-lock.json')
}

function sorted<T>(entries: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).toSorted(([a], [b]) => compareText(a, b)))
}

/** A lock as text, sorted. */
export function renderLock({ images, charts }: Lock): string {
  return `${JSON.stringify({ images: sorted(images), charts: sorted(charts) }, null, 2)}\n`
}

/**
 * Loads the lock that lies beside a manifest, `private-ecr-lock.json`. It is optional: without the file the lock is
 * empty, and what reads it does without. Throws `ProblemError` for a file that is no lock.
 */
export async function loadLock(manifestFile: string): Promise<Lock> {
  const file = lockFileOf(manifestFile)
  try {
    return unwrap(parseLock({ file, text: await readFile(file, 'utf8') }))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return emptyLock
    throw error
  }
}
