import { type OpenQuestion, questionKey } from '../../../model/chart/question.ts'
import { subjectOf } from '../../../model/chart/question-text.ts'
import { renderMarks, variantName } from '../../../model/chart/relocation.ts'
import { type Result, success } from '../../../model/problem.ts'
import type { ValuesTree } from '../../../model/values/values.ts'
import { interruptible } from '../../../steps/interruptible.ts'
import type { Steps } from '../../../steps/steps.ts'
import { type Found, type Occurrence, searchReferences } from '../../find/find.ts'
import { isUnread, type RenderedDocument } from '../../render/documents.ts'
import type { RenderSettings } from '../../render/render.ts'
import type { FurtherRender } from '../assumptions.ts'
import type { LayoutRelocation } from '../layout.ts'
import { joinedText, placeAndText } from '../prove/joined.ts'
import { selectReferences } from '../variant.ts'
import type { VariantView } from '../view.ts'
import { findRetagged } from './delivered.ts'
import { findNested } from './nested.ts'
import type { ClusterDoors } from './other-cluster.ts'
import { findPublicHosts } from './public-hosts.ts'
import { unreadField } from './site.ts'

/** An override, and its renders. */
export type Proofs = Pick<LayoutRelocation, 'over' | 'proofs'>

/** A variant with its override, and what the proof found in it. */
export interface OverriddenView {
  readonly view: VariantView
  readonly over: ValuesTree
  /** What the proofs found, by place and text. */
  readonly known: ReadonlySet<string>
  /** The texts of what the proofs found. */
  readonly texts: ReadonlySet<string>
  /** The documents of the proofs, by their template and text. */
  readonly documents: ReadonlySet<string>
  /** Returns the keys of the questions that the proofs leave open. */
  readonly asked: () => Promise<ReadonlySet<string>>
  /** Further ways in which the variant is proven already. */
  readonly proven: ReadonlySet<FurtherRender['name']>
}

/** What only a render elsewhere has. */
export interface Further {
  readonly left: readonly Occurrence[]
  /** What is open there in addition: charts that a controller installs, for example. */
  readonly questions: readonly OpenQuestion[]
  /** Documents that cannot be read. */
  readonly unread: readonly RenderedDocument[]
  /** Every other reference is known from the proof. */
  readonly isKnown: boolean
}

/** Returns a view with the override of a layout, and with what the proofs of its variant found, in whatever way. */
export function overriddenBy(
  { over, proofs }: Proofs,
  view: VariantView,
  { registry, signal }: ClusterDoors,
): OverriddenView {
  const { name, settings } = view.variant
  const plain = variantName(name)
  const isProven = (way: FurtherRender['name']) =>
    settings.isUpgrade === true ||
    proofs.some(({ variant }) => variant === plain + renderMarks[way])
  const own = proofs.filter(({ variant }) => variantName(variant) === plain)
  const renders = [
    { documents: view.baseline, found: view.found },
    ...own.map(({ documents, comparison }) => ({
      documents,
      found: { occurrences: comparison.after, oddities: [] },
    })),
  ]
  let asked: Promise<ReadonlySet<string>> | undefined
  const ask = async () => {
    const keys = new Set<string>()
    for (const { documents, found } of renders) {
      const open = openIn(name, documents, documents, found, registry)
      for (const question of await interruptible(open, signal)) keys.add(questionKey(question))
    }
    return keys
  }
  return {
    view,
    over,
    known: new Set(own.flatMap(({ comparison }) => comparison.after.map(placeAndText))),
    texts: new Set(own.flatMap(({ comparison }) => comparison.after.map(joinedText))),
    documents: new Set(own.flatMap(({ documents }) => documents.map(templateAndText))),
    asked: () => (asked ??= ask()),
    proven: new Set((['upgrade', 'current'] as const).filter(isProven)),
  }
}

function templateAndText({ source, text }: RenderedDocument): string {
  return `${source}\n${text}`
}

/** True when a render has something that the proof does not have. */
export function isMore({ left, questions, unread }: Further): boolean {
  return left.length + questions.length + unread.length > 0
}

/** Returns what only a render with other settings has. Documents that the proof has word for word need no look. */
export async function furtherOn(
  settings: RenderSettings,
  { view: { variant, skipsSchema }, over, known, texts, documents, asked }: OverriddenView,
  { decide, render, signal, registry }: ClusterDoors,
): Promise<Result<Further>> {
  const values = [variant.values, over]
  const request = { ...settings, values, skipSchema: skipsSchema }
  const isNew = (document: RenderedDocument) => !documents.has(templateAndText(document))
  const rendered = await render(request)
  if (!rendered.ok) return rendered
  if (!rendered.value.some(isNew)) {
    return success({ isKnown: true, left: [], questions: [], unread: [] })
  }
  const read = await render({ ...request, isReadByHelm: true })
  if (!read.ok) return read
  const fresh = read.value.filter(isNew)
  const found = await searchReferences(fresh, signal)
  const { wanted } = selectReferences(found.occurrences, decide)
  const isWanted = new Set(wanted)
  const open = openIn(variant.name, fresh, read.value, found, registry)
  const questions = await interruptible(open, signal)
  const before = questions.length === 0 ? new Set<string>() : await asked()
  return success({
    isKnown: found.occurrences.every((one) => isWanted.has(one) || texts.has(joinedText(one))),
    left: wanted.filter((one) => !known.has(placeAndText(one))),
    questions: questions.filter(
      (question) => !before.has(questionKey(question)) && decide(subjectOf(question)) === undefined,
    ),
    unread: fresh.filter(isUnread),
  })
}

/** Returns what some documents of a render leave open. */
function* openIn(
  variant: string,
  documents: readonly RenderedDocument[],
  all: readonly RenderedDocument[],
  { occurrences, oddities }: Found,
  registry: string,
): Steps<OpenQuestion[]> {
  const hosts = yield* findPublicHosts(variant, documents, occurrences, (one) => one === registry)
  return [
    // The source of a chart may be in another document.
    ...findNested(variant, all),
    ...findRetagged(variant, documents),
    ...oddities.map((oddity) => unreadField(variant, oddity)),
    ...hosts,
  ]
}
