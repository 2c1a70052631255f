import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fixtures } from './relocate.ts'
import { imagesIn } from './render.ts'
import { helm } from '../tools.ts'
import type { World } from '../world.ts'

/** Runs `relocate-chart` for the world's registry, as a user would. `chart` is anything that the command accepts. */
export async function relocate(world: World, chart: string, ...flags: readonly string[]) {
  return world.script('relocate-chart.ts', [world.registry, chart, ...flags])
}

export const fixture = (name: string) => join(fixtures, name)

/** Renders any chart that helm accepts with helm alone. */
export async function renderWithHelm(
  world: World,
  chart: string,
  ...flags: readonly string[]
): Promise<string> {
  const rendered = await world.tool(
    helm,
    'template',
    'it',
    chart,
    '--include-crds',
    '--kube-version',
    '1.31.0',
    ...flags,
  )
  if (!rendered.ok) throw new Error(rendered.stderr)
  return rendered.stdout
}

/** Returns images that plain helm renders and that are not in a private registry. */
export async function publicImages(
  world: World,
  chart: string,
  ...flags: readonly string[]
): Promise<string[]> {
  const rendered = await renderWithHelm(world, chart, ...flags)
  // helm reports pulls on the same stream.
  const images = imagesIn(rendered.replaceAll(/^(?:Pulled|Digest): .*\n/gm, ''))
  // An empty render would match any expectation.
  if (images.length === 0) throw new Error(`${chart} renders no image`)
  return images.filter((image) => !image.startsWith(`${world.registry}/`))
}

/** Writes the given files of a chart, and returns its folder. */
export async function writeChart(
  world: World,
  name: string,
  files: Readonly<Record<string, string>>,
  place = `charts-${Math.random().toString(36).slice(2)}`,
): Promise<string> {
  const root = join(await world.folderOf(place), name)
  const all = {
    'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n`,
    'values.yaml': '',
    ...files,
  }
  for (const [path, text] of Object.entries(all)) {
    const file = join(root, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  return root
}

/** Returns a pod whose containers pull the given images, as a template may spell them. */
export function pod(name: string, ...images: readonly string[]): string {
  const containers = images.map((image, index) => `    - name: c${index}\n      image: ${image}\n`)
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n${containers.join('')}`
}

/** Packages a fixture with helm, with another name and version if required. Returns the archive's path. */
export async function packageFixture(
  world: World,
  name: string,
  into: string,
  as: { readonly name: string; readonly version: string } = { name, version: '0.1.0' },
): Promise<string> {
  const root = join(await world.folderOf(`source-${Math.random().toString(36).slice(2)}`), as.name)
  await cp(fixture(name), root, { recursive: true })
  await writeFile(
    join(root, 'Chart.yaml'),
    `apiVersion: v2\nname: ${as.name}\nversion: ${as.version}\n`,
  )
  await mkdir(into, { recursive: true })
  const packed = await world.tool(helm, 'package', root, '--destination', into)
  if (!packed.ok) throw new Error(packed.stderr)
  const [archive] = (await readdir(into)).filter((file) => file.includes(`-${as.version}.tgz`))
  if (archive === undefined) throw new Error(`no archive of ${as.name} ${as.version} in ${into}`)
  return join(into, archive)
}
