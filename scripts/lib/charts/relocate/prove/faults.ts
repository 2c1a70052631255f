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
import { clipDifference } from '../../../model/text/clip.ts'

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
      if (mayBeSecret(fault, secrets)) {
        return `${place} changes, which is not an image reference`
      }
      const [old, now] = clipDifference(show(before), show(after))
      return `${place} changes from "${old}" to "${now}", which is not an image reference`
    }
    case 'not-rendered':
      return show(fault.reason)
  }
}

/**
 * True when a change may show a password: these are in Secrets, in variables and wherever the caller's values go, and
 * must not be logged.
 */
function mayBeSecret({ document, path, before, after }: Change, secrets: ReadonlySet<string>) {
  const texts = [before, after]
  if (texts.some((text) => [...secrets].some((secret) => text.includes(secret)))) return true
  const isSecret =
    /Secret/.test(document.kind) || (isTree(document.root) && 'items' in document.root)
  return isSecret || isVariable(path)
}

function placeText({ document, pieces }: Occurrence): string {
  return `${documentTitle(document)} ${formatPlace(pieces[0]?.path ?? [])}`
}
