import { blobsOf, type Content, isComplete } from '../../model/image/content.ts'
import type { Outcome } from '../../model/events.ts'
import type { Ledger } from './ledger.ts'

/** The sizes, by digest, of all parts of an item in the target. */
export interface Parts {
  /** Digest of the manifest that the tag points to. */
  readonly root: string
  readonly blobs: ReadonlyMap<string, number>
  readonly manifests: ReadonlyMap<string, number>
}

/** The bytes of an item, as its outcome reports them. */
export type Traffic = Pick<
  Outcome,
  'blobs' | 'bytes' | 'mounted' | 'mountedBytes' | 'presentBytes' | 'brokenOff' | 'isTagged'
>

/** Returns the parts of an image or chart; nothing if a part is unknown. */
export function partsOf(
  content: Content,
  root: { readonly digest: string; readonly manifest: string },
): Parts | undefined {
  if (!isComplete(content)) return undefined
  const children = (content.children ?? []).map(({ digest, size }) => [digest, size] as const)
  return {
    root: root.digest,
    blobs: blobsOf(content),
    manifests: new Map([...children, [root.digest, Buffer.byteLength(root.manifest)]]),
  }
}

/** Returns the traffic of a finished item: parts that were neither sent nor mounted were already present. */
export function weighCopy(ledger: Ledger, { root, blobs, manifests }: Parts): Traffic {
  const present = [...blobs].filter(
    ([digest]) => !ledger.sent.has(digest) && !ledger.mounted.has(digest),
  )
  // crane checks nothing else once it has found the root.
  const put = ledger.keptManifests.has(root)
    ? []
    : [...manifests].filter(([digest]) => !ledger.keptManifests.has(digest))
  const sent = weighSent(ledger, blobs)
  return {
    ...sent,
    ...(sent.bytes !== undefined && { bytes: sent.bytes + sumOf(put) + ledger.putBytes }),
    presentBytes: sumOf(present),
  }
}

/** Returns the traffic of an item that was not completed, or whose parts are unknown. */
export function weighSent(ledger: Ledger, sizes: ReadonlyMap<string, number>): Traffic {
  const { sent, mounted, brokenOff } = ledger
  const bytes = sumKnown([...sent], sizes)
  const mountedBytes = sumKnown(
    [...mounted].map((digest) => [digest, 1] as const),
    sizes,
  )
  return {
    blobs: [...sent.values()].reduce((a, b) => a + b, 0),
    mounted: mounted.size,
    ...(bytes !== undefined && { bytes }),
    ...(mountedBytes !== undefined && { mountedBytes }),
    ...(brokenOff > 0 && { brokenOff }),
  }
}

/** Returns the bytes of blobs times their counts; nothing if a size is unknown. */
function sumKnown(
  blobs: readonly (readonly [digest: string, times: number])[],
  sizes: ReadonlyMap<string, number>,
): number | undefined {
  let sum = 0
  for (const [digest, times] of blobs) {
    const size = sizes.get(digest)
    if (size === undefined) return undefined
    sum += size * times
  }
  return sum
}

function sumOf(parts: readonly (readonly [string, number])[]): number {
  return parts.reduce((sum, [, size]) => sum + size, 0)
}
