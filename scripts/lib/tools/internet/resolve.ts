import { lookup } from 'node:dns/promises'

/** Returns the addresses of a name; none when it does not resolve here. */
export type ResolveName = (host: string) => Promise<readonly string[]>

/** Resolves a name as the system does. */
export const resolveName: ResolveName = async (host) => {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch {
    return []
  }
}
