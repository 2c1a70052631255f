import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type ChartSource,
  chartTag,
  type ChartVersion,
  ociChartUrl,
} from '../../model/chart/chart.ts'
import { about, failure, type Result, success } from '../../model/problem.ts'
import type { Session } from '../../session/session.ts'
import { withoutPlainHttp } from '../../tools/internet/plain-http.ts'
import type { Command } from '../../tools/process/command.ts'
import { classifyRun } from '../../tools/process/failures.ts'
import { pullOciCommand, pullPinnedCommand } from '../../tools/process/helm.ts'
import { readArchive } from '../chart/archive.ts'

/** Milliseconds. */
export const pullDeadline = 5 * 60_000

/** A pull into an empty folder. */
interface Pull {
  readonly command: Command
  readonly repository: string
  readonly folder: string
  /** The chart, as messages name it. */
  readonly what: string
}

/**
 * Pulls a version from a registry into an empty folder, and checks what helm does not: that the chart calls itself by
 * the same version. Returns the archive.
 */
export async function pullVersion(
  session: Session,
  chart: ChartVersion,
  folder: string,
): Promise<Result<string>> {
  const url = ociChartUrl(chart)
  const file = await pullOci(session, {
    command: pullOciCommand(session.helm.path, url, chart.version, folder),
    repository: chart.repository,
    folder,
    what: `chart "${chart.name}" ${chart.version}`,
  })
  if (!file.ok) return file
  const read = await readArchive(file.value)
  if (!read.ok) return read
  const { name, version } = read.value
  if (withoutPrefix(version) === withoutPrefix(chart.version)) return file
  return failure({
    kind: 'differs',
    side: 'source',
    message: `tag ${chartTag(chart.version)} of "${url}" holds chart ${name} ${version}`,
    next: 'use the tag of that version, or pin the chart by its digest',
  })
}

/** Pulls a chart by its digest, which helm checks. Returns the archive. */
export function pullPinned(
  session: Session,
  chart: ChartSource,
  digest: string,
  folder: string,
): Promise<Result<string>> {
  const url = `${ociChartUrl(chart)}@${digest}`
  const command = pullPinnedCommand(session.helm.path, url, folder)
  return pullOci(session, { command, repository: chart.repository, folder, what: `chart "${url}"` })
}

async function pullOci(
  { run, surroundings, signal }: Session,
  { command, repository, folder, what }: Pull,
): Promise<Result<string>> {
  const host = new URL(repository.replace(/^oci:/, 'https:')).host
  const result = await run(command, {
    ...withoutPlainHttp(surroundings.helm, [host]),
    signal,
    deadline: pullDeadline,
  })
  if (!result.ok) {
    const problem = classifyRun(result, { sourceHost: host })
    return failure({
      ...about(what, problem),
      ...(problem.kind === 'not-found' && {
        next: `check the name, version and repository; "crane ls ${host}/…" lists the available versions`,
      }),
    })
  }
  const [archive] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
  if (archive !== undefined) return success(join(folder, archive))
  return failure({
    kind: 'unknown',
    side: 'local',
    message: `helm pull of ${what} produced no archive`,
  })
}

function withoutPrefix(version: string): string {
  return version.replace(/^v/, '')
}
