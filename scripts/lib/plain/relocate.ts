import { createHash } from 'node:crypto'
import { compareAgain } from '../charts/relocate/patched/again.ts'
import { type ChartRelocation, relocateChart } from '../charts/relocate/relocate.ts'
import { questionsLeft } from '../charts/relocate/questions/left.ts'
import { describeSite, siteOf } from '../charts/relocate/questions/site.ts'
import { joinedText } from '../charts/relocate/prove/joined.ts'
import { summarize } from '../charts/relocate/result.ts'
import type { Decide } from '../charts/relocate/view.ts'
import { type Occurrence, searchReferences } from '../charts/find/find.ts'
import type { Rewrite } from '../charts/patch/rewriter.ts'
import type { RenderedDocument } from '../charts/render/documents.ts'
import { type OpenQuestion, questionKey } from '../model/chart/question.ts'
import type { OutputPlace } from '../model/chart/place.ts'
import { subjectOf } from '../model/chart/question-text.ts'
import type { Proof, RelocationResult } from '../model/chart/relocation.ts'
import { fillPattern, type Target } from '../model/image/layout.ts'
import { formatReference } from '../model/image/reference.ts'
import { type Result, success } from '../model/problem.ts'
import { emptyTree } from '../model/values/values.ts'
import type { Session } from '../session/session.ts'
import { interruptible } from '../steps/interruptible.ts'
import { checkKinds, readDocuments } from './documents.ts'
import { rewritesFor } from './rewrites.ts'

export interface PlainRequest {
  /** How messages name the manifests. */
  readonly name: string
  readonly text: string
  readonly target: Target
  readonly decide: Decide
  /** Rewrites the text: the program that is proven. */
  readonly rewrite: (text: string, rewrites: readonly Rewrite[]) => Promise<Result<string>>
}

/** A reference that is not at its destination in the rewritten text. */
export interface Unmoved extends OutputPlace {
  readonly reference: string
  readonly destination: string
}

/** Manifests with every reference at its destination, as far as that is proven. */
export interface PlainRelocated {
  readonly name: string
  readonly documents: number
  readonly result: RelocationResult
  readonly rewrites: readonly Rewrite[]
  readonly text: string
  readonly unmoved: readonly Unmoved[]
  readonly proof: Proof
}

/** Manifests have no variants. */
const variant = ''

/**
 * Rewrites every reference of manifests to its destination, and proves the result by comparing both: each reference is
 * at its destination, and nothing else has changed. Without values and templates, the manifests are a chart that renders
 * to them whatever it is given. Fails for text that is no manifest, and when the rewriting fails.
 */
export async function relocatePlain(
  { name, text, target, decide, rewrite }: PlainRequest,
  session: Session,
): Promise<Result<PlainRelocated>> {
  const { signal } = session
  const before = await readDocuments(name, text, session)
  if (!before.ok) return before
  const checked = checkKinds(before.value)
  if (!checked.ok) return checked
  const relocation = await relocateDocuments(name, before.value, { target, decide, signal })
  if (!relocation.ok) return relocation
  const [view] = relocation.value.views
  if (view === undefined) throw new Error('manifests without a view')
  const destinationOf = (occurrence: Occurrence) =>
    fillPattern(relocation.value.destinationOf('mirrored', occurrence), target)
  const rewrites = rewritesFor(view.wanted, destinationOf)
  const rewritten = await rewrite(text, rewrites)
  if (!rewritten.ok) return rewritten
  const after = await readDocuments(name, rewritten.value, session)
  if (!after.ok) return after
  const overridden = { documents: after.value, renderAgain: () => Promise.resolve(after.value) }
  const faults = await compareAgain(view, overridden, relocation.value, {
    target,
    over: [],
    signal,
  })
  const found = await searchReferences(after.value, signal)
  const texts = new Map(found.occurrences.map((one) => [one.key, joinedText(one)]))
  const unmoved = view.wanted.flatMap((occurrence): Unmoved[] => {
    const destination = destinationOf(occurrence)
    if (texts.get(occurrence.key) === destination) return []
    const reference = formatReference(occurrence.reference)
    return [{ reference, destination, ...describeSite(siteOf(occurrence)) }]
  })
  const asked = questionsLeft(variant, after.value, found, target.registry)
  const left = await interruptible(asked, signal)
  return success({
    name,
    documents: before.value.length,
    result: {
      ...summarize(relocation.value, hashOf(text)),
      questions: openQuestions(relocation.value, left, decide),
      layouts: {},
    },
    rewrites,
    text: rewritten.value,
    unmoved,
    proof: {
      variant,
      result: faults.length > 0 ? 'unproven' : view.wanted.length === 0 ? 'empty' : 'proven',
      places: view.wanted.length,
      inputs: hashOf(JSON.stringify([text, rewrites])),
      faults,
    },
  })
}

/** Finds the references of documents and their destinations, as for a chart without values. */
function relocateDocuments(
  name: string,
  documents: readonly RenderedDocument[],
  { target, decide, signal }: Pick<PlainRequest, 'target' | 'decide'> & Pick<Session, 'signal'>,
): Promise<Result<ChartRelocation>> {
  const settings = { kubeVersion: '', apiVersions: [], release: '', namespace: '' }
  return relocateChart({
    chart: {
      metadata: { name, version: '', isLibrary: false, annotations: {}, dependencies: [] },
      files: new Map(),
      subcharts: [],
    },
    variants: [{ name: variant, values: emptyTree(), settings }],
    layouts: ['mirrored'],
    target,
    decide,
    render: () => Promise.resolve(success(documents)),
    signal,
  })
}

/**
 * Returns the questions about what was found, and about what the rewriting has left. Text that may be an image is listed
 * apart, and what is passed on to a controller was moved like anything else.
 */
function openQuestions(
  { questions, layouts }: ChartRelocation,
  left: readonly OpenQuestion[],
  decide: Decide,
): OpenQuestion[] {
  const repeated = layouts.flatMap((layout) =>
    layout.questions.filter(({ kind }) => kind === 'unmoved-repetition'),
  )
  const others = left.filter(({ kind }) => kind !== 'possible-image')
  const all = [...questions, ...repeated, ...others]
  const distinct = new Map(all.map((question) => [questionKey(question), question]))
  return [...distinct.values()].filter((question) => decide(subjectOf(question)) === undefined)
}

function hashOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}
