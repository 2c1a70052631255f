import { blobsOf, type Content } from '../../model/image/content.ts'

/** What the order of copies depends on. */
export interface Orderable {
  readonly content?: Content
}

/** Below this a layer is not worth waiting for: sending it again takes about as long as a request. */
const worthWaitingFor = 32 * 1024

/**
 * Layers that several items need and the target does not have yet, by item. Each of them crosses the wire once: whoever
 * comes second waits until the first has brought it.
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
 * The items that go first, so that the others find their bases there: for each shared layer the item that brings it
 * with the fewest other bytes, unless a leader that was chosen already brings it too.
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
  // The layer that most wait for is brought by the lightest item that has it.
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
