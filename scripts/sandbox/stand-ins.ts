import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMap, parseDocument } from 'yaml'
import { type ArchiveEntry, storeGzip, writeTar } from './content/archive.ts'
import type { ChartArchive } from './upstream/chart-archive.ts'

/** Small charts with the names, images and value paths of well-known charts, for use without the internet. */
const folder = join(import.meta.dirname, 'charts')

/** Images that the charts use and that hand-written lists often miss. They are served as well. */
const easilyMissed: Readonly<Record<string, readonly string[]>> = {
  'cert-manager': ['quay.io/jetstack/cert-manager-acmesolver:v1.17.2'],
  'kube-prometheus-stack': ['quay.io/thanos/thanos:v0.38.0'],
  'strimzi-kafka-operator': ['quay.io/strimzi/kafka:0.47.0-kafka-3.9.1'],
}

export function easilyMissedImages(charts: readonly { readonly name: string }[]): string[] {
  return charts.flatMap(
    ({ name }) => (Object.hasOwn(easilyMissed, name) ? easilyMissed[name] : []) ?? [],
  )
}

export function standInNames(): string[] {
  return readdirSync(folder).toSorted()
}

/** Packages a stand-in with the given version. The same chart and version always produce the same bytes. */
export function packStandIn(name: string, version: string): ChartArchive {
  if (!standInNames().includes(name)) {
    throw new Error(
      `no stand-in for chart "${name}" (available: ${standInNames().join(', ')}); use --charts DIR to serve real archives`,
    )
  }
  const entries = readTree(join(folder, name), name)
  const chartFile = `${name}/Chart.yaml`
  const original = entries.find(({ path }) => path === chartFile)
  const document = parseDocument(original?.content.toString() ?? '')
  if (!isMap(document.contents)) throw new Error(`${chartFile} is not a mapping`)
  document.set('version', version)

  const others = entries.filter(({ path }) => path !== chartFile)
  const changed = { path: chartFile, content: Buffer.from(document.toString()) }
  const metadata: Record<string, unknown> = document.toJS()
  return { name, version, metadata, bytes: storeGzip(writeTar([...others, changed])) }
}

function readTree(directory: string, prefix: string): ArchiveEntry[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}/${entry.name}`
    const source = join(directory, entry.name)
    return entry.isDirectory() ? readTree(source, path) : [{ path, content: readFileSync(source) }]
  })
}
