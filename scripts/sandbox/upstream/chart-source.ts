import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { packStandIn } from '../stand-ins.ts'
import { type ChartArchive, readArchives } from './chart-archive.ts'

export interface ChartRequest {
  readonly name: string
  /** The version as published. */
  readonly version: string
  /** `https://host/path` or `oci://host/path`. */
  readonly repository: string
}

/** All charts that one repository publishes. */
export interface PublishedCharts {
  readonly repository: string
  readonly archives: readonly ChartArchive[]
}

/**
 * Groups charts by repository: the archives in `folder` if it is given, otherwise stand-ins, each with an older
 * version.
 */
export async function gatherCharts(
  requests: readonly ChartRequest[],
  folder?: string,
): Promise<PublishedCharts[]> {
  const repositories = [...new Set(requests.map(({ repository }) => trim(repository)))]
  return Promise.all(
    repositories.map(async (repository) => {
      const wanted = requests.filter((request) => trim(request.repository) === repository)
      const archives =
        folder === undefined
          ? wanted.flatMap(packVersions)
          : await archivesIn(join(folder, repository.replace(/^\w+:\/\//, '')))
      return { repository, archives }
    }),
  )
}

function packVersions({ name, version }: ChartRequest): ChartArchive[] {
  return [packStandIn(name, version), packStandIn(name, olderVersion(version))]
}

async function archivesIn(folder: string): Promise<ChartArchive[]> {
  const there = await access(folder).then(
    () => true,
    () => false,
  )
  return there ? readArchives(folder) : []
}

function trim(repository: string): string {
  return repository.replace(/\/+$/, '')
}

/** Returns a version before the given one, by lowering the last number that is above zero. */
export function olderVersion(version: string): string {
  const [, start = '', numbers = ''] = /^(v?)(\d+\.\d+\.\d+)/.exec(version) ?? []
  const parts = numbers.split('.').map(Number)
  const index = parts.findLastIndex((part) => part > 0)
  if (index === -1) return `${start}0.0.0-0`
  return (
    start + parts.map((part, at) => (at < index ? part : at === index ? part - 1 : 0)).join('.')
  )
}
