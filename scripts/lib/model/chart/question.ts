import type { OutputPlace } from './place.ts'
import type { SchemaViolation } from './violation.ts'

/** Where a question arises in the output of a chart. */
export interface QuestionPlace extends OutputPlace {
  /** Empty for manifests, which have no variants. */
  readonly variant: string
}

/**
 * Something that a proof cannot decide, because a render does not tell. A proof with open questions claims nothing
 * about them.
 */
export type OpenQuestion =
  /** An empty leaf that can name an image: what a program pulls while it is empty is not known. */
  | ({ readonly kind: 'latent'; readonly leaf: string } & QuestionPlace)
  /** A chart that a controller installs: its images are not in the render. */
  | ({
      readonly kind: 'nested-chart'
      readonly chart: string
      readonly version: string
      readonly repository: string
    } & QuestionPlace)
  /** Values that a nested chart needs, and that its object does not pass on: `path` is the field for them. */
  | ({
      readonly kind: 'nested-values'
      readonly chart: string
      /** Each as `leaf=value`, with `<registry>` and `<prefix>`. */
      readonly values: readonly string[]
    } & QuestionPlace)
  /**
   * An image that an object passes on to what a controller installs, and that no value moves. `fixed`: its text is not
   * set by values. `retagged`: only the tag of an image of the installed manifests is set.
   */
  | ({
      readonly kind: 'delivered-image'
      readonly reference: string
      readonly cause: DeliveredCause
    } & QuestionPlace)
  /** An image that is rendered only for other clusters: another Kubernetes version, or with further APIs. */
  | ({
      readonly kind: 'other-cluster'
      readonly reference: string
      readonly assumed: string
      readonly other: string
    } & QuestionPlace)
  /** A document that only other clusters get, and that is not valid YAML or that helm reads differently. */
  | ({
      readonly kind: 'unread-document'
      readonly assumed: string
      readonly other: string
    } & QuestionPlace)
  /** Values for an image that nothing renders change the output at a place that the search does not understand. */
  | ({ readonly kind: 'unexplained-use'; readonly leaves: readonly string[] } & QuestionPlace)
  /** The host of a public registry that is left in the output, outside references. */
  | ({ readonly kind: 'public-host'; readonly host: string } & QuestionPlace)
  /** Text that may be an image, in values that are verified. */
  | ({ readonly kind: 'possible-image'; readonly reference: string } & QuestionPlace)
  /** Text that spells the name of a pod's image without its registry, and that the override leaves unchanged. */
  | ({ readonly kind: 'unmoved-repetition'; readonly reference: string } & QuestionPlace)
  /** An image field whose content is not an image: empty, a placeholder, or text that cannot be read. */
  | ({ readonly kind: 'unread-field'; readonly text: string } & QuestionPlace)
  /** The values do not match the schema of a chart, and neither do its own: helm rejects them. */
  | ({ readonly kind: 'schema-violation'; readonly variant: string } & SchemaViolation)
  /** An image that a well-known operator pulls at run time, and that the values are not certain to move. */
  | {
      readonly kind: 'operator-image'
      readonly operator: string
      readonly reference: string
      /** Number of further images for which the same leaves are in question. */
      readonly others: number
      readonly when: string
      readonly cause: OperatorCause
      /** The leaves that should move it; empty if there are none. */
      readonly leaves: readonly string[]
      /** What each of these leaves is for the image as it is published. */
      readonly values: readonly string[]
      /** The field of a custom resource that names another image; empty if there is none. */
      readonly field: string
    }
  /** Images that a well-known operator pulls at run time and that are not known one by one. */
  | {
      readonly kind: 'operator-pulls'
      readonly operator: string
      readonly version: string
      readonly pulls: string
      readonly decidedBy: string
      /** Some operating systems of nodes, if their choice settles it. */
      readonly systems: readonly string[]
      readonly source: string
    }
  /** A variant that renders no image at all. */
  | { readonly kind: 'no-images'; readonly variant: string }

export const deliveredCauses = ['fixed', 'retagged'] as const
export type DeliveredCause = (typeof deliveredCauses)[number]

/**
 * Why it is open where an operator's image comes from. `fixed`: no leaf moves it to its destination. `unproven`: the render with its
 * leaf is not understood. `given`: the user's
 * values set its leaf, and no render shows the result. `unused`: nothing in the render shows its leaf.
 * `assumed-cluster`: its tag depends on the version of the cluster, which is assumed.
 */
export const operatorCauses = ['fixed', 'unproven', 'given', 'unused', 'assumed-cluster'] as const
export type OperatorCause = (typeof operatorCauses)[number]

/** Identifies questions that are the same in several variants. */
export function questionKey(question: OpenQuestion): string {
  return JSON.stringify({ ...question, variant: undefined })
}
