import type { CopyLine } from '../../tools/process/crane.ts'

/** What one item has moved so far, over all its tries. Grows with each try. */
export interface Ledger {
  /** Blobs that went out in full, and how often. */
  readonly sent: Map<string, number>
  /** Blobs that the target took from another repository of its own. */
  readonly mounted: Set<string>
  /** Blobs that were in the repository before the first try, as far as somebody has looked. */
  readonly found: Set<string>
  /** A chart's archive that was not there when it was pushed. */
  pending?: string
  /** Manifests that the first try found in the repository. */
  readonly keptManifests: Set<string>
  /** Uploads and tries that broke off, each with an unknown number of bytes on the way. */
  brokenOff: number
  /** Bytes of manifests that were put again without crane. */
  putBytes: number
  /** The tag was put, whatever became of the look at it. */
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
 * Returns what enters the lines of one `crane copy` into a ledger.
 *
 * @param isFirst whether nothing was tried before: a manifest that a later try finds may be one of ours
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
        // crane ends with the words of its last retry.
        if (!line.isLast || !retried.has(line.digest)) recordSent(ledger, line.digest)
        retried.add(line.digest)
        return
      case 'broken-off':
        ledger.brokenOff += 1
    }
  }
}
