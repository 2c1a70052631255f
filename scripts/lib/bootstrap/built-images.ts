import { join } from 'node:path'
import type { Context } from '../cli/main.ts'
import { openTarget } from '../mirror/target.ts'
import { unwrap } from '../model/problem.ts'
import { type EcrRegistry, parseEcrRegistry } from '../model/registry.ts'
import { builderCommand, builderSetup, imagesCommand, runBuild } from './build-step.ts'
import { makeDockerConfig } from './docker-config.ts'
import type { Ground } from './infrastructure.ts'
import type { Job } from './job.ts'

/** Builds the images of the checkout into the registry that the stack exports. */
export async function buildImages(job: Job, ground: Ground, kubeconfig: string): Promise<void> {
  const { checklist, checkout = '', workshop, context } = job
  const { deployment, stateFolder } = ground
  const { run } = workshop
  const { signal } = context
  const { ecrRegistry } = deployment
  await checklist.run('build-images', async (step) => {
    const registry = unwrap(parseEcrRegistry(deployment.registryHost))
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
