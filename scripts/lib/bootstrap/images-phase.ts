import { homedir } from 'node:os'
import { join } from 'node:path'
import envPaths from 'env-paths'
import { stringify } from 'yaml'
import { openLocal, type LocalChart } from '../charts/acquire.ts'
import { renderOverride } from '../charts/override.ts'
import type { Context } from '../cli/main.ts'
import { openTarget } from '../mirror/target.ts'
import type { Target } from '../model/layout.ts'
import type { Lock } from '../model/lock.ts'
import { unwrap } from '../model/problem.ts'
import { type EcrRegistry, parseEcrRegistry, parsePrefix } from '../model/registry.ts'
import { layerValues, type ValuesTree } from '../model/values.ts'
import { readValuesText } from '../sources/values-file.ts'
import { openCredentials } from '../tools/credentials.ts'
import { replaceFile } from '../tools/files.ts'
import { buildxCommand, imagesCommand, runBuild } from './build-step.ts'
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
export async function prepareInstallation(job: Job, ground: Ground): Promise<Installable> {
  const { checklist, wishes, workshop } = job
  const { artifacts, deployment, account, identity, stage } = ground
  if (wishes.build.images) await buildImages(job, ground)
  const local = unwrap(await openLocal(artifacts.chart, workshop))
  const eks = readEksValues(local.chart)
  const images = imageSettings(originOf(job, ground), job.userValues)
  const runtime = runtimeValues(deployment, {
    stage,
    region: account.region,
    account: identity.account,
  })
  const values = [eks, images, job.userValues].reduce(layerValues)
  const mirrored = wishes.mirror
    ? await mirrorWhole(job, ground, { local, values, runtime })
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
      await write('eks.yaml', stringify(eks)),
      await write('images.yaml', stringify(images)),
      ...(wishes.flags.helmValues ?? []),
      ...(override === undefined ? [] : [override.file]),
      await write('run.yaml', stringify(runtime)),
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
  { local, values, runtime }: Whole,
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

async function buildImages(job: Job, ground: Ground): Promise<void> {
  const { checklist, checkout = '', workshop, context } = job
  const { deployment, stateFolder } = ground
  const { ecrRegistry } = deployment
  await checklist.run('build-images', async (step) => {
    const world = {
      run: workshop.run,
      signal: context.signal,
      logs: join(stateFolder, 'logs'),
      tell: step.note,
    }
    await runBuild('buildx', buildxCommand, { ...world, env: context.env })
    step.changing()
    const log = await withDockerLogin(readRegistry(ground), context, (env) =>
      runBuild('build-images', imagesCommand(checkout, ecrRegistry), { ...world, env }),
    )
    step.done(`pushed to ${ecrRegistry}; log in ${log}`)
  })
}

/** Logs docker in to the registry, in a configuration that nobody else sees, for as long as the work takes. */
async function withDockerLogin<T>(
  registry: EcrRegistry,
  { env, signal }: Context,
  work: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const target = await openTarget(registry, env, signal)
  const credentials = await openCredentials(env, envPaths('ecr-airlift', { suffix: '' }).log)
  try {
    const { username, password } = await target.ecr.authorize()
    await credentials.set(registry.host, username, password)
    // The builders are the user's own: buildx keeps them beside docker's configuration.
    const home = env['DOCKER_CONFIG'] ?? join(env['HOME'] ?? homedir(), '.docker')
    return await work({
      ...env,
      DOCKER_CONFIG: credentials.folder,
      BUILDX_CONFIG: env['BUILDX_CONFIG'] ?? join(home, 'buildx'),
    })
  } finally {
    await credentials.remove()
    target.ecr.close()
  }
}
