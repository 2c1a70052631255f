import type { Egress } from '../../../model/chart/egress.ts'
import { compareText, groupBy } from '../../../model/collections.ts'
import { describeSite } from '../questions/site.ts'
import type { EgressSite } from './egress.ts'

/** Addresses of a variant. */
export interface VariantEgress {
  readonly variant: string
  readonly sites: readonly EgressSite[]
}

/** Maximum of hosts for one chart, and of addresses and places for one host: more add no information. */
const limits = { hosts: 200, addresses: 50, places: 20 }

/** Returns each host once, with its addresses and places: sorted, the same on every machine. */
export function summarizeEgress(all: readonly VariantEgress[]): Egress[] {
  const placed = all.flatMap(({ variant, sites }) =>
    sites.map((site) => ({ ...site, variant, place: describeSite(site) })),
  )
  const byHost = groupBy(placed, ({ use, host }) => JSON.stringify([host, use]))
  return [...byHost]
    .toSorted(([a], [b]) => compareText(a, b))
    .slice(0, limits.hosts)
    .flatMap(([, same]) => {
      const [first] = same
      if (first === undefined) return []
      const places = groupBy(same, ({ place }) => JSON.stringify(place))
      return [
        {
          host: first.host,
          use: first.use,
          addresses: [...new Set(same.map(({ address }) => address))]
            .toSorted(compareText)
            .slice(0, limits.addresses),
          places: [...places.values()].slice(0, limits.places).flatMap((here) => {
            const [one] = here
            const variants = [...new Set(here.map(({ variant }) => variant))]
            return one === undefined ? [] : [{ variants, ...one.place }]
          }),
        },
      ]
    })
}
