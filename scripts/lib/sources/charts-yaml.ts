import { z } from 'zod'
import { isChartVersion, parseChartSource } from '../model/chart.ts'
import { type ChartList, leafRoles, type ListedImage } from '../model/chart-list.ts'
import type { Result } from '../model/problem.ts'
import { formatReference, parseReference } from '../model/reference.ts'
import { parseLeafPath } from '../model/relocation.ts'
import { nameOf, referenceTextOf, refuseRepeated } from './repeated.ts'
import { parseYamlSource, type SourceText } from './yaml-source.ts'

/** A string that was written as one; YAML reads an unquoted 1.10 as the number 1.1. */
const text = (what: string) =>
  z.string({
    error: ({ input }) =>
      typeof input === 'number'
        ? `the ${what} ${input} is a number to YAML; quote it as it is published, for example "1.10"`
        : `the ${what} must be a string`,
  })

const version = text('version').refine(isChartVersion, {
  error: ({ input }) =>
    `"${String(input)}" is not a chart version; a version has three parts, such as "1.17.2"`,
})

/** A reference in canonical form. A tag or a digest is required: nothing is ever taken to mean `latest`. */
export const canonicalReference = text('reference').transform((written, context) => {
  const parsed = parseReference(written)
  if (!parsed.ok) return refuse(context, parsed.problem.message)
  if (parsed.value.tag === undefined && parsed.value.digest === undefined) {
    return refuse(context, `image "${written}" has neither tag nor digest; "latest" is not implied`)
  }
  return formatReference(parsed.value)
})

const leaves = z
  .record(z.string(), z.enum(leafRoles))
  .describe('What each values leaf spells of this image: leaf path → role')
  .transform((roles, context) =>
    Object.entries(roles).map(([key, role]) => {
      const path = parseLeafPath(key)
      return path === undefined || path.includes('__proto__')
        ? refuse(context, `"${key}" is not a leaf path; write it as image.repository`)
        : { path, role }
    }),
  )

const image = z.strictObject({
  reference: canonicalReference.describe('Image reference with tag or digest'),
  reason: z.string().optional().describe('Why it is listed, when no chart renders it'),
  leaves: leaves.default([]),
})

const chart = z
  .strictObject({
    name: text('name'),
    version: version.describe('The version as you pin it'),
    published: version.optional().describe('The version as it is published, where that differs'),
    repository: text('repository').describe('https:// address of an index, or oci://host/path'),
    group: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'a group is a lower-case word')
      .default('production'),
    images: z.array(image).default([]),
  })
  .transform((entry, context) => {
    const source = parseChartSource(entry.name, entry.repository)
    return source.ok ? { ...entry, ...source.value } : refuse(context, source.problem.message)
  })

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message })
  return z.NEVER
}

/** The schema of `manifests/charts.yaml`; the JSON schema for editors is generated from it. */
export const chartsYamlSchema = z
  .strictObject({
    charts: z.array(chart),
    direct: z.array(image).default([]).describe('Images that the system uses outside any chart'),
  })
  .superRefine(({ charts, direct }, context) => {
    refuseRepeated(charts, nameOf, ['charts'], context)
    refuseRepeated(direct, referenceTextOf, ['direct'], context)
    for (const [index, { images }] of charts.entries()) {
      refuseRepeated(images, referenceTextOf, ['charts', index, 'images'], context)
    }
  })

/** Parses `charts.yaml`. Fails with every error at once, each with `file:line:column`. */
export function parseChartsYaml(source: SourceText): Result<ChartList> {
  const parsed = parseYamlSource(source, chartsYamlSchema)
  if (!parsed.ok) return parsed
  const { charts, direct } = parsed.value
  return {
    ok: true,
    value: {
      charts: charts.map(({ published, images, ...entry }) => ({
        ...entry,
        ...(published !== undefined && published !== entry.version && { published }),
        images: images.map(withoutAbsent),
      })),
      direct: direct.map(withoutAbsent),
    },
  }
}

function withoutAbsent({ reason, ...rest }: z.output<typeof image>): ListedImage {
  return { ...rest, ...(reason !== undefined && { reason }) }
}
