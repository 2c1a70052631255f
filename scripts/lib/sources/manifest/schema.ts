import { z } from 'zod'
import { isChartVersion, parseChartSource } from '../../model/chart/chart.ts'
import { withAdvice } from '../../model/problem.ts'
import { egressUses } from '../../model/chart/egress.ts'
import { deliveredCauses, operatorCauses } from '../../model/chart/question.ts'
import { proofResults, referenceClasses } from '../../model/chart/relocation.ts'
import { faultOfAssignments } from '../../model/values/assignable.ts'
import type { ValuesNode } from '../../model/values/values.ts'
import { canonicalReference } from '../charts-yaml.ts'
import { findProtoKeys } from './proto-key.ts'
import { repeatedName, referenceTextOf, refuseRepeated } from '../repeated.ts'
import { repositorySettings } from '../repository-settings.ts'

const version = z
  .string({ error: 'a version must be a quoted string' })
  .refine(isChartVersion, { error: ({ input }) => `"${String(input)}" is not a chart version` })

const assignment = z.strictObject({
  path: z
    .array(z.union([z.string(), z.int().nonnegative()]))
    .min(1)
    .refine((path) => !path.includes('__proto__'), {
      error: 'a leaf cannot be named "__proto__"',
    }),
  value: z.custom<ValuesNode>((value) => value !== undefined, { error: 'a leaf needs a value' }),
})

/** Values in the order in which they are set. */
const assignments = z.array(assignment).superRefine((values, context) => {
  const fault = faultOfAssignments(values)
  if (fault === undefined) return
  context.addIssue({ code: 'custom', path: [fault.index, 'path'], message: fault.message })
})

const place = {
  document: z.string(),
  path: z.string(),
  template: z.string(),
  leaves: z.array(z.string()),
}
const foundPlace = z.strictObject({
  variants: z.array(z.string()),
  class: z.enum(referenceClasses),
  ...place,
})
const unreached = z.strictObject({
  reference: z.string(),
  variant: z.string(),
  cause: z.enum(['unreachable', 'conflict', 'unmoved']),
  ...place,
})
const proof = z.strictObject({
  variant: z.string(),
  result: z.enum(proofResults),
  places: z.int().nonnegative(),
  inputs: z.string(),
  faults: z.array(z.string()),
})
const layoutResult = z.strictObject({
  values: assignments,
  unreached: z.array(unreached).default([]),
  proofs: z.array(proof).default([]),
})

function byLayout<T extends z.ZodType>(entry: T) {
  return z
    .strictObject({ mirrored: entry.exactOptional(), 'by-chart': entry.exactOptional() })
    .default({})
}

// Read from untrusted text: names and versions end up in file names, URLs and commands of other tools.
const undecided = z
  .array(z.strictObject({ reference: z.string(), places: z.array(foundPlace) }))
  .default([])

const site = { variant: z.string(), document: z.string(), path: z.string(), template: z.string() }
const question = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('latent'), leaf: z.string(), ...site }),
  z.strictObject({
    kind: z.literal('nested-chart'),
    chart: z.string(),
    version: z.string(),
    repository: z.string(),
    ...site,
  }),
  z.strictObject({
    kind: z.literal('nested-values'),
    chart: z.string(),
    values: z.array(z.string()),
    ...site,
  }),
  z.strictObject({
    kind: z.literal('delivered-image'),
    reference: z.string(),
    cause: z.enum(deliveredCauses),
    ...site,
  }),
  z.strictObject({
    kind: z.literal('other-cluster'),
    reference: z.string(),
    assumed: z.string(),
    other: z.string(),
    ...site,
  }),
  z.strictObject({
    kind: z.literal('unread-document'),
    assumed: z.string(),
    other: z.string(),
    ...site,
  }),
  z.strictObject({ kind: z.literal('unexplained-use'), leaves: z.array(z.string()), ...site }),
  z.strictObject({ kind: z.literal('public-host'), host: z.string(), ...site }),
  z.strictObject({ kind: z.literal('possible-image'), reference: z.string(), ...site }),
  z.strictObject({ kind: z.literal('unmoved-repetition'), reference: z.string(), ...site }),
  z.strictObject({ kind: z.literal('unread-field'), text: z.string(), ...site }),
  z.strictObject({
    kind: z.literal('schema-violation'),
    variant: z.string(),
    chart: z.string(),
    path: z.string(),
    rule: z.string(),
  }),
  z.strictObject({
    kind: z.literal('operator-image'),
    operator: z.string(),
    reference: z.string(),
    others: z.int().nonnegative(),
    when: z.string(),
    cause: z.enum(operatorCauses),
    leaves: z.array(z.string()),
    values: z.array(z.string()),
    field: z.string(),
  }),
  z.strictObject({
    kind: z.literal('operator-pulls'),
    operator: z.string(),
    version: z.string(),
    pulls: z.string(),
    decidedBy: z.string(),
    systems: z.array(z.string()),
    source: z.string(),
  }),
  z.strictObject({ kind: z.literal('no-images'), variant: z.string() }),
])
const questions = z.array(question).default([])

const egress = z.array(
  z.strictObject({
    host: z.string(),
    use: z.enum(egressUses),
    addresses: z.array(z.string()),
    places: z.array(
      z.strictObject({
        variants: z.array(z.string()),
        document: z.string(),
        path: z.string(),
        template: z.string(),
      }),
    ),
  }),
)

const chart = z
  .strictObject({
    name: z.string(),
    version,
    published: version.exactOptional(),
    repository: z.string(),
    group: z.string(),
    variants: z.array(z.string()).default(['default']),
    relocation: byLayout(layoutResult),
    undecided,
    questions,
    dormant: z
      .array(z.strictObject({ reference: z.string(), leaves: z.array(z.string()) }))
      .default([]),
    egress: egress.exactOptional(),
    notices: z.array(z.string()).default([]),
  })
  .superRefine(({ name, repository }, context) => {
    const source = parseChartSource(name, repository)
    if (!source.ok) context.addIssue({ code: 'custom', message: withAdvice(source.problem) })
  })

const image = z.strictObject({
  reference: canonicalReference,
  charts: z.array(z.string()),
  direct: z.boolean().exactOptional(),
  runtime: z
    .array(
      z.strictObject({
        chart: z.string(),
        operator: z.string(),
        when: z.string(),
        leaves: z.array(z.string()),
        field: z.string().exactOptional(),
        source: z.string(),
      }),
    )
    .exactOptional(),
  reason: z.string().exactOptional(),
  found: z.array(z.strictObject({ chart: z.string(), ...foundPlace.shape })).default([]),
})

const umbrella = z.strictObject({
  name: z.string(),
  version: z.string(),
  digest: z.string(),
  relocation: byLayout(layoutResult),
  undecided,
  questions,
  egress: egress.exactOptional(),
  notices: z.array(z.string()).default([]),
})

const manifest = z
  .strictObject({
    input: z.string(),
    charts: z.array(chart),
    images: z.array(image),
    relocation: byLayout(assignments),
    umbrella: umbrella.exactOptional(),
    repositories: repositorySettings.exactOptional(),
  })
  .superRefine(({ charts, images }, context) => {
    refuseRepeated(charts, repeatedName, ['charts'], context)
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

/** The schema of a manifest, in a module, JSON or YAML. `isManifest` checks the same rules for generated manifests. */
export const manifestSchema = z
  .unknown()
  .superRefine((value, context) => {
    for (const path of findProtoKeys(value)) {
      context.addIssue({ code: 'custom', path, message: 'a key cannot be named "__proto__"' })
    }
  })
  .pipe(manifest)
