import { isTree } from '../../../model/values/values.ts'
import {
  documentTitle,
  formatPlace,
  type RenderedDocument,
  unreadWords,
} from '../../render/documents.ts'
import type { Occurrence } from '../../find/find.ts'
import { joinedText } from './joined.ts'
import { isVariable } from './places.ts'
import { type Change, type Comparison, type Misplaced, unreadPlace } from './prove.ts'
import { clipDifference, shownDifference } from '../../../model/text/clip.ts'

/** A reason why a proof fails. */
export type ProofFault =
  | ({ readonly kind: 'misplaced' } & Misplaced)
  /** A public reference that only the overridden render has. */
  | { readonly kind: 'appeared'; readonly occurrence: Occurrence }
  /** A document that helm reads differently. */
  | { readonly kind: 'unread'; readonly document: RenderedDocument }
  /** A difference that no reference explains. */
  | ({ readonly kind: 'changed' } & Change)
  /** There is no overridden render. */
  | { readonly kind: 'not-rendered'; readonly reason: string }

/** Returns all faults that a comparison found. */
export function faultsOf({ misplaced, appeared, changes }: Comparison): ProofFault[] {
  return [
    ...misplaced.map((one) => ({ kind: 'misplaced', ...one }) as const),
    ...appeared.map((occurrence) => ({ kind: 'appeared', occurrence }) as const),
    ...changes.map((change) =>
      change.path === unreadPlace
        ? ({ kind: 'unread', document: change.document } as const)
        : ({ kind: 'changed', ...change } as const),
    ),
  ]
}

export interface FaultTextOptions {
  /** Texts of the caller's values, which may be passwords. */
  readonly secrets: ReadonlySet<string>
  /** How a text of a render is shown; a proof that is kept names no registry. */
  readonly show?: ((text: string) => string) | undefined
}

/** Maximum faults of a proof that are listed: a chart can have thousands, and no one reads more. */
const maximumFaults = 100

/** Returns faults as sentences: the first ones, and the number of the others. */
export function describeProofFaults(
  faults: readonly ProofFault[],
  { secrets, show = (text) => text }: FaultTextOptions,
): string[] {
  // A text is looked for as it would be shown.
  const hidden = new Set([...secrets, ...[...secrets].map(show)])
  const listed = faults.slice(0, maximumFaults)
  const rest = faults.length - listed.length
  return [
    ...listed.map((fault) => describeProofFault(fault, { secrets: hidden, show })),
    ...(rest > 0 ? [`${rest} more ${rest === 1 ? 'fault' : 'faults'}`] : []),
  ]
}

/** Returns a fault as a sentence. */
export function describeProofFault(
  fault: ProofFault,
  { secrets, show = (text) => text }: FaultTextOptions,
): string {
  switch (fault.kind) {
    case 'misplaced': {
      const { occurrence, expected, actual } = fault
      const found = actual === undefined ? 'missing' : `"${show(actual)}"`
      return `${placeText(occurrence)} is ${found}, not "${show(expected)}"`
    }
    case 'appeared':
      return `${placeText(fault.occurrence)} is "${show(joinedText(fault.occurrence))}", which is new`
    case 'unread':
      return `${documentTitle(fault.document)} ${unreadWords}`
    case 'changed': {
      const { document, path, before, after } = fault
      const place = `${documentTitle(document)} ${path}`
      const texts = [show(before), show(after)] as const
      if (mayBeSecret(fault) || showsSecret(texts, secrets)) {
        return `${place} changes, which is not an image reference`
      }
      const [old, now] = clipDifference(...texts)
      return `${place} changes from "${old}" to "${now}", which is not an image reference`
    }
    case 'not-rendered':
      return show(fault.reason)
  }
}

/** True when a change may show a password, which must not be logged: these are in Secrets and in variables. */
function mayBeSecret({ document, path }: Change): boolean {
  const isSecret =
    /Secret/.test(document.kind) || (isTree(document.root) && 'items' in document.root)
  return isSecret || isVariable(path)
}

/**
 * True when the part of a difference that is shown contains a text of the caller, or a piece of one. Only the text
 * around it is searched, because charts can have megabytes of text, and callers thousands of texts.
 */
function showsSecret(texts: readonly [string, string], secrets: ReadonlySet<string>): boolean {
  const { start, end } = shownDifference(...texts)
  for (const secret of secrets) {
    const reach = secret.length - 1
    const isShown = texts.some((text) =>
      text.slice(Math.max(0, start - reach), end + reach).includes(secret),
    )
    if (isShown) return true
  }
  return false
}

function placeText({ document, pieces }: Occurrence): string {
  return `${documentTitle(document)} ${formatPlace(pieces[0]?.path ?? [])}`
}
