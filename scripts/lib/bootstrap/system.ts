import { join } from 'node:path'
import { type Acquirer, createAcquirer, type LocalChart } from '../charts/fetch/acquire.ts'
import { loadOperators } from '../sources/operators-yaml.ts'
import { regenerateFromUmbrella, umbrellaHash } from '../manifest/regenerate.ts'
import { block } from '../values/override.ts'
import { renderChanges } from '../manifest/report.ts'
import type { Decide } from '../charts/relocate/view.ts'
import { readUmbrella } from '../manifest/umbrella.ts'
import type { Session } from '../session/session.ts'
import { count } from '../cli/text.ts'
import type { ChartList, ListedChart } from '../model/chart/chart-list.ts'
import type { Target } from '../model/image/layout.ts'
import type { Manifest } from '../model/manifest/manifest.ts'
import { diffManifests } from '../model/manifest/diff.ts'
import { unwrap } from '../model/problem.ts'
import { layerValues, type ValuesTree } from '../model/values/values.ts'
import {
  moduleFile,
  readPreviousManifest,
  shownFile,
  writeGenerated,
} from '../sources/manifest/generated.ts'
import { shellWord } from '../model/text/shell-word.ts'
import { replaceOwnFile } from '../tools/files/files.ts'
import { refuseLinks } from '../tools/files/links.ts'
import type { Step } from './checklist.ts'
import { anyAccountValues, withoutRegistry } from './application/given-values.ts'

/** The umbrella chart with its values for the installation, and the manifest of what it pulls. */
export interface System {
  readonly local: LocalChart
  /** All values except the override. */
  readonly given: ValuesTree
  readonly own: ListedChart
  /** Its charts, as published. */
  readonly charts: readonly ListedChart[]
  readonly manifest: Manifest
  readonly target: Target
  readonly acquirer: Acquirer
}

export interface SystemSources {
  readonly local: LocalChart
  /** Values that do not depend on the run. */
  readonly values: ValuesTree
  /** Values that depend on this run. */
  readonly runtime: ValuesTree
  readonly region: string
  /** Kubernetes version of the cluster: `1.33.0`. */
  readonly kubeVersion: string
  readonly declared: ChartList
  /** The committed manifest module. */
  readonly manifestFile: string
  readonly stateFolder: string
  readonly target: Target
}

/**
 * Takes the chart list from the umbrella chart itself. Uses an existing manifest that was made from the same chart and
 * values: the committed one, or that of an earlier run. Otherwise makes a new one in the state folder and reports the
 * differences from the committed one: the versions in the umbrella chart are mirrored.
 */
export async function openSystem(
  sources: SystemSources,
  session: Session,
  step: Pick<Step, 'note' | 'show'>,
): Promise<System> {
  const { local, runtime, declared, target } = sources
  const values = layerValues(
    withoutRegistry(sources.values, target.registry),
    anyAccountValues(sources.region),
  )
  const umbrella = unwrap(readUmbrella(local, values, declared.charts, sources.kubeVersion))
  const acquirer = createAcquirer(session)
  const manifest = await chooseManifest(sources, values, session, step)
  const charts = umbrella.charts.map((chart) => asPublished(chart, manifest))
  const given = layerValues(sources.values, runtime)
  return { local, given, own: umbrella.own, charts, manifest, target, acquirer }
}

/** Returns the chart with its published version from the manifest, so that no index has to be read again. */
function asPublished(chart: ListedChart, { charts }: Manifest): ListedChart {
  const published = charts.find(({ name }) => name === chart.name)?.published
  return published === undefined ? chart : { ...chart, published }
}

/** Ignores references that are already in the registry. */
export function ignoreOwn({ registry }: Target): Decide {
  return (reference) => (reference.startsWith(`${registry}/`) ? 'ignore' : undefined)
}

async function chooseManifest(
  { local, declared, manifestFile, stateFolder, target, kubeVersion }: SystemSources,
  values: ValuesTree,
  session: Session,
  { note, show }: Pick<Step, 'note' | 'show'>,
): Promise<Manifest> {
  const operators = await loadOperators()
  const input = umbrellaHash(local.hash, { values, kubeVersion, operators })
  const earlierFile = join(stateFolder, 'private-ecr-manifest.ts')
  const committed = await readPreviousManifest(manifestFile, note)
  const earlier = await readPreviousManifest(earlierFile, note)
  const fitting = [committed, earlier].find((manifest) => manifest?.input === input)
  if (fitting !== undefined) return fitting
  const { name, version } = local.chart.metadata
  note(
    `manifest "${shownFile(manifestFile)}" was not generated from chart ${name} ${version} with these values; generating a new one`,
  )
  const { manifest } = await regenerateFromUmbrella(
    {
      path: local.path,
      values,
      declared,
      kubeVersion,
      operators,
      decide: ignoreOwn(target),
    },
    session,
    ({ name: chart, result, milliseconds }) => {
      const seconds = (milliseconds / 1000).toFixed(1)
      show([`${chart}: ${count(result.images.length, 'image')} (${seconds} s)`])
    },
  )
  const valuesFile = join(stateFolder, 'manifest-values.yaml')
  await refuseLinks(stateFolder, earlierFile)
  await writeGenerated([await moduleFile(manifest, 'its umbrella chart', earlierFile)])
  // A user's values may contain secrets.
  await replaceOwnFile(valuesFile, `${block(values)}\n`)
  if (committed !== undefined) {
    const changes = renderChanges(diffManifests(committed, manifest))
    show([`differences from "${shownFile(manifestFile)}":`, ...changes])
  }
  note(
    `wrote ${earlierFile}; to commit a new manifest, run regenerate-manifest.ts --from ${shellWord(local.path)} --values ${shellWord(valuesFile)} --kube-version ${shellWord(kubeVersion)}`,
  )
  return manifest
}
