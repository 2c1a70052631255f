import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatLeafPath } from '../../../../scripts/lib/model/values/leaf-path.ts'
import type { LayoutName } from '../../../../scripts/lib/model/image/layout.ts'
import type {
  FoundImage,
  Proof,
  RelocationResult,
} from '../../../../scripts/lib/model/chart/relocation.ts'
import { subjectOf } from '../../../../scripts/lib/model/chart/question-text.ts'
import type { LiteralNode, TreeLiteral } from '../../../../scripts/lib/model/values/values.ts'
import { fixtures, relocateFolder, type RelocateSettings } from './relocate.ts'

/** The expected result of a fixture chart. Omitted parts must be empty, and the proof must succeed. */
export interface Idiom {
  /** The fixture's folder. */
  readonly chart: string
  /** The idiom that it shows, as the sentence of its test. */
  readonly that: string
  /** Only one layout. */
  readonly settings?: RelocateSettings
  readonly certain?: readonly string[]
  readonly embedded?: readonly string[]
  readonly undecided?: readonly string[]
  /** `kind subject` of each open question. */
  readonly questions?: readonly string[]
  readonly dormant?: readonly string[]
  /** `use host` of each host outside the cluster. */
  readonly egress?: readonly string[]
  /** Assignments by the path of their leaf. */
  readonly values?: Readonly<Record<string, LiteralNode>>
  /** `cause reference at document path`. */
  readonly unreached?: readonly string[]
  /** By variant; `proven` for the variant `default` if omitted. */
  readonly proofs?: Readonly<Record<string, Proof['result']>>
}

type Expected = Required<Omit<Idiom, 'chart' | 'that' | 'settings'>>

/** The registry's pattern, and those of an image's place in the layout `mirrored`: without the registry, and with it. */
export const registry = '<registry>'
export const path = (source: string) => `<prefix>mirrored/${source}`
export const whole = (source: string) => `<registry>/<prefix>mirrored/${source}`

/** Settings with these values. */
export const given = (values: TreeLiteral): RelocateSettings => ({ variants: { default: values } })

/** Renders of a chart with one variant and one layout. */
export const mostRenders = 7

/** What a chart costs in addition when other clusters get another image: each respect is rendered with an override and without one. */
const rendersOfOtherClusters = 5

export function expected(idiom: Idiom): Expected {
  return {
    certain: idiom.certain ?? [],
    embedded: idiom.embedded ?? [],
    undecided: idiom.undecided ?? [],
    questions: idiom.questions ?? [],
    dormant: idiom.dormant ?? [],
    egress: idiom.egress ?? [],
    values: idiom.values ?? {},
    unreached: idiom.unreached ?? [],
    proofs: idiom.proofs ?? { default: 'proven' },
  }
}

/** One test per idiom, named after it. */
export function testIdioms(idioms: readonly Idiom[]): void {
  for (const idiom of idioms) {
    test(idiom.that, async () => {
      const { observed, renders } = await observe(idiom)
      expect(observed).toEqual(expected(idiom))
      const isElsewhere = observed.questions.some((question) =>
        question.startsWith('other-cluster '),
      )
      expect(renders).toBeLessThanOrEqual(mostRenders + (isElsewhere ? rendersOfOtherClusters : 0))
    })
  }
}

/** Relocates the fixture, and returns the result together with the expected one. */
export async function observe({ chart, settings = {} }: Idiom) {
  const { result, renders } = await relocateFolder(join(fixtures, chart), settings)
  return { observed: describeResult(result, settings.layouts?.[0] ?? 'mirrored'), renders, result }
}

function describeResult(result: RelocationResult, name: LayoutName): Expected {
  const layout = result.layouts[name]
  if (layout === undefined) throw new Error(`there is no layout ${name}`)
  const isCertain = ({ places }: FoundImage) => places.some((place) => place.class === 'certain')
  const referencesOf = (images: readonly { readonly reference: string }[]) =>
    images.map(({ reference }) => reference)
  return {
    certain: referencesOf(result.images.filter(isCertain)),
    embedded: referencesOf(result.images.filter((image) => !isCertain(image))),
    undecided: referencesOf(result.undecided),
    questions: result.questions.map((question) => `${question.kind} ${subjectOf(question)}`),
    dormant: referencesOf(result.dormant),
    egress: result.egress.map(({ use, host }) => `${use} ${host}`),
    values: Object.fromEntries(
      layout.values.map((assignment) => [formatLeafPath(assignment.path), assignment.value]),
    ),
    unreached: layout.unreached.map(
      (place) => `${place.cause} ${place.reference} at ${place.document} ${place.path}`,
    ),
    proofs: Object.fromEntries(layout.proofs.map((proof) => [proof.variant, proof.result])),
  }
}
