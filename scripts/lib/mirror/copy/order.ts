import { blobsOf, type Content } from '../../model/image/content.ts'

/** An item, as far as the order of copies depends on it. */
export interface Orderable {
  readonly content?: Content
}

/** Bytes below which a layer is not worth waiting for: sending it again takes about as long as a request. */
const worthWaitingFor = 32 * 1024

/**
 * Returns, by item, the layers that several items need and that the target does not have yet. Each one is uploaded
 * once: the second item waits until the first has uploaded it.
 */
export function sharedBlobs<T extends Orderable>(
  items: readonly T[],
  isThere: (blob: string) => boolean,
): ReadonlyMap<T, readonly string[]> {
  const users = new Map<string, T[]>()
  for (const item of items) {
    if (item.content === undefined) continue
    for (const [blob, size] of blobsOf(item.content)) {
      if (size < worthWaitingFor || isThere(blob)) continue
      addTo(users, blob, item)
    }
  }
  const shared = new Map<T, string[]>()
  for (const [blob, own] of users) {
    if (own.length < 2) continue
    for (const item of own) addTo(shared, item, blob)
  }
  return shared
}

/**
 * Returns the items that are copied first because others share their layers: for each shared layer the item that
 * uploads it with the fewest other bytes, unless a leader chosen earlier also uploads it.
 */
export function chooseLeaders<T extends Orderable>(
  shared: ReadonlyMap<T, readonly string[]>,
  bytesOf: (item: T) => number,
): ReadonlySet<T> {
  const users = new Map<string, T[]>()
  for (const [item, blobs] of shared) {
    for (const blob of blobs) addTo(users, blob, item)
  }
  const leaders = new Set<T>()
  const brought = new Set<string>()
  // The layer that most items wait for is uploaded by the smallest item that has it.
  for (const [blob, own] of [...users].toSorted(([, a], [, b]) => b.length - a.length)) {
    if (brought.has(blob)) continue
    const [lightest] = own.toSorted((a, b) => bytesOf(a) - bytesOf(b))
    if (lightest === undefined) continue
    leaders.add(lightest)
    for (const other of shared.get(lightest) ?? []) brought.add(other)
  }
  return leaders
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [value])
  else known.push(value)
}
