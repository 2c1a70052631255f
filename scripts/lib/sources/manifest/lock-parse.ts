import { z } from 'zod'
import type { Lock } from '../../model/manifest/lock.ts'
import type { Result } from '../../model/problem.ts'
import { isDigest } from '../../model/image/reference.ts'
import { parseJsonFirst } from './json-first.ts'
import { safeRecord } from '../record.ts'
import type { SourceText } from '../yaml-source.ts'

const digest = z.string().refine(isDigest, { error: 'not a digest; expected "sha256:…"' })

const size = z.int().nonnegative()
const blobs = safeRecord(z.record(digest, size))
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
  images: safeRecord(
    z.record(
      z.string(),
      z.strictObject({
        digest,
        mediaType: z.string().exactOptional(),
        children: z.array(child).exactOptional(),
        blobs: blobs.exactOptional(),
      }),
    ),
  ),
  charts: safeRecord(z.record(z.string(), z.strictObject({ digest }))),
})

/** Parses the text of a lock. Fails with every error at once, each with `file:line:column`. */
export function parseLock(source: SourceText): Result<Lock> {
  return parseJsonFirst(source, lockSchema)
}
