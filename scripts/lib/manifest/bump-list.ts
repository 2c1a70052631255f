import { ProblemError, unwrap } from '../model/problem.ts'
import { type ListSource, parseListFile } from '../sources/manifest/generated.ts'
import { createAcquirer } from '../charts/fetch/acquire.ts'
import { type Bump, bumpText, parseBump } from './bump.ts'
import { newestVersion, stableVersions } from '../charts/fetch/versions.ts'
import type { Session } from '../session/session.ts'

/** Returns the chart list with the requested versions. Writes nothing; the result is checked first. */
export async function bumpList(
  source: ListSource,
  texts: readonly string[],
  session: Session,
): Promise<ListSource> {
  let { text } = source
  const acquirer = createAcquirer(session)
  for (const wanted of texts.map((one) => unwrap(parseBump(one)))) {
    const chart = source.list.charts.find(({ name }) => name === wanted.name)
    const version =
      chart === undefined ? wanted : await publishedBump(wanted, chart, acquirer, session)
    text = unwrap(bumpText(text, version))
  }
  return parseListFile(source.file, text)
}

/** Returns the version as published: for `latest`, or with a different `v` than was typed. */
async function publishedBump(
  bump: Bump,
  chart: Parameters<typeof stableVersions>[0],
  acquirer: ReturnType<typeof createAcquirer>,
  session: Session,
): Promise<Bump> {
  if (bump.version !== 'latest') {
    const versions = unwrap(await stableVersions(chart, acquirer, session))
    const bare = bump.version.replace(/^v/, '')
    const published = versions.find((version) => version.replace(/^v/, '') === bare)
    return { ...bump, version: published ?? bump.version }
  }
  const newest = unwrap(await newestVersion(chart, acquirer, session))
  if (newest !== undefined) return { ...bump, version: newest }
  throw new ProblemError({
    kind: 'not-found',
    side: 'source',
    message: `chart "${chart.name}" has no stable version in "${chart.repository}"`,
  })
}
