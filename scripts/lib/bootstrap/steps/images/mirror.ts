import type { Cluster } from '../../../aws/cluster/clusters.ts'
import { reporterFor } from '../../../cli/reporter.ts'
import { count } from '../../../cli/text.ts'
import { defaultKubeVersion } from '../../../manifest/discover.ts'
import { readCopyFlags } from '../../../mirror/session/flags.ts'
import { mirror } from '../../../mirror/mirror.ts'
import { missingOf } from '../../../mirror/sources/missing.ts'
import { describeUnfilled, type MissingItem } from '../../../mirror/report/unfilled-text.ts'
import { type Placed, placeSelection } from '../../../mirror/plan/placement.ts'
import { exitCodeOfReport, problemsOf, type Report } from '../../../mirror/report/report.ts'
import { pageToName, reportFiles, writeReport } from '../../../mirror/report/files.ts'
import { readRepositoryRequest } from '../../../mirror/target/settings.ts'
import { interrupted, type MirrorRequest, runFolder } from '../../../mirror/session/request.ts'
import { emptyLock, extendLock, type Lock } from '../../../model/manifest/lock.ts'
import { ProblemError, unwrap } from '../../../model/problem.ts'
import type { Target } from '../../../model/image/layout.ts'
import { kubeVersionKind } from '../../../model/names/kubernetes.ts'
import { describeTextFault, isOfKind } from '../../../model/names/text-kind.ts'
import { type EcrRegistry, parsePrefix } from '../../../model/image/registry.ts'
import { layerValues } from '../../../model/values/values.ts'
import { recordFrom } from '../../../model/tree/tree.ts'
import { loadLock } from '../../../sources/manifest/lock-file.ts'
import { originOfManifest } from '../../../sources/manifest/file.ts'
import type { BootstrapFlags } from '../../../commands/bootstrap.ts'
import { overrideValues } from '../../../values/override.ts'
import { readLayers } from '../../layers.ts'
import type { Step } from '../../checklist.ts'
import type { BootstrapDoors } from '../../doors.ts'
import { having, registryOf } from '../../findings.ts'
import { type PatchedCopy, type Patches, patchSystem } from '../../patches.ts'
import { openSystem, type System } from '../../system.ts'
import type { StepDefinition } from '../definition.ts'

/** Mirrors everything that the installation needs into the private registry. */
export const mirrorStep: StepDefinition = {
  id: 'mirror',
  title: 'Mirror',
  changes: () => true,

  plan: ({ mirror: isWanted }) =>
    isWanted
      ? 'find the images and charts of the umbrella chart, patch charts with hard-coded images, and copy missing items into the private registry'
      : undefined,

  async run(job, findings, step) {
    const { foundation, opened } = having(findings, 'foundation', 'opened')
    const { request, declared, manifestFile, session } = job
    const layers = await readLayers(job, foundation)
    const { local, runtime } = layers
    const registry = registryOf(foundation)
    const target: Target = {
      registry: registry.host,
      prefix: unwrap(parsePrefix(request.flags.prefix)),
    }
    const sources = {
      local,
      values: [layers.eks, layers.images, layers.user].reduce(layerValues),
      runtime,
      region: foundation.account.region,
      kubeVersion: kubeVersionOf(opened.cluster),
      declared,
      manifestFile,
      stateFolder: foundation.stateFolder,
      target,
    }
    const system = await openSystem(sources, session, step)
    const patches = await patchSystem(system, session)
    for (const copy of [
      ...(patches.umbrella ? [patches.umbrella] : []),
      ...patches.charts.values(),
    ]) {
      step.note(describePatch(copy))
    }
    const { lock, missing } = await mirrorSystem(
      system,
      patches,
      registry,
      request.flags,
      manifestFile,
      job.doors,
      step,
    )
    const override = overrideValues(system.manifest, target)
    return { layers, mirrored: { system, patches, lock, missing, registry, override } }
  },
}

/** Returns the full Kubernetes version: EKS reports only the minor version. */
function kubeVersionOf({ version }: Pick<Cluster, 'version'>): string {
  if (version === '') return defaultKubeVersion
  const whole = `${version}.0`
  if (isOfKind(kubeVersionKind, whole)) return whole
  throw new ProblemError({
    kind: 'invalid-input',
    side: 'target',
    message: `invalid cluster version: ${describeTextFault(kubeVersionKind, version)}`,
    next: 'inspect the cluster with "aws eks describe-cluster"',
  })
}

function describePatch({ name, changes }: PatchedCopy): string {
  return `installing a patched copy of chart ${name}: values cannot set an image in ${changes.join(', ')}`
}

/** The result of a mirror in the registry. */
interface MirroredImages {
  /** The content of the registry for each image. */
  readonly lock: Lock
  /** Images that were skipped because their sources do not have them: the proof shows whether they matter. */
  readonly missing: readonly MissingItem[]
}

/**
 * Mirrors the images and charts of a system, with patched copies instead of the charts that need them. Uses the same
 * library, flags and report as `mirror-to-ecr`. Throws `ProblemError` unless everything but skipped items is present.
 */
async function mirrorSystem(
  { manifest, target }: System,
  patches: Patches,
  registry: EcrRegistry,
  flags: BootstrapFlags,
  manifestFile: string,
  { openMirror }: Pick<BootstrapDoors, 'openMirror'>,
  step: Step,
): Promise<MirroredImages> {
  const whole = { images: manifest.images, charts: manifest.charts }
  const placed = unwrap(placeSelection(manifest, whole)).map((item) => withPatch(item, patches))
  const reporter = await reporterFor(flags)
  const request: MirrorRequest = {
    registry,
    prefix: target.prefix,
    placed,
    siblings: () => [],
    lock: await loadLock(manifestFile),
    copying: await readCopyFlags(flags, registry),
    repositories: await readRepositoryRequest(
      flags,
      manifest,
      registry,
      originOfManifest(manifestFile),
    ),
    tolerant: false,
    origin: originOfManifest(manifestFile),
  }
  const result = await mirror(request, openMirror(reporter.notify)).finally(reporter.close)
  // These are problems of the preflight, which changes nothing.
  if (!result.ok) throw new ProblemError(result.problem)
  step.changing()
  const { report } = result.value
  const files = reportFiles(report, runFolder(request))
  await writeReport(report, files)
  const page = pageToName(report, files)
  if (page !== undefined) step.note(`details: ${page}`)
  const missing = missingOf(report.outcomes).filter(({ kind }) => kind === 'image')
  const skipped = request.copying.onMissing === 'skip' ? missing : []
  for (const text of describeUnfilled(skipped, report.repositoriesEmpty)) step.note(text.trim())
  settle(report, skipped.length, step)
  return { lock: lockOf(report), missing: skipped }
}

function withPatch(item: Placed, { charts }: Patches): Placed {
  if (item.kind === 'image') return item
  const copy = charts.get(item.chart.name)
  return copy === undefined ? item : { ...item, archive: copy.archive }
}

function settle(report: Report, skippedImages: number, step: Step): void {
  const { overwritten, restored, skipped } = report.counts
  const copied = report.counts.copied + overwritten + restored
  const problems = problemsOf(report)
  if (report.interrupted) throw new ProblemError(interrupted)
  // Other failures are reported with the skipped images; without a chart nothing can be installed.
  const isOnlySkipped = skippedImages > 0 && problems.length === skippedImages
  if (exitCodeOfReport(report) !== 0 && !isOnlySkipped) {
    if (problems.length > 0) throw new ProblemError(problems)
    throw new Error('mirroring failed without a reported problem')
  }
  const present = report.outcomes.length - skippedImages
  const total = count(present, 'image and chart', 'images and charts')
  const lacks = skippedImages === 0 ? '' : `, ${count(skippedImages, 'image')} missing`
  if (copied === 0) step.unchanged(`all ${total} were already present${lacks}`)
  else step.done(`${copied} of ${total} copied, ${skipped} were already present${lacks}`)
}

/** Returns the registry's current content by source, so that the proof compares digests instead of names. */
function lockOf({ outcomes }: Report): Lock {
  const images = outcomes.flatMap(({ kind, name, digest }) =>
    kind === 'image' && digest !== undefined ? [[name, { digest }] as const] : [],
  )
  return extendLock(emptyLock, recordFrom(images))
}
