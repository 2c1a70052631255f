import { stringify } from 'yaml'
import { groupBy } from '../../lib/model/collections.ts'
import { recordFrom } from '../../lib/model/tree/tree.ts'
import { archiveTime } from '../content/archive.ts'
import { digestOf } from '../content/seed.ts'
import type { ChartArchive } from './chart-archive.ts'

/** Writes the index.yaml of a chart repository; `urlOf` returns the URL of an archive. */
export function writeIndex(
  archives: readonly ChartArchive[],
  urlOf: (archive: ChartArchive) => string,
): string {
  const entryOf = (archive: ChartArchive) => ({
    ...archive.metadata,
    created: archiveTime.toISOString(),
    // Helm writes bare hex here.
    digest: digestOf(archive.bytes).slice('sha256:'.length),
    urls: [urlOf(archive)],
  })
  const entries = recordFrom(
    [...groupBy(archives, ({ name }) => name)].map(([name, all]) => [name, all.map(entryOf)]),
  )
  return stringify({ apiVersion: 'v1', entries, generated: archiveTime.toISOString() })
}

export function fileNameOf({ name, version }: ChartArchive): string {
  return `${name}-${version}.tgz`
}
