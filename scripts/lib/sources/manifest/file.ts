import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineManifest, type Manifest } from '../../model/manifest/manifest.ts'
import type { Origin } from '../../model/origin.ts'
import { unwrap } from '../../model/problem.ts'
import { readJson } from '../../model/tree/json.ts'
import { literalOf } from './literal.ts'
import { isManifest } from './shape.ts'
import { readTextFile } from '../text-file.ts'

/** The default manifest. */
export const defaultManifestFile = fileURLToPath(
  new URL('../../../../manifests/private-ecr-manifest.ts', import.meta.url),
)

/** Returns where to edit the content of a manifest, for advice: the chart list, if known. */
export function originOfManifest(file: string = defaultManifestFile): Origin {
  return resolve(file) === defaultManifestFile
    ? { kind: 'chart-list', file: 'manifests/charts.yaml' }
    : { kind: 'manifest', file }
}

/**
 * Loads and checks a manifest: the module that `regenerate-manifest` writes, or the same data as JSON or YAML. Reads
 * the literal as data and never executes it; no content of a file is trusted. Throws `ProblemError` with every error
 * found, each with `file:line:column`.
 */
export async function loadManifest(file: string = defaultManifestFile): Promise<Manifest> {
  const next = 'specify the path of a manifest module, or omit --manifest to use the default one'
  const text = unwrap(await readTextFile(file, { name: `manifest "${file}"`, next }))
  const place = literalOf(file, text)
  const data = place && readJson(text.slice(place.start, place.end))
  if (isManifest(data)) return defineManifest(data)
  const { parseManifest } = await import('./parse.ts')
  return defineManifest(unwrap(parseManifest(file, text)))
}
