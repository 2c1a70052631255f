import { join } from 'node:path'
import { unwrap } from '../../model/problem.ts'
import { environmentFor } from '../../tools/process/environment.ts'
import {
  builderCommand,
  builderSetup,
  type BuildDoors,
  findBuildTool,
  imagesCommand,
  runBuild,
} from '../steps/build.ts'
import { makeDockerConfig } from '../cluster/docker-config.ts'
import { type Foundation, registryOf } from '../infrastructure.ts'
import type { BootstrapJob } from '../job.ts'

/** Builds the images of the checkout into the registry that the stack exports. */
export async function buildImages(
  job: BootstrapJob,
  foundation: Foundation,
  kubeconfig: string,
): Promise<void> {
  const { checklist, checkout = '', session, context, doors: opened } = job
  const { deployment, stateFolder } = foundation
  const { run } = session
  const { signal } = context
  const { ecrRegistry } = deployment
  await checklist.run('build-images', async (step) => {
    const { host } = registryOf(foundation)
    const login = await opened.authorize(registryOf(foundation))
    const config = await makeDockerConfig(join(session.folder, 'docker'), host, login, context.env)
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
      // The builder consists of pods in the cluster, one for each architecture.
      env: environmentFor('gradle-images', context.env, { ...config, KUBECONFIG: kubeconfig }),
      cwd: checkout,
    }
    if (!found.ok) await runBuild('builder', builderSetup(checkout), doors)
    const log = await runBuild('build-images', imagesCommand(checkout, ecrRegistry), doors)
    step.done(`pushed to ${ecrRegistry}; build log: ${log}`)
  })
}
