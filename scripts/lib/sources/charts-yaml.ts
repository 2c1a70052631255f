import { z } from 'zod'
import { chartNameKind, isChartVersion, parseChartSource } from '../model/chart/chart.ts'
import { type ChartList, defaultVariant, type ListedChart } from '../model/chart/chart-list.ts'
import { leafRoles } from '../model/values/leaf-role.ts'
import { parseLeafPath } from '../model/values/leaf-path.ts'
import {
  apiVersionKind,
  kubeVersionKind,
  namespaceKind,
  nodeSystemKind,
} from '../model/names/kubernetes.ts'
import { type Result, withAdvice } from '../model/problem.ts'
import { formatReference, parseReference } from '../model/image/reference.ts'
import { emptyTree, isTree, type ValuesTree } from '../model/values/values.ts'
import { ofKind } from './of-kind.ts'
import { safeRecord } from './record.ts'
import { repeatedName, referenceTextOf, refuseRepeated } from './repeated.ts'
import { type ListedRepositorySettings, listedRepositorySettings } from './repository-settings.ts'
import { parseYamlSource, type SourceText } from './yaml-source.ts'

/** A schema for a quoted string; YAML reads an unquoted 1.10 as the number 1.1. */
const text = (what: string) =>
  z.string({
    error: ({ input }) =>
      typeof input === 'number'
        ? `YAML reads the ${what} ${input} as a number; quote it exactly as published, for example "1.10"`
        : `the ${what} must be a string`,
  })

const version = text('version').refine(isChartVersion, {
  error: ({ input }) =>
    `"${String(input)}" is not a chart version; expected three parts, for example "1.17.2"`,
})

/** A reference in canonical form. A tag or a digest is required: `latest` is never implied. */
export const canonicalReference = text('reference').transform((written, context) => {
  const parsed = parseReference(written)
  if (!parsed.ok) return refuse(context, parsed.problem.message)
  if (parsed.value.tag === undefined && parsed.value.digest === undefined) {
    return refuse(context, `image "${written}" has neither tag nor digest; "latest" is not implied`)
  }
  return formatReference(parsed.value)
})

/** Leaves of an image with the part of it that each holds. */
export const listedLeaves = safeRecord(
  z
    .record(z.string(), z.enum(leafRoles))
    .describe('Which part of this image each values leaf holds: leaf path → role'),
).transform((roles, context) =>
  Object.entries(roles).map(([key, role]) => {
    const path = parseLeafPath(key)
    return path === undefined || path.includes('__proto__')
      ? refuse(context, `"${key}" is not a leaf path; write it as image.repository`)
      : { path, role }
  }),
)

const image = z.strictObject({
  reference: canonicalReference.describe('Image reference with tag or digest'),
  reason: text('reason').min(1, 'explain why it is listed').describe('Why it is listed by hand'),
  leaves: listedLeaves.default([]),
})

const values = z
  .custom<ValuesTree>((input) => isTree(input), {
    error: 'values must be a mapping, as in a values file',
  })
  .meta({ type: 'object' })

const decision = z.strictObject({
  reference: text('reference').min(1).describe('The text as rendered, or its canonical form'),
  decision: z.enum(['mirror', 'ignore']),
  reason: text('reason').min(1, 'explain why'),
})

const chart = z
  .strictObject({
    name: ofKind(chartNameKind, text('name')),
    version: version.describe('The version that you pin'),
    published: version.optional().describe('The published version, if it differs'),
    repository: text('repository').describe(
      'https:// URL of a chart repository, or oci://host/path',
    ),
    group: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'a group is a lowercase word')
      .default('production'),
    kubeVersion: ofKind(
      kubeVersionKind,
      z.string({ error: 'kubeVersion must be a quoted string, for example "1.31.0"' }),
    )
      .optional()
      .describe('Kubernetes version to render the chart for'),
    apiVersions: z
      .array(ofKind(apiVersionKind))
      .default([])
      .describe(
        'Additional API versions that the cluster serves, such as "monitoring.coreos.com/v1"',
      ),
    namespace: ofKind(namespaceKind).optional(),
    nodeOs: z
      .array(ofKind(nodeSystemKind))
      .exactOptional()
      .describe('Operating systems of your nodes, for images that exist once for each'),
    values: values.optional().describe('Values of the variant "default"'),
    variants: safeRecord(
      z.record(
        z.string().regex(/^[a-z][a-z0-9-]*$/, 'a variant is a lowercase word'),
        values.nullable(),
      ),
    )
      .describe('Additional sets of values to render the chart with: name → values')
      .prefault({}),
    runtime: z
      .array(image)
      .default([])
      .describe('Images pulled at run time that no render contains'),
    decisions: z
      .array(decision)
      .default([])
      .describe('What to do with text that may be an image reference'),
  })
  .transform((entry, context) => {
    const source = parseChartSource(entry.name, entry.repository)
    return source.ok ? { ...entry, ...source.value } : refuse(context, withAdvice(source.problem))
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
    repositories: listedRepositorySettings
      .exactOptional()
      .describe('Settings of the repositories that images and charts are mirrored into'),
  })
  .superRefine(({ charts, direct }, context) => {
    refuseRepeated(charts, repeatedName, ['charts'], context)
    refuseRepeated(direct, referenceTextOf, ['direct'], context)
    for (const [index, { runtime, decisions, variants }] of charts.entries()) {
      refuseRepeated(runtime, referenceTextOf, ['charts', index, 'runtime'], context)
      refuseRepeated(decisions, referenceTextOf, ['charts', index, 'decisions'], context)
      if (Object.hasOwn(variants, defaultVariant)) {
        context.addIssue({
          code: 'custom',
          path: ['charts', index, 'variants', defaultVariant],
          message: `put the values of variant "${defaultVariant}" under "values"`,
        })
      }
    }
  })

/** A chart list in which policies may still be file names. */
export interface ParsedChartList extends Omit<ChartList, 'repositories'> {
  readonly repositories?: ListedRepositorySettings
}

/** Parses `charts.yaml`. Fails with every error at once, each with `file:line:column`. */
export function parseChartsYaml(source: SourceText): Result<ParsedChartList> {
  const parsed = parseYamlSource(source, chartsYamlSchema)
  if (!parsed.ok) return parsed
  const { charts, ...rest } = parsed.value
  return { ok: true, value: { ...rest, charts: charts.map(toListedChart) } }
}

function toListedChart({
  published,
  kubeVersion,
  namespace,
  values: own,
  variants,
  ...entry
}: z.output<typeof chart>): ListedChart {
  const others = Object.entries(variants).map(
    ([name, given]) => [name, given ?? emptyTree()] as const,
  )
  return {
    ...entry,
    ...(published !== undefined && published !== entry.version && { published }),
    ...(kubeVersion !== undefined && { kubeVersion }),
    ...(namespace !== undefined && { namespace }),
    variants: { [defaultVariant]: own ?? emptyTree(), ...Object.fromEntries(others) },
  }
}
