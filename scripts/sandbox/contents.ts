import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { publishedVersion } from '../lib/model/manifest/manifest.ts'
import { ProblemError, unwrap } from '../lib/model/problem.ts'
import { loadManifest } from '../lib/sources/manifest/file.ts'
import { parseYamlSource } from '../lib/sources/yaml-source.ts'

const chartShape = z.object({
  name: z.string(),
  version: z.string(),
  published: z.string().optional(),
  repository: z.string(),
})

/** The schema of `--list` files. */
const contentsShape = z.object({ charts: z.array(chartShape), images: z.array(z.string()) })

/** The content of a sandbox. */
export type Contents = z.infer<typeof contentsShape>

/** Reads a list of charts and images, or the manifest's content if no list is given. Throws `ProblemError`. */
export async function readContents(list: string | undefined): Promise<Contents> {
  if (list !== undefined) {
    const text = await readFile(list, 'utf8').catch((cause: Error) => {
      const message = `the list "${list}" cannot be read: ${cause.message}`
      throw new ProblemError({ kind: 'invalid-input', side: 'input', message }, { cause })
    })
    return unwrap(parseYamlSource({ file: list, text }, contentsShape))
  }
  const { charts, images } = await loadManifest()
  return {
    charts: charts.map((chart) => ({ ...chart, published: publishedVersion(chart) })),
    images: images.map(({ reference }) => reference),
  }
}
