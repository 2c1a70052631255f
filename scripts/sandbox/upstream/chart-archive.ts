import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Parser } from 'tar'
import { parse } from 'yaml'

/** A packaged chart with the part of its Chart.yaml that an index repeats. */
export interface ChartArchive {
  readonly name: string
  /** The version as published, with or without `v`. */
  readonly version: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly bytes: Buffer
}

/** Reads every `.tgz` in a folder. Names and versions come from Chart.yaml, not from the file names. */
export async function readArchives(folder: string): Promise<ChartArchive[]> {
  const files = await readdir(folder)
  const archives = files.filter((file) => file.endsWith('.tgz')).toSorted()
  return Promise.all(archives.map(async (file) => readArchive(await readFile(join(folder, file)))))
}

export async function readArchive(bytes: Buffer): Promise<ChartArchive> {
  const metadata: Record<string, unknown> = parse(await extractChartYaml(bytes))
  return { name: String(metadata['name']), version: String(metadata['version']), metadata, bytes }
}

async function extractChartYaml(bytes: Buffer): Promise<string> {
  const chunks: Buffer[] = []
  await new Promise<void>((resolve, reject) => {
    const parser = new Parser({
      onReadEntry(entry) {
        // Subcharts have their own Chart.yaml, deeper in the archive.
        const own = /^[^/]+\/Chart\.yaml$/.test(entry.path)
        if (own) entry.on('data', (chunk: Buffer) => chunks.push(chunk))
        else entry.resume()
      },
    })
    parser.on('end', resolve).on('error', reject)
    parser.end(bytes)
  })
  if (chunks.length === 0) throw new Error('the archive has no Chart.yaml')
  return Buffer.concat(chunks).toString()
}
