import { isChartVersion, parseChartSource } from '../../model/chart/chart.ts'
import type { Manifest, ManifestChart } from '../../model/manifest/manifest.ts'
import { formatReference, parseReference } from '../../model/image/reference.ts'
import {
  type LeafAssignment,
  proofResults,
  referenceClasses,
} from '../../model/chart/relocation.ts'
import {
  encryptionTypes,
  faultsOfSettings,
  type RepositorySettings,
} from '../../model/repository/settings.ts'
import { egressUses } from '../../model/chart/egress.ts'
import { deliveredCauses, type OpenQuestion, operatorCauses } from '../../model/chart/question.ts'
import { faultOfAssignments } from '../../model/values/assignable.ts'
import { isTree } from '../../model/values/values.ts'
import { findProtoKeys } from './proto-key.ts'

/**
 * True for a value that `manifestSchema` accepts and returns unchanged, which is the form of generated manifests.
 *
 * Checks every rule of the schema without zod, which takes longer to load than the whole command that reads the
 * manifest. Every other value goes to the schema, which fills in defaults and reports errors with lines and columns. A
 * property test compares the two.
 */
export function isManifest(value: unknown): value is Manifest {
  return (
    isShapedLikeManifest(value) && findProtoKeys(value).length === 0 && areNamesConsistent(value)
  )
}

type Check = (value: unknown) => boolean

function list(item: Check, minimum = 0): Check {
  return (value) => Array.isArray(value) && value.length >= minimum && value.every(item)
}

/** Checks an object with all required keys, any of the optional ones, and no others. */
function object(
  required: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  const checks = new Map(Object.entries({ ...required, ...optional }))
  return (value) =>
    isTree(value) &&
    Object.keys(required).every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, child]) => checks.get(key)?.(child) ?? false)
}

function byLayout(entry: Check): Check {
  return object({}, { mirrored: entry, 'by-chart': entry })
}

function oneOf(words: readonly string[]): Check {
  return (value) => typeof value === 'string' && words.includes(value)
}

const text: Check = (value) => typeof value === 'string'
const texts = list(text)
const flag: Check = (value) => typeof value === 'boolean'
const wholeNumber: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0
const version: Check = (value) => typeof value === 'string' && isChartVersion(value)

/** Canonical, with a tag or a digest. */
const reference: Check = (value) => {
  const parsed = typeof value === 'string' ? parseReference(value) : undefined
  if (!parsed?.ok) return false
  const { tag, digest } = parsed.value
  return (tag ?? digest) !== undefined && formatReference(parsed.value) === value
}

const place = { document: text, path: text, template: text, leaves: texts }
const found = { variants: texts, class: oneOf(referenceClasses), ...place }
const undecided = list(object({ reference: text, places: list(object(found)) }))

const hasAssignmentShape = list(
  object({
    path: list((key) => (text(key) && key !== '__proto__') || wholeNumber(key), 1),
    value: (node) => node !== undefined,
  }),
)
const assignments: Check = (value) =>
  areAssignments(value) && faultOfAssignments(value) === undefined

function areAssignments(value: unknown): value is readonly LeafAssignment[] {
  return hasAssignmentShape(value)
}

const layouts = byLayout(
  object({
    values: assignments,
    unreached: list(
      object({
        reference: text,
        variant: text,
        cause: oneOf(['unreachable', 'conflict', 'unmoved']),
        ...place,
      }),
    ),
    proofs: list(
      object({
        variant: text,
        result: oneOf(proofResults),
        places: wholeNumber,
        inputs: text,
        faults: texts,
      }),
    ),
  }),
)

const site = { variant: text, document: text, path: text, template: text }
const questionShapes: ReadonlyMap<unknown, Check> = new Map<OpenQuestion['kind'], Check>([
  ['latent', object({ kind: text, leaf: text, ...site })],
  ['nested-chart', object({ kind: text, chart: text, version: text, repository: text, ...site })],
  ['nested-values', object({ kind: text, chart: text, values: texts, ...site })],
  [
    'delivered-image',
    object({ kind: text, reference: text, cause: oneOf(deliveredCauses), ...site }),
  ],
  ['other-cluster', object({ kind: text, reference: text, assumed: text, other: text, ...site })],
  ['unread-document', object({ kind: text, assumed: text, other: text, ...site })],
  ['unexplained-use', object({ kind: text, leaves: texts, ...site })],
  ['public-host', object({ kind: text, host: text, ...site })],
  ['possible-image', object({ kind: text, reference: text, ...site })],
  ['unmoved-repetition', object({ kind: text, reference: text, ...site })],
  ['unread-field', object({ kind: text, text, ...site })],
  ['schema-violation', object({ kind: text, variant: text, chart: text, path: text, rule: text })],
  [
    'operator-image',
    object({
      kind: text,
      operator: text,
      reference: text,
      others: wholeNumber,
      when: text,
      cause: oneOf(operatorCauses),
      leaves: texts,
      values: texts,
      field: text,
    }),
  ],
  [
    'operator-pulls',
    object({
      kind: text,
      operator: text,
      version: text,
      pulls: text,
      decidedBy: text,
      systems: texts,
      source: text,
    }),
  ],
  ['no-images', object({ kind: text, variant: text })],
])
const questions = list(
  (value) => isTree(value) && (questionShapes.get(value['kind'])?.(value) ?? false),
)

const egress = list(
  object({
    host: text,
    use: oneOf(egressUses),
    addresses: texts,
    places: list(object({ variants: texts, document: text, path: text, template: text })),
  }),
)

const chart: Check = (value) =>
  isChartShaped(value) && parseChartSource(value.name, value.repository).ok

function isChartShaped(value: unknown): value is ManifestChart {
  return hasChartShape(value)
}

const hasChartShape = object(
  {
    name: text,
    version,
    repository: text,
    group: text,
    variants: texts,
    relocation: layouts,
    undecided,
    questions,
    dormant: list(object({ reference: text, leaves: texts })),
    notices: texts,
  },
  { published: version, egress },
)

const image = object(
  { reference, charts: texts, found: list(object({ chart: text, ...found })) },
  {
    direct: flag,
    reason: text,
    runtime: list(
      object(
        { chart: text, operator: text, when: text, leaves: texts, source: text },
        { field: text },
      ),
    ),
  },
)

const umbrella = object(
  {
    name: text,
    version: text,
    digest: text,
    relocation: layouts,
    undecided,
    questions,
    notices: texts,
  },
  { egress },
)

function repositories(value: unknown): boolean {
  return hasSettingsShape(value) && faultsOfSettings(value).length === 0
}

function hasSettingsShape(value: unknown): value is RepositorySettings {
  return settings(value)
}

const settings = object(
  {},
  {
    mutability: oneOf(['mutable', 'immutable']),
    mutabilityExclude: texts,
    encryption: object({ type: oneOf(encryptionTypes) }, { key: text }),
    scanOnPush: flag,
    lifecyclePolicy: isTree,
    repositoryPolicy: isTree,
    tags: (value) => isTree(value) && Object.values(value).every(text),
  },
)

const manifest = object(
  {
    input: text,
    charts: list(chart),
    images: list(image),
    relocation: byLayout(assignments),
  },
  { umbrella, repositories },
)

function isShapedLikeManifest(value: unknown): value is Manifest {
  return manifest(value)
}

/** True when nothing is listed twice, and images name only charts in the manifest. */
function areNamesConsistent({ charts, images }: Manifest): boolean {
  const names = new Set(charts.map(({ name }) => name))
  const references = new Set(images.map((entry) => entry.reference))
  return (
    names.size === charts.length &&
    references.size === images.length &&
    images.every((entry) => entry.charts.every((name) => names.has(name)))
  )
}
