import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { isChartVersion, parseChartSource } from '../model/chart.ts'
import { defineManifest, type Manifest } from '../model/manifest.ts'
import { failure, ProblemError, type Result, unwrap } from '../model/problem.ts'
import { canonicalReference } from './charts-yaml.ts'
import { nameOf, referenceTextOf, refuseRepeated } from './repeated.ts'
import { parseYamlSource } from './yaml-source.ts'

/** The kit's own manifest. */
export const defaultManifestFile = fileURLToPath(
  new URL('../../../manifests/private-ecr-manifest.ts', import.meta.url),
)

const version = z
  .string({ error: 'a version must be a string in quotes' })
  .refine(isChartVersion, { error: ({ input }) => `"${String(input)}" is not a chart version` })

const assignment = z.strictObject({
  path: z
    .array(z.union([z.string(), z.int().nonnegative()]))
    .min(1)
    .refine((path) => !path.includes('__proto__'), {
      error: 'a leaf cannot be called "__proto__"',
    }),
  value: z.string(),
})

const chart = z
  .strictObject({
    name: z.string(),
    version,
    published: version.exactOptional(),
    repository: z.string(),
    group: z.string(),
    relocation: z.array(assignment),
  })
  .superRefine(({ name, repository }, context) => {
    const source = parseChartSource(name, repository)
    if (!source.ok) context.addIssue({ code: 'custom', message: source.problem.message })
  })

const image = z.strictObject({
  reference: canonicalReference,
  charts: z.array(z.string()),
  direct: z.boolean().exactOptional(),
  reason: z.string().exactOptional(),
})

const manifestSchema = z
  .strictObject({
    input: z.string(),
    charts: z.array(chart),
    images: z.array(image),
    relocation: z.array(assignment),
  })
  .superRefine(({ charts, images }, context) => {
    refuseRepeated(charts, nameOf, ['charts'], context)
    refuseRepeated(images, referenceTextOf, ['images'], context)
    const names = new Set(charts.map(({ name }) => name))
    for (const [index, { charts: users }] of images.entries()) {
      const stranger = users.find((name) => !names.has(name))
      if (stranger === undefined) continue
      context.addIssue({
        code: 'custom',
        path: ['images', index],
        message: `chart "${stranger}" is not in the manifest`,
      })
    }
  })

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
  if (!/\.[cm]?[jt]s$/.test(file)) return parseYamlSource({ file, text }, manifestSchema)
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
  // The literal is legal YAML; what stands before it is blanked so that lines and columns stay true.
  const literalStart = start + 'defineManifest('.length
  const blank = text.slice(0, literalStart).replace(/[^\n]/g, ' ')
  return parseYamlSource({ file, text: blank + text.slice(literalStart, end) }, manifestSchema)
}
