import { join } from 'node:path'
import { unwrap } from '../../../model/problem.ts'
import { environmentFor } from '../../../tools/process/environment.ts'
import {
  builderCommand,
  builderSetup,
  type BuildDoors,
  findBuildTool,
  imagesCommand,
  runBuild,
} from '../../application/build.ts'
import { makeDockerConfig } from '../../cluster/docker-config.ts'
import { having, registryOf } from '../../findings.ts'
import type { StepDefinition } from '../definition.ts'

/** Builds the images of the checkout into the registry that the stack exports. */
export const buildImagesStep: StepDefinition = {
  id: 'build-images',
  title: 'Image build',
  changes: () => true,

  plan: ({ build }) =>
    build.images
      ? 'build the images from the checkout and push them to the private registry (gradlew buildImagesToRegistry)'
      : undefined,

  async run({ checkout = '', session, context, doors: { authorize } }, findings, step) {
    const { foundation, opened } = having(findings, 'foundation', 'opened')
    const { ecrRegistry } = foundation.deployment
    const { run } = session
    const { signal } = context
    const registry = registryOf(foundation)
    const login = await authorize(registry)
    const folder = join(session.folder, 'docker')
    const config = await makeDockerConfig(folder, registry.host, login, context.env)
    const docker = unwrap(await findBuildTool('docker', context.env))
    step.changing()
    const found = await run(builderCommand(docker), {
      env: environmentFor('docker', context.env, config),
      cwd: checkout,
      signal,
      deadline: 5 * 60_000,
    })
    // The builder consists of pods in the cluster, one for each architecture.
    const settings = { ...config, KUBECONFIG: opened.door.kubeconfig }
    const doors: BuildDoors = {
      run,
      signal,
      logs: join(foundation.stateFolder, 'logs'),
      tell: step.note,
      env: environmentFor('gradle-images', context.env, settings),
      cwd: checkout,
    }
    if (!found.ok) await runBuild('builder', builderSetup(checkout), doors)
    const log = await runBuild('build-images', imagesCommand(checkout, ecrRegistry), doors)
    step.done(`pushed to ${ecrRegistry}; build log: ${log}`)
    return {}
  },
}
