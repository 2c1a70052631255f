import { addonCharts } from '../charts/addon-charts.ts'
import { loadManifest } from '../../../../scripts/lib/sources/manifest/file.ts'
import { writeKubeconfig } from '../bootstrap/cluster.ts'
import { logIn } from '../bootstrap/login.ts'
import { type Published, standIn, startPublished } from '../charts/published.ts'
import type { World } from '../world.ts'

/** The cluster of the account that the documents use. */
const cluster = 'my-cluster'

/** Starts the account, the registries and the chart repositories that the documents mention. */
export async function startStage(): Promise<World> {
  const manifest = await loadManifest()
  const kit = manifest.charts.map(({ name, repository }): Published => {
    return { repository, files: standIn(name) }
  })
  const newer: Published = {
    repository: 'https://argoproj.github.io/argo-helm',
    files: standIn('argo-workflows', {
      'Chart.yaml': (text) => text.replace('0.47.1', '1.0.5').replace('v3.7.8', 'v4.0.1'),
    }),
  }
  const { 'cert-manager': _, ...others } = addonCharts
  const addons = Object.values(others)
  const images = [
    ...manifest.images.map(({ reference }) => reference),
    ...['workflow-controller', 'argoexec', 'argocli'].map(
      (name) => `quay.io/argoproj/${name}:v4.0.1`,
    ),
    ...addons.flatMap(({ places }) => Object.keys(places)),
  ]
  const world = await startPublished([...kit, newer, ...addons], [...new Set(images)], {
    account: '123456789012',
    clusters: [{ name: cluster }],
  })
  await logIn(world)
  return world
}

/** The environment of a reader's shell. */
export async function readerEnvironment(world: World): Promise<NodeJS.ProcessEnv> {
  return {
    ...world.env,
    REGISTRY: world.registry,
    KUBECONFIG: await writeKubeconfig(world, cluster),
  }
}
