import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'

const chartShape = z.object({
  name: z.string(),
  version: z.string(),
  published: z.string().optional(),
  repository: z.string(),
})

/** The shape of `--list` files. */
const contentsShape = z.object({ charts: z.array(chartShape), images: z.array(z.string()) })

/** What a sandbox is to hold. */
export interface Contents {
  readonly charts: readonly z.infer<typeof chartShape>[]
  readonly images: readonly string[]
}

/** Reads a list of charts and images, or takes the manifest's when none is named. */
export async function readContents(list: string | undefined): Promise<Contents> {
  if (list !== undefined) return contentsShape.parse(parse(await readFile(list, 'utf8')))
  const { loadManifest } = await import('../lib/sources/manifest-file.ts')
  const { charts, images } = await loadManifest()
  return { charts, images: images.map(({ reference }) => reference) }
}
