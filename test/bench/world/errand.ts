import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '../../../scripts/lib/model/manifest/manifest.ts'
import type { Errand } from '../movers.ts'
import { type Work, workOf } from './work.ts'

/** How the reference moves a chart: pulled by name, pushed as it came. */
const chartScript = `set -e
name=$1 version=$2 repository=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
case $repository in
  oci://*) helm pull "$repository/$name" --version "$version" -d "$folder" ;;
  *) helm pull "$name" --repo "$repository" --version "$version" -d "$folder" ;;
esac
helm push "$folder"/*.tgz "oci://$REGISTRY/charts"
`

/** Writes everything that a mover may need to move what a manifest lists. */
export async function writeErrand(
  folder: string,
  registry: string,
  manifest: Manifest,
): Promise<Errand> {
  await mkdir(folder, { recursive: true })
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  const work = workOf(manifest)
  const pairs = pairsOf(work, registry)
  await write('images.txt', linesOf(pairs.map(({ from, to }) => `${from} ${to}`)))
  await write(
    'images-docker.txt',
    linesOf(pairs.map(({ from, to }) => `docker://${from} docker://${to}`)),
  )
  await write(
    'charts.txt',
    linesOf(work.charts.map(({ name, version, repository }) => `${name} ${version} ${repository}`)),
  )
  await write('chart.sh', chartScript)
  await write('regsync.yaml', regsyncConfig(pairs))
  const manifestFile = await write('manifest.json', JSON.stringify(manifest, null, 2))
  return { folder, registry, manifestFile, stateFolder: join(folder, 'state') }
}

interface Pair {
  readonly from: string
  readonly to: string
}

function pairsOf({ images }: Work, registry: string): Pair[] {
  return images.map(({ source, repository, tag }) => ({
    from: source,
    to: `${registry}/${repository}:${tag}`,
  }))
}

/** JSON is YAML. Logins come from docker's configuration, as with the others. */
function regsyncConfig(pairs: readonly Pair[]): string {
  const sync = pairs.map(({ from, to }) => ({ source: from, target: to, type: 'image' }))
  return `${JSON.stringify({ version: 1, defaults: { parallel: 4 }, sync }, null, 2)}\n`
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
