import { z } from 'zod'

/** An object of any group, with the metadata that the server reads or writes. */
const metadataShape = z.looseObject({
  name: z.string().optional(),
  generateName: z.string().optional(),
  namespace: z.string().optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  generation: z.number().optional(),
  creationTimestamp: z.string().nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
  ownerReferences: z.array(z.looseObject({ uid: z.string() })).nullish(),
})

export const objectShape = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: metadataShape,
})

/** An object from a client: the name and everything that the server adds may be missing. */
export type DraftObject = z.infer<typeof objectShape>

/** An object as the server stores it. */
export type KubeObject = DraftObject & {
  readonly metadata: { readonly name: string; readonly uid: string }
}

/** A kind of object with its names. */
export interface Kind {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  readonly shortNames?: readonly string[]
  readonly subresources?: readonly string[]
  readonly categories?: readonly string[]
}

export function apiVersionOf({ group, version }: Kind): string {
  return group === '' ? version : `${group}/${version}`
}

/** Names a kind without its version: all versions share the same objects. */
export function resourceOf({ group, plural }: Pick<Kind, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`
}

export function timestamp(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+Z$/, 'Z')
}
