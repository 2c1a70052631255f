import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { version } from '../bootstrap/bootstrap.ts'
import { fixtures } from '../charts/relocate.ts'
import { pod } from '../charts/relocating.ts'
import { accountValues, publishedImageValues, umbrellaFolder } from '../charts/umbrella-charts.ts'

const addons = `addons:
  argocd: { chart: argo-cd, repoUrl: https://argoproj.github.io/argo-helm, targetRevision: 7.8.0 }
`

/** Readers' own charts and values, under the names that the documents use. */
export async function writeReadersFiles(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const write = (name: string, text: string) => writeFile(join(folder, name), text)
  await cp(join(fixtures, 'repository-tag'), join(folder, 'my-chart'), { recursive: true })
  await cp(join(fixtures, 'runtime-prefix'), join(folder, 'chart-with-prefix'), { recursive: true })
  await mkdir(join(folder, 'deploy'))
  await write('deploy/web.yaml', pod('web', 'quay.io/example/web:1.2.3'))
  await write('deploy/cache.yaml', pod('cache', 'docker.io/library/redis:7.2.4'))
  await write('my-values.yaml', 'replicas: 2\n')
  await write('addons.yaml', addons)
  for (const name of ['my-umbrella', 'migration-assistant']) {
    const chart = join(folder, name)
    await cp(umbrellaFolder, chart, { recursive: true })
    // No value reaches its image.
    await rm(join(chart, 'templates/resources/collector.yaml'))
  }
  await write('umbrella-values.yaml', accountValues)
  await write('published.yaml', publishedImageValues(version) + accountValues)
  // The file that `npm run sandbox` writes.
  const lines = Object.entries(env).map(([name, value]) => `export ${name}='${value}'\n`)
  await write('sandbox.env', lines.join(''))
}
