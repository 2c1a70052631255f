import type { OutputPlace } from './place.ts'
import { clip } from '../text/clip.ts'
import { lineOf } from '../text/line.ts'

/**
 * What is fetched from an address. `charts`: charts that a controller installs. `source`: folders of manifests and other
 * files for a controller. `address`: whatever a program uses it for.
 */
export const egressUses = ['charts', 'source', 'address'] as const
export type EgressUse = (typeof egressUses)[number]

/** Where the output of a chart contains an address. */
export interface EgressPlace extends OutputPlace {
  readonly variants: readonly string[]
}

/**
 * A host outside the cluster from which something in a chart's output fetches, or to which it connects. It is no image: a
 * mirror does not contain it, and a cluster without internet access does not reach it.
 */
export interface Egress {
  /** `host`, `host:port`, or the address of a bucket. */
  readonly host: string
  readonly use: EgressUse
  /** Without credentials and query; without a path if they come from a Secret. */
  readonly addresses: readonly string[]
  readonly places: readonly EgressPlace[]
}

const uses: Readonly<Record<EgressUse, string>> = {
  charts: 'charts are fetched from',
  source: 'manifests or files are fetched from',
  address: 'a program may connect to',
}

/** Describes a host with its first address and place in one line. */
export function describeEgress({
  use,
  host,
  addresses,
  places: [place, ...others],
}: Egress): string {
  const [address = host] = addresses
  const further = addresses.length > 1 ? ` and ${addresses.length - 1} more of its addresses` : ''
  const where = place === undefined ? '' : ` at ${place.document} ${place.path}`
  const rest = others.length === 1 ? '1 other place' : `${others.length} other places`
  const more = others.length === 0 ? '' : ` and ${rest}`
  return lineOf(`${uses[use]} ${clip(address)}${further}${where}${more}`)
}
