import type { Ecr } from '../../aws/ecr/client.ts'
import { blobsOf, type Content, isComplete, readManifest } from '../../model/image/content.ts'
import { toResult } from '../../model/problem.ts'
import type { Copied } from '../copy/copied.ts'
import type { CopyJob } from '../copy/job.ts'
import { learnFromEcr } from '../layers/learn.ts'
import { type Ledger, recordSent } from './ledger.ts'
import { partsOf, type Traffic, weighCopy, weighSent } from './weigh.ts'

type Doors = Pick<Ecr, 'readManifests' | 'sizesOfBlobs'>

/** Returns the content of a copied image: as known, else as read from the target's own manifests. */
export async function learnCopied(
  { step, content }: Pick<CopyJob, 'step' | 'content'>,
  { manifest }: Copied,
  ecr: Doors,
): Promise<Content | undefined> {
  if (step.kind === 'chart') return readManifest(manifest)
  if (content !== undefined && isComplete(content)) return content
  return learnFromEcr(ecr, step.repository, manifest)
}

/** Computes the traffic of a finished copy from its content. */
export function weighCopied(
  { lane, ledger }: Pick<CopyJob, 'lane' | 'ledger'>,
  copied: Copied,
  content: Content | undefined,
): Traffic {
  if (lane === 'chart' && content !== undefined) recordPush(ledger, content, copied)
  const parts = content && partsOf(content, copied)
  return parts === undefined
    ? weighSent(ledger, content === undefined ? new Map() : blobsOf(content))
    : weighCopy(ledger, parts)
}

/** Computes the traffic of an item that was not completed. Asks the target for unknown blob sizes. */
export async function weighFailed(
  { step, ledger, content, attempts }: Pick<CopyJob, 'step' | 'ledger' | 'content' | 'attempts'>,
  ecr: Doors,
): Promise<Partial<Traffic>> {
  if (attempts === 0) return {}
  const known = content === undefined ? new Map<string, number>() : blobsOf(content)
  const { pending } = ledger
  if (pending !== undefined) await lookForArchive(ecr, step.repository, pending, ledger)
  const unknown = [...ledger.sent.keys()].filter((digest) => !known.has(digest))
  const asked =
    unknown.length === 0 ? undefined : await toResult(ecr.sizesOfBlobs(step.repository, unknown))
  const found = asked !== undefined && asked.ok ? asked.value : []
  const traffic = weighSent(ledger, new Map([...known, ...found]))
  return ledger.isTagged ? { ...traffic, isTagged: true } : traffic
}

/**
 * Checks whether the target has a chart's archive, because helm does not report what it sends. An archive that is
 * present before the first push is not sent; one that appears after a failed push was sent.
 */
export async function lookForArchive(
  ecr: Pick<Doors, 'sizesOfBlobs'>,
  repository: string,
  digest: string,
  ledger: Ledger,
): Promise<void> {
  const asked = await toResult(ecr.sizesOfBlobs(repository, [digest]))
  const isThere = asked.ok && asked.value.has(digest)
  if (isThere && ledger.pending === digest) {
    recordSent(ledger, digest)
    delete ledger.pending
  } else if (isThere && !ledger.sent.has(digest)) {
    ledger.found.add(digest)
  } else if (!isThere) {
    ledger.pending = digest
  }
}

/**
 * Computes the traffic of a chart. helm sends all blobs that the repository does not have, and the manifest twice: by
 * digest, then by tag (oras.ExtendedCopy; helm v4.2.4, pkg/registry/client.go).
 */
function recordPush(ledger: Ledger, content: Content, { manifest }: Copied): void {
  ledger.putBytes += Buffer.byteLength(manifest)
  for (const digest of blobsOf(content).keys()) {
    if (!ledger.found.has(digest) && !ledger.sent.has(digest)) recordSent(ledger, digest)
  }
}
