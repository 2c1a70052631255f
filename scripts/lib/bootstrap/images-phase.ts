import { join } from 'node:path'
import { openLocal, type LocalChart } from '../charts/acquire.ts'
import { block, renderOverride } from '../charts/override.ts'
import type { Cluster } from '../aws/clusters.ts'
import { defaultKubeVersion } from '../charts/discover.ts'
import type { Context } from '../cli/main.ts'
import { openTarget } from '../mirror/target.ts'
import type { Target } from '../model/layout.ts'
import type { Lock } from '../model/lock.ts'
import { unwrap } from '../model/problem.ts'
import { type EcrRegistry, parseEcrRegistry, parsePrefix } from '../model/registry.ts'
import { layerValues, type ValuesTree } from '../model/values.ts'
import { readValuesText } from '../sources/values-file.ts'
import { replaceFile } from '../tools/files.ts'
import { builderCommand, builderSetup, imagesCommand, runBuild } from './build-step.ts'
import type { OpenCluster } from './cluster-phase.ts'
import { makeDockerConfig } from './docker-config.ts'
import { readEksValues, runtimeValues } from './given-values.ts'
import { imageSettings, type ImageOrigin } from './image-settings.ts'
import type { Ground } from './infrastructure.ts'
import type { Job } from './job.ts'
import { mirrorSystem } from './mirror-step.ts'
import { type PatchedCopy, type Patches, patchSystem } from './patches.ts'
import { proveSystem } from './proof-step.ts'
import { openSystem, type System } from './system.ts'

/** What helm is to be given. */
export interface Installable {
  readonly chart: LocalChart
  /** The strongest last. */
  readonly valuesFiles: readonly string[]
  readonly values: ValuesTree
}

/** Builds or mirrors the images, and makes and proves the values of the installation. */
export async function prepareInstallation(
  job: Job,
  ground: Ground,
  { cluster, door }: Pick<OpenCluster, 'cluster' | 'door'>,
): Promise<Installable> {
  const { checklist, wishes, workshop } = job
  const { artifacts, deployment, account, identity, stage } = ground
  if (wishes.build.images) await buildImages(job, ground, door.kubeconfig)
  const local = unwrap(await openLocal(artifacts.chart, workshop))
  const eks = readEksValues(local.chart)
  const images = imageSettings(originOf(job, ground), job.userValues)
  const runtime = runtimeValues(deployment, {
    stage,
    region: account.region,
    account: identity.account,
  })
  const values = [eks.values, images, job.userValues].reduce(layerValues)
  const mirrored = wishes.mirror
    ? await mirrorWhole(job, ground, {
        local,
        values,
        runtime,
        kubeVersion: kubeVersionOf(cluster),
      })
    : undefined
  const { overrideText } = mirrored ?? {}
  const installable = await checklist.run('values', async (step) => {
    const folder = join(ground.stateFolder, 'values')
    const write = async (name: string, content: string) => {
      const file = join(folder, name)
      await replaceFile(file, content, 0o600)
      return file
    }
    const override =
      overrideText === undefined
        ? undefined
        : {
            file: await write('private-ecr.yaml', overrideText),
            tree: unwrap(readValuesText('the generated override', overrideText)),
          }
    const valuesFiles = [
      await write('eks.yaml', eks.text),
      await write('images.yaml', toYaml(images)),
      ...(wishes.flags.helmValues ?? []),
      ...(override === undefined ? [] : [override.file]),
      await write('run.yaml', toYaml(runtime)),
    ]
    const all = [values, override?.tree ?? {}, runtime].reduce(layerValues)
    step.done(`in ${folder}`)
    const chart = mirrored?.patches.umbrella?.local ?? local
    return { chart, valuesFiles, values: all }
  })
  if (mirrored !== undefined) {
    const { system, patches, lock, registry } = mirrored
    const { flags } = wishes
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
        workshop,
        job.context,
        step,
      ),
    )
  }
  return installable
}

/** EKS names the minor version alone. */
function kubeVersionOf({ version }: Pick<Cluster, 'version'>): string {
  return version === '' ? defaultKubeVersion : `${version}.0`
}

function toYaml(values: ValuesTree): string {
  return `${block(values)}\n`
}

function originOf({ wishes }: Job, { artifacts, deployment }: Ground): ImageOrigin {
  return wishes.build.images
    ? { kind: 'built', repository: deployment.ecrRegistry }
    : // Without a release nothing is to be said of images: the user names them all.
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
  readonly registry: EcrRegistry
  readonly overrideText: string
}

function readRegistry({ deployment }: Ground): EcrRegistry {
  return unwrap(parseEcrRegistry(deployment.registryHost))
}

function mirrorWhole(
  job: Job,
  ground: Ground,
  { local, values, runtime, kubeVersion }: Whole,
): Promise<MirroredSystem> {
  const { checklist, wishes, declared, manifestFile, workshop, context } = job
  const { stateFolder } = ground
  return checklist.run('mirror', async (step) => {
    const registry = readRegistry(ground)
    const target: Target = {
      registry: registry.host,
      prefix: unwrap(parsePrefix(wishes.flags.prefix)),
    }
    const system = await openSystem(
      {
        local,
        values,
        runtime,
        region: ground.account.region,
        kubeVersion,
        declared,
        manifestFile,
        stateFolder,
        target,
      },
      workshop,
      step,
    )
    const patches = await patchSystem(system, workshop)
    for (const copy of [
      ...(patches.umbrella ? [patches.umbrella] : []),
      ...patches.charts.values(),
    ]) {
      step.note(describePatch(copy))
    }
    const lock = await mirrorSystem(
      system,
      patches,
      registry,
      wishes.flags,
      manifestFile,
      context,
      step,
    )
    const overrideText = await renderOverride(system.manifest, target)
    return { system, patches, lock, registry, overrideText }
  })
}

function describePatch({ name, changes }: PatchedCopy): string {
  return `chart ${name} is installed as a patched copy: no value reaches an image in ${changes.join(', ')}`
}

async function buildImages(job: Job, ground: Ground, kubeconfig: string): Promise<void> {
  const { checklist, checkout = '', workshop, context } = job
  const { deployment, stateFolder } = ground
  const { run } = workshop
  const { signal } = context
  const { ecrRegistry } = deployment
  await checklist.run('build-images', async (step) => {
    const registry = readRegistry(ground)
    const env = await dockerEnvironment(registry, join(workshop.folder, 'docker'), context)
    const world = { run, signal, logs: join(stateFolder, 'logs'), tell: step.note, env }
    step.changing()
    const found = await run(builderCommand, { env, signal, deadline: 5 * 60_000 })
    // It makes pods of the cluster that build, each for one architecture.
    const own = { ...env, KUBECONFIG: kubeconfig }
    if (!found.ok) await runBuild('builder', builderSetup(checkout), { ...world, env: own })
    const log = await runBuild('build-images', imagesCommand(checkout, ecrRegistry), {
      ...world,
      env: own,
    })
    step.done(`pushed to ${ecrRegistry}; log in ${log}`)
  })
}

/** The environment of docker, logged in to the registry in a configuration that nobody else sees. */
async function dockerEnvironment(
  registry: EcrRegistry,
  folder: string,
  { env, signal }: Context,
): Promise<NodeJS.ProcessEnv> {
  const target = await openTarget(registry, env, signal)
  try {
    return await makeDockerConfig(folder, registry.host, await target.ecr.authorize(), env)
  } finally {
    target.ecr.close()
  }
}
