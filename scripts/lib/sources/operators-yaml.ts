import { fileURLToPath } from 'node:url'
import { validRange } from 'semver'
import { z } from 'zod'
import { fillTag, type Operator } from '../model/chart/operator.ts'
import { formatReference, isTag, parseReference } from '../model/image/reference.ts'
import { chartNameKind } from '../model/chart/chart.ts'
import { nodeSystemKind } from '../model/names/kubernetes.ts'
import { type Result, unwrap } from '../model/problem.ts'
import { listedLeaves } from './charts-yaml.ts'
import { parseLeafPath } from '../model/values/leaf-path.ts'
import { ofKind } from './of-kind.ts'
import { safeRecord } from './record.ts'
import { refuseRepeated } from './repeated.ts'
import { readTextFile } from './text-file.ts'
import { parseYamlSource, type SourceText } from './yaml-source.ts'

const words = z.string().min(1).max(400)

const repository = z.string().transform((written, context) => {
  const parsed = parseReference(written)
  if (parsed.ok && parsed.value.tag === undefined && parsed.value.digest === undefined) {
    return formatReference(parsed.value)
  }
  const message = `"${written}" is not a repository: expected a name without tag and digest, for example quay.io/calico/node`
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const tag = z
  .string({ error: 'the tag must be a quoted string' })
  .refine((text) => isTag(fillTag(text, () => '1').replaceAll('{os}', '1')), {
    error: ({ input }) =>
      `"${String(input)}" is not a tag; its placeholders are {app}, {chart}, {kubernetes}, {kubernetes-minor}, {values.a.b} and {os}`,
  })

/** `https:` only: it is printed for people to open. */
const source = z
  .string()
  .max(400)
  .regex(/^https:\/\/[\w.-]+\/\S*$/, 'a source is an https:// URL')

const leaves = listedLeaves.refine(
  (listed) => listed.every(({ path }) => path.every((step) => typeof step === 'string')),
  { error: 'a leaf in a list cannot be set on its own' },
)

const conditions = safeRecord(
  z
    .record(z.string(), z.union([z.string(), z.boolean()]))
    .describe('Values with which it is pulled: leaf path → value'),
).transform((values, context) =>
  Object.entries(values).map(([key, value]) => {
    const path = parseLeafPath(key)
    if (path !== undefined) return { path, value }
    context.addIssue({ code: 'custom', message: `"${key}" is not a leaf path` })
    return z.NEVER
  }),
)

const image = z
  .strictObject({
    repository: repository.describe('Image name without its tag'),
    tag: tag.describe(
      'Tag, with {app} (appVersion), {chart} (chart version), {kubernetes} (1.31.0), {kubernetes-minor} (1.31), {values.a.b} or {os}',
    ),
    when: words.describe('When it is pulled'),
    leaves: leaves.describe('Which part of this image each values leaf holds').default([]),
    field: words.exactOptional().describe('Field of a custom resource that names another image'),
    systems: z
      .array(ofKind(nodeSystemKind))
      .default([])
      .describe('Some operating systems of nodes that {os} stands for'),
    if: conditions.default([]),
  })
  .refine(({ tag: text, systems }) => text.includes('{os}') === systems.length > 0, {
    error: 'a tag with {os} needs "systems", and only such a tag',
  })
  .transform(({ if: met, ...rest }) => ({ ...rest, conditions: met }))

const release = z.strictObject({
  versions: z
    .string()
    .refine((range) => validRange(range, { loose: true }) !== null, {
      error: ({ input }) =>
        `"${String(input)}" is not a range of versions, for example ">=1.2.0 <2"`,
    })
    .describe('Range of chart versions'),
  images: z.array(image),
  unlisted: words.exactOptional().describe('What these versions also pull that is not listed'),
  source: source.describe('Where the facts are from'),
})

const operator = z.strictObject({
  chart: ofKind(chartNameKind).describe('Name of the chart'),
  addresses: z
    .array(
      z
        .string()
        .regex(
          /^[a-z0-9][a-z0-9.-]*(?:\/[^\s/]+)*$/,
          'an address is a host and path in lower case, without a scheme',
        ),
    )
    .min(1)
    .describe(
      'Where it is published, its home, its sources, or an image repository that it renders',
    ),
  pulls: words.describe('What it pulls at run time, for versions that no release is for'),
  decidedBy: words.describe('The value or field that decides about it'),
  releases: z.array(release).default([]),
  source,
})

function shownOperator({ chart, addresses }: z.output<typeof operator>): string {
  return `${chart} of ${addresses[0] ?? ''}`
}

/** The schema of `manifests/operators.yaml`. */
const operatorsYamlSchema = z
  .strictObject({ operators: z.array(operator) })
  .superRefine(({ operators }, context) => {
    refuseRepeated(operators, shownOperator, ['operators'], context)
  })

/** Parses `operators.yaml`. Fails with every error at once, each with `file:line:column`. */
export function parseOperatorsYaml(text: SourceText): Result<readonly Operator[]> {
  const parsed = parseYamlSource(text, operatorsYamlSchema)
  return parsed.ok ? { ok: true, value: parsed.value.operators } : parsed
}

const defaultFile = fileURLToPath(new URL('../../../manifests/operators.yaml', import.meta.url))

/** The word that switches the catalog off. */
const noOperators = 'none'

/** Loads the catalog: the kit's own by default, another file, or an empty one. Throws `ProblemError`. */
export async function loadOperators(file?: string): Promise<readonly Operator[]> {
  if (file === noOperators) return []
  const name = file === undefined ? 'operators.yaml' : `catalog of operators "${file}"`
  const next = `specify a file with --operators, or "${noOperators}"`
  const text = unwrap(await readTextFile(file ?? defaultFile, { name, next }))
  return unwrap(parseOperatorsYaml({ file: file ?? 'manifests/operators.yaml', text }))
}
