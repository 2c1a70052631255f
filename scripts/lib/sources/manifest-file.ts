import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineManifest, type Manifest } from '../model/manifest.ts'
import type { Origin } from '../model/origin.ts'
import { ProblemError, unwrap } from '../model/problem.ts'
import { readSealed } from './manifest-literal.ts'

/** The kit's own manifest. */
export const defaultManifestFile = fileURLToPath(
  new URL('../../../manifests/private-ecr-manifest.ts', import.meta.url),
)

/** What advice names for what is in a manifest: the chart list that is edited by hand, where that is known. */
export function originOfManifest(file: string = defaultManifestFile): Origin {
  return resolve(file) === defaultManifestFile
    ? { kind: 'chart-list', file: 'manifests/charts.yaml' }
    : { kind: 'manifest', file }
}

/**
 * Loads and checks a manifest: the module that `regenerate-manifest` writes, or the same data as JSON or YAML.
 * A module that is as it was generated, by its seal, is not checked again. Its literal is read as data and never executed, so that a file from elsewhere can do no harm and an
 * error has `file:line:column`. Throws `ProblemError` with every error found.
 */
export async function loadManifest(file: string = defaultManifestFile): Promise<Manifest> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new ProblemError(
      {
        kind: 'invalid-input',
        side: 'input',
        message: `manifest "${file}" cannot be read: ${cause.code ?? cause.message}`,
        next: 'give the path of a manifest module, or leave out --manifest for the one of this kit',
      },
      { cause },
    )
  })
  const sealed = readSealed(file, text)
  if (sealed !== undefined) return defineManifest(sealed)
  const { parseManifest } = await import('./manifest-parse.ts')
  return defineManifest(unwrap(parseManifest(file, text)))
}
