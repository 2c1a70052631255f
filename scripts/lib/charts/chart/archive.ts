import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { failure, type Result, success } from '../../model/problem.ts'
import { emptyTree, isTree, type ValuesNode } from '../../model/values/values.ts'
import { createBudget } from './budget.ts'
import { readEntries } from './entries.ts'
import { loadYaml, readRequirements, refuseOtherSpelling } from './metadata.ts'

/** The metadata of a chart archive. */
export interface ChartArchive {
  readonly name: string
  readonly version: string
  /** Hex SHA-256 of the file, which is the digest of its layer in a registry. */
  readonly sha256: string
}

/** Reads name and version from the Chart.yaml of an archive, and hashes the file. Nothing is unpacked to disk. */
export async function readArchive(file: string): Promise<Result<ChartArchive>> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const sha256 = hash.digest('hex')
  try {
    const chart = await readChartFile(file)
    const { name, version } = isTree(chart) ? chart : emptyTree()
    if (isTree(chart)) refuseOtherSpelling(chart, 'its Chart.yaml')
    if (typeof name === 'string' && typeof version === 'string') {
      return success({ name, version, sha256 })
    }
    return notAChart(file, 'it has no Chart.yaml with a name and a version')
  } catch (error) {
    // A web page instead of an archive, or a truncated archive.
    return notAChart(file, error instanceof Error ? error.message : String(error))
  }
}

/** True for the chart's own metadata files, not those of its subcharts. */
function isMetadata(path: string): boolean {
  return path === 'Chart.yaml' || path === 'requirements.yaml'
}

/** Returns the parsed Chart.yaml. Reads the whole archive, so that a truncated one is noticed. */
async function readChartFile(file: string): Promise<ValuesNode> {
  const files = await readEntries(createReadStream(file), createBudget(), isMetadata)
  readRequirements(files.get('requirements.yaml')?.toString('utf8'), basename(file))
  return loadYaml(files.get('Chart.yaml')?.toString('utf8') ?? '', 'Chart.yaml')
}

function notAChart(file: string, why: string): Result<never> {
  return failure({
    kind: 'invalid-input',
    side: 'source',
    message: `"${basename(file)}" is not a chart: ${why}`,
    next: "open the archive's URL in a browser: a proxy may have responded instead, or the published archive is damaged",
  })
}
