import type { CopyLine } from '../../tools/process/crane.ts'

/** The traffic of one item so far, over all its attempts. Grows with each attempt. */
export interface Ledger {
  /** Blobs that were sent in full, and how often. */
  readonly sent: Map<string, number>
  /** Blobs that the target mounted from another repository. */
  readonly mounted: Set<string>
  /** Blobs that were in the repository before the first attempt, as far as known. */
  readonly found: Set<string>
  /** A chart's archive that was not present when it was pushed. */
  pending?: string
  /** Manifests that the first attempt found in the repository. */
  readonly keptManifests: Set<string>
  /** Failed uploads and attempts, each after an unknown number of bytes. */
  brokenOff: number
  /** Bytes of manifests that were pushed again without crane. */
  putBytes: number
  /** True when the tag was pushed, even if it could not be read back. */
  isTagged: boolean
}

export function openLedger(): Ledger {
  return {
    sent: new Map(),
    mounted: new Set(),
    found: new Set(),
    keptManifests: new Set(),
    brokenOff: 0,
    putBytes: 0,
    isTagged: false,
  }
}

export function recordSent({ sent }: Pick<Ledger, 'sent'>, digest: string): void {
  sent.set(digest, (sent.get(digest) ?? 0) + 1)
}

/**
 * Returns a function that records the lines of one `crane copy` in a ledger.
 *
 * @param isFirst whether this is the first attempt: a manifest that a later attempt finds may be our own
 */
export function recordLines(ledger: Ledger, isFirst: boolean): (line: CopyLine) => void {
  const retried = new Set<string>()
  return (line) => {
    switch (line.kind) {
      case 'pushed':
        return recordSent(ledger, line.digest)
      case 'mounted':
        return void ledger.mounted.add(line.digest)
      case 'existing':
        return
      case 'existing-manifest':
        if (isFirst) ledger.keptManifests.add(line.digest)
        return
      case 'refused':
        // crane's final message repeats that of its last retry.
        if (!line.isLast || !retried.has(line.digest)) recordSent(ledger, line.digest)
        retried.add(line.digest)
        return
      case 'broken-off':
        ledger.brokenOff += 1
    }
  }
}
