import { join } from 'node:path'
import type { Context } from '../../cli/main.ts'
import { openTarget } from '../../aws/ecr/target.ts'
import { unwrap } from '../../model/problem.ts'
import { type EcrRegistry, parseEcrRegistry } from '../../model/image/registry.ts'
import { type Environment, environmentFor } from '../../tools/process/environment.ts'
import {
  builderCommand,
  builderSetup,
  type BuildDoors,
  findBuildTool,
  imagesCommand,
  runBuild,
} from '../steps/build.ts'
import { makeDockerConfig } from '../cluster/docker-config.ts'
import type { Foundation } from '../infrastructure.ts'
import type { Job } from '../job.ts'

/** Builds the images of the checkout into the registry that the stack exports. */
export async function buildImages(
  job: Job,
  foundation: Foundation,
  kubeconfig: string,
): Promise<void> {
  const { checklist, checkout = '', session, context } = job
  const { deployment, stateFolder } = foundation
  const { run } = session
  const { signal } = context
  const { ecrRegistry } = deployment
  await checklist.run('build-images', async (step) => {
    const registry = unwrap(parseEcrRegistry(deployment.registryHost))
    const config = await logDockerIn(registry, join(session.folder, 'docker'), context)
    const docker = unwrap(await findBuildTool('docker', context.env))
    step.changing()
    const found = await run(builderCommand(docker), {
      env: environmentFor('docker', context.env, config),
      cwd: checkout,
      signal,
      deadline: 5 * 60_000,
    })
    const doors: BuildDoors = {
      run,
      signal,
      logs: join(stateFolder, 'logs'),
      tell: step.note,
      // The builder is made of pods of the cluster, each for one architecture.
      env: environmentFor('gradle-images', context.env, { ...config, KUBECONFIG: kubeconfig }),
      cwd: checkout,
    }
    if (!found.ok) await runBuild('builder', builderSetup(checkout), doors)
    const log = await runBuild('build-images', imagesCommand(checkout, ecrRegistry), doors)
    step.done(`pushed to ${ecrRegistry}; log in ${log}`)
  })
}

/** Logs docker in to the registry, in a configuration of this run alone. Returns the variables that name it. */
async function logDockerIn(
  registry: EcrRegistry,
  folder: string,
  { env, signal }: Context,
): Promise<Environment> {
  const target = await openTarget(registry, env, signal)
  try {
    return await makeDockerConfig(folder, registry.host, await target.ecr.authorize(), env)
  } finally {
    target.ecr.close()
  }
}
