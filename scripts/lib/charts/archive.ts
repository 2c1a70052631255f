import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { list } from 'tar'
import { failure, type Result, success } from '../model/problem.ts'
import { emptyTree, isTree, type ValuesNode } from '../model/values.ts'
import { loadYaml } from './chart-metadata.ts'

/** What a chart archive says of itself. */
export interface ChartArchive {
  readonly name: string
  readonly version: string
  /** Hex SHA-256 of the file: in a registry the digest of its layer. */
  readonly sha256: string
}

/** A Chart.yaml beyond this is no Chart.yaml; helm's own limit for one file is 5 MiB. */
const maximumBytes = 5 * 1024 * 1024

/** Reads name and version from the Chart.yaml of an archive, and hashes the file. Nothing is unpacked to disk. */
export async function readArchive(file: string): Promise<Result<ChartArchive>> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const sha256 = hash.digest('hex')
  try {
    const chart = await readChartFile(file)
    const { name, version } = isTree(chart) ? chart : emptyTree()
    if (typeof name === 'string' && typeof version === 'string') {
      return success({ name, version, sha256 })
    }
    return notAChart(file, 'it has no Chart.yaml with a name and a version')
  } catch (error) {
    // A web page in place of an archive, or half of one.
    return notAChart(file, error instanceof Error ? error.message : String(error))
  }
}

async function readChartFile(file: string): Promise<ValuesNode> {
  const chunks: Buffer[] = []
  let bytes = 0
  await list({
    file,
    strict: true,
    onReadEntry: (entry) => {
      // Only the chart's own file, not those of its subcharts.
      if (!/^[^/]+\/Chart\.yaml$/.test(entry.path)) return
      entry.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes <= maximumBytes) chunks.push(chunk)
      })
    },
  })
  return loadYaml(Buffer.concat(chunks).toString('utf8'), 'Chart.yaml')
}

function notAChart(file: string, why: string): Result<never> {
  return failure({
    kind: 'invalid-input',
    side: 'source',
    message: `"${basename(file)}" is not a chart: ${why}`,
    next: 'open its address in a browser: a proxy may answer in its place, or the publisher has broken it',
  })
}
