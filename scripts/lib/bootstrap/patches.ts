import { type LocalChart, openLocal, rendererOf } from '../charts/fetch/acquire.ts'
import { readArchive } from '../charts/chart/archive.ts'
import { relocateOptionsOf } from '../manifest/discover.ts'
import { relocateChart } from '../charts/relocate/relocate.ts'
import { rewritesOf } from '../charts/relocate/patched/rewrites.ts'
import { packApart, patchChart } from '../charts/patch/repack.ts'
import type { Session } from '../session/session.ts'
import type { LocalArchive } from '../mirror/plan/placement.ts'
import type { ListedChart } from '../model/chart/chart-list.ts'
import type { ManifestChart } from '../model/manifest/manifest.ts'
import { chartVersionOf } from '../model/manifest/manifest.ts'
import { unwrap } from '../model/problem.ts'
import { emptyTree, type ValuesTree } from '../model/values/values.ts'
import { ignoreOwn, type System } from './system.ts'

/** A copy of a chart in which hard-coded references are private. */
export interface PatchedCopy {
  readonly name: string
  readonly local: LocalChart
  readonly archive: LocalArchive
  /** Changed files. */
  readonly changes: readonly string[]
}

export interface Patches {
  /** Absent when values can set every reference. */
  readonly umbrella: PatchedCopy | undefined
  readonly charts: ReadonlyMap<string, PatchedCopy>
}

/** Patches the umbrella chart and those of its charts that values alone cannot make private. */
export async function patchSystem(
  { local, own, charts, manifest, target, acquirer, given }: System,
  session: Session,
): Promise<Patches> {
  const stuck = charts.filter((chart) =>
    manifest.charts.some((known) => known.name === chart.name && isStuck(known)),
  )
  const patched = new Map<string, PatchedCopy>()
  for (const chart of stuck) {
    const published = unwrap(await acquirer.published(chartVersionOf(chart)))
    const copy = await patch(chart, published, target, session)
    if (copy !== undefined) patched.set(chart.name, copy)
  }
  const umbrella =
    manifest.umbrella !== undefined && isStuck(manifest.umbrella)
      ? await patch(withValues(own, given), local, target, session, ['charts'])
      : undefined
  return { umbrella, charts: patched }
}

function isStuck({ relocation }: Pick<ManifestChart, 'relocation'>): boolean {
  return (relocation.mirrored?.unreached.length ?? 0) > 0
}

function withValues(chart: ListedChart, values: ValuesTree): ListedChart {
  const [variant = 'umbrella'] = Object.keys(chart.variants)
  return { ...chart, variants: { [variant]: values } }
}

async function patch(
  chart: ListedChart,
  local: LocalChart,
  target: System['target'],
  session: Session,
  sealed: readonly string[] = [],
): Promise<PatchedCopy | undefined> {
  const relocated = unwrap(
    await relocateChart({
      ...relocateOptionsOf(chart, local, { sealed, decide: ignoreOwn(target) }),
      layouts: ['mirrored'],
      target,
      render: rendererOf(local, session).render,
      signal: session.signal,
    }),
  )
  // Values are changed by the override, so the copy keeps its own.
  const copy = patchChart(local.chart, emptyTree(), rewritesOf(relocated, target), local.hash)
  if (copy.changes.length === 0) return undefined
  const file = await packApart(local.chart.metadata, copy, session)
  const [archive, opened] = await Promise.all([readArchive(file), openLocal(file, session)])
  return {
    name: chart.name,
    local: unwrap(opened),
    archive: { file, sha256: unwrap(archive).sha256 },
    changes: copy.changes,
  }
}
