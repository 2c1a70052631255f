/** The requests and responses of one host. Bytes are those of bodies. */
export interface HostCounters {
  requests: number
  bytesIn: number
  bytesOut: number
  /** Requests that were meant to change something, whether or not they succeeded. */
  writes: number
  /** Requests by operation: `manifestGet`, `blobHead`, `uploadStart`, `CreateRepository`… */
  operations: Record<string, number>
  /** Requests by status code. */
  statuses: Record<number, number>
}

export interface Counters {
  of(host: string): HostCounters
  snapshot(): Record<string, HostCounters>
  reset(): void
}

export function createCounters(): Counters {
  const hosts = new Map<string, HostCounters>()
  return {
    of(host) {
      const known = hosts.get(host)
      if (known) return known
      const fresh = emptyCounters()
      hosts.set(host, fresh)
      return fresh
    },
    snapshot: () => structuredClone(Object.fromEntries(hosts)),
    reset: () => hosts.clear(),
  }
}

function emptyCounters(): HostCounters {
  return { requests: 0, bytesIn: 0, bytesOut: 0, writes: 0, operations: {}, statuses: {} }
}

export function increment<K extends string | number>(record: Record<K, number>, key: K): void {
  record[key] = (record[key] ?? 0) + 1
}
