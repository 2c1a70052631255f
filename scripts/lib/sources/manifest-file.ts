import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { defineManifest, type Manifest } from '../model/manifest.ts'
import { failure, ProblemError, type Result, success, unwrap } from '../model/problem.ts'
import { manifestSchema } from './manifest-schema.ts'
import { parseYamlSource } from './yaml-source.ts'

/** The kit's own manifest. */
export const defaultManifestFile = fileURLToPath(
  new URL('../../../manifests/private-ecr-manifest.ts', import.meta.url),
)

/**
 * Loads and checks a manifest: the module that `regenerate-manifest` writes, or the same data as JSON or YAML.
 * The module's literal is read as data and never executed, so that a file from elsewhere can do no harm and an
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
  return defineManifest(unwrap(parseManifest(file, text)))
}

/** Parses the text of a manifest module, or of a JSON or YAML file (by the file's ending). */
export function parseManifest(file: string, text: string): Result<Manifest> {
  if (!/\.[cm]?[jt]s$/.test(file)) return parseData(file, text, 0, text.length)
  const start = text.indexOf('defineManifest({')
  const end = text.lastIndexOf(')')
  if (start === -1 || end < start) {
    return failure({
      kind: 'invalid-input',
      side: 'input',
      message: `"${file}" is not a manifest module: it has no defineManifest({ … })`,
      next: 'generate it with "npm run regenerate"',
    })
  }
  return parseData(file, text, start + 'defineManifest('.length, end)
}

/**
 * A generated literal is JSON, which is read fifty times as fast as YAML. Whatever is wrong is looked for again with
 * the slow parser, which knows lines and columns.
 */
function parseData(file: string, text: string, start: number, end: number): Result<Manifest> {
  const literal = text.slice(start, end)
  const read = readJson(literal)
  const checked = read === undefined ? undefined : manifestSchema.safeParse(read)
  if (checked?.success) return success(checked.data)
  // What stands before the literal is blanked so that lines and columns stay true.
  const blank = text.slice(0, start).replace(/[^\n]/g, ' ')
  return parseYamlSource({ file, text: blank + literal }, manifestSchema)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // YAML, or JSON with a mistake in it: the other parser will say.
    return undefined
  }
}
