import { join } from 'node:path'
import { openLocal, type LocalChart } from '../charts/fetch/acquire.ts'
import { overrideValues } from '../values/override.ts'
import type { Cluster } from '../aws/cluster/clusters.ts'
import { defaultKubeVersion } from '../manifest/discover.ts'
import type { Target } from '../model/image/layout.ts'
import type { MissingItem } from '../mirror/report/unfilled-text.ts'
import type { Lock } from '../model/manifest/lock.ts'
import { kubeVersionKind } from '../model/names/kubernetes.ts'
import { describeTextFault, isOfKind } from '../model/names/text-kind.ts'
import { ProblemError, unwrap } from '../model/problem.ts'
import { type EcrRegistry, parsePrefix } from '../model/image/registry.ts'
import { layerValues, type ValuesTree } from '../model/values/values.ts'
import { buildImages } from './application/built-images.ts'
import type { OpenCluster } from './cluster-phase.ts'
import { readEksValues, runtimeValues } from './application/given-values.ts'
import { imageSettings, type ImageOrigin } from './application/image-settings.ts'
import { type Foundation, registryOf } from './infrastructure.ts'
import type { BootstrapJob } from './job.ts'
import { mirrorSystem } from './steps/mirror.ts'
import { type PatchedCopy, type Patches, patchSystem } from './patches.ts'
import { proveSystem } from './steps/proof.ts'
import { openSystem, type System } from './system.ts'
import { writeValues, type WrittenValues } from './application/values-layers.ts'

/** The input of helm. */
export interface Installable extends WrittenValues {
  readonly chart: LocalChart
  /** Images that the mirror skipped because their sources do not have them. */
  readonly missing: readonly MissingItem[]
}

/** Builds or mirrors the images, then makes and proves the values of the installation. */
export async function prepareInstallation(
  job: BootstrapJob,
  foundation: Foundation,
  { cluster, door }: Pick<OpenCluster, 'cluster' | 'door'>,
): Promise<Installable> {
  const { checklist, request, session } = job
  const { artifacts, deployment, account, identity, stage } = foundation
  if (request.build.images) await buildImages(job, foundation, door.kubeconfig)
  const local = unwrap(await openLocal(artifacts.chart, session))
  const eks = readEksValues(local.chart)
  const images = imageSettings(originOf(job, foundation), job.userValues)
  const runtime = runtimeValues(deployment, {
    stage,
    region: account.region,
    account: identity.account,
  })
  const values = [eks, images, job.userValues].reduce(layerValues)
  const mirrored = request.mirror
    ? await mirrorWhole(job, foundation, {
        local,
        values,
        runtime,
        kubeVersion: kubeVersionOf(cluster),
      })
    : undefined
  const installable = await checklist.run('values', async (step) => {
    const folder = join(foundation.stateFolder, 'values')
    const written = await writeValues(folder, {
      eks,
      images,
      user: job.userValues,
      override: mirrored?.override,
      runtime,
    })
    step.done(`written to ${written.file.path}`)
    const chart = mirrored?.patches.umbrella?.local ?? local
    return { ...written, chart, missing: mirrored?.missing ?? [] }
  })
  if (mirrored !== undefined) {
    const { system, patches, lock, registry } = mirrored
    const { flags } = request
    await checklist.run('proof', (step) =>
      proveSystem(
        {
          system,
          patches,
          values: installable.values,
          registry,
          lock,
          namespace: flags.namespace,
          allowUnproven: flags.allowUnproven ?? false,
        },
        session,
        job.context,
        step,
      ),
    )
  }
  return installable
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

function originOf({ request }: BootstrapJob, { artifacts, deployment }: Foundation): ImageOrigin {
  return request.build.images
    ? { kind: 'built', repository: deployment.ecrRegistry }
    : // Without a release there are no default images: the user names all of them.
      { kind: 'published', version: artifacts.version ?? '' }
}

interface Whole {
  readonly local: LocalChart
  readonly values: ValuesTree
  readonly runtime: ValuesTree
  readonly kubeVersion: string
}

interface MirroredSystem {
  readonly system: System
  readonly patches: Patches
  readonly lock: Lock
  readonly missing: readonly MissingItem[]
  readonly registry: EcrRegistry
  readonly override: ValuesTree
}

function mirrorWhole(
  job: BootstrapJob,
  foundation: Foundation,
  { local, values, runtime, kubeVersion }: Whole,
): Promise<MirroredSystem> {
  const { checklist, request, declared, manifestFile, session } = job
  const { stateFolder } = foundation
  return checklist.run('mirror', async (step) => {
    const registry = registryOf(foundation)
    const target: Target = {
      registry: registry.host,
      prefix: unwrap(parsePrefix(request.flags.prefix)),
    }
    const system = await openSystem(
      {
        local,
        values,
        runtime,
        region: foundation.account.region,
        kubeVersion,
        declared,
        manifestFile,
        stateFolder,
        target,
      },
      session,
      step,
    )
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
    return { system, patches, lock, missing, registry, override }
  })
}

function describePatch({ name, changes }: PatchedCopy): string {
  return `installing a patched copy of chart ${name}: values cannot set an image in ${changes.join(', ')}`
}
