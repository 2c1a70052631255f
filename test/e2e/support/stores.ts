import { createHash } from 'node:crypto'
import {
  type ManifestChart,
  publishedVersion,
} from '../../../scripts/lib/model/manifest/manifest.ts'
import type { Sandbox } from '../../../scripts/sandbox/sandbox.ts'

// The name of a destination is deliberately spelled out here a second time: a test that used the project's own layout
// would repeat any mistake in it.

export interface Place {
  readonly repository: string
  readonly tag: string
}

export function imagePlace(reference: string, prefix = ''): Place {
  const colon = reference.lastIndexOf(':')
  return {
    repository: `${prefix}mirrored/${reference.slice(0, colon)}`,
    tag: reference.slice(colon + 1),
  }
}

export function chartPlace(chart: ManifestChart, prefix = ''): Place {
  return { repository: `${prefix}charts/${chart.name}`, tag: publishedVersion(chart) }
}

interface StoredShape {
  readonly manifests?: readonly { readonly digest: string; readonly size: number }[]
  readonly layers?: readonly { readonly digest: string; readonly mediaType: string }[]
}

/** Returns what is wrong with the copy of an image in the sandbox's stores; `undefined` if it is complete. */
export function faultOfCopy(sandbox: Sandbox, reference: string, prefix = ''): string | undefined {
  const { repository, tag } = imagePlace(reference, prefix)
  const expected = sandbox.upstreamDigest(reference)
  const found = sandbox.ecrImages(repository)?.tags[tag]
  if (expected === undefined) return `${reference} is not upstream`
  if (found !== expected) return `${reference} is ${found ?? 'missing'}, not ${expected}`
  return faultOfManifest(sandbox, repository, expected)
}

function faultOfManifest(sandbox: Sandbox, repository: string, digest: string): string | undefined {
  const stored = sandbox.ecrManifest(repository, digest)
  if (stored === undefined) return `${repository}@${digest} is missing`
  const hash = createHash('sha256').update(stored.bytes).digest('hex')
  if (`sha256:${hash}` !== digest) return `${repository}@${digest} holds other bytes`
  const { manifests = [] }: StoredShape = JSON.parse(stored.bytes.toString())
  return manifests.map((child) => faultOfManifest(sandbox, repository, child.digest)).find(Boolean)
}

/** Returns what is wrong with the copies of images; an empty list if all are complete. */
export function faultsOfCopies(
  sandbox: Sandbox,
  references: readonly string[],
  prefix = '',
): string[] {
  return references.flatMap((reference) => faultOfCopy(sandbox, reference, prefix) ?? [])
}

/** Returns the digest of a chart's archive in ECR. */
export function chartLayer(sandbox: Sandbox, place: Place): string | undefined {
  const stored = sandbox.ecrManifest(place.repository, place.tag)
  if (stored === undefined) return undefined
  const { layers = [] }: StoredShape = JSON.parse(stored.bytes.toString())
  return layers.find(({ mediaType }) => mediaType.includes('helm.chart.content'))?.digest
}

/** Returns the digest of the manifest under a tag. */
export function digestAt(sandbox: Sandbox, { repository, tag }: Place): string | undefined {
  return sandbox.ecrImages(repository)?.tags[tag]
}

/** Returns requests by operation, for hosts that are sources or for all others. */
export function operations(sandbox: Sandbox, side: 'sources' | 'aws'): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [host, { operations: counted }] of Object.entries(sandbox.counters())) {
    if (host.endsWith('.amazonaws.com') !== (side === 'aws')) continue
    for (const [name, count] of Object.entries(counted)) sums[name] = (sums[name] ?? 0) + count
  }
  return sums
}

/** Returns requests that were meant to change something in AWS. */
export function writes(sandbox: Sandbox): number {
  return Object.values(sandbox.counters()).reduce((sum, host) => sum + host.writes, 0)
}
