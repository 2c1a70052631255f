import { z } from 'zod'

/** Any object of any group, with the metadata that the server itself reads or writes. */
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

/** What a client sends: a name may be missing, and so may be everything that the server adds. */
export type DraftObject = z.infer<typeof objectShape>

/** What the server keeps. */
export type KubeObject = DraftObject & {
  readonly metadata: { readonly name: string; readonly uid: string }
}

/** A kind of object under its names. */
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

/** Names a kind whatever its version, since all versions are the same objects. */
export function resourceOf({ group, plural }: Pick<Kind, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`
}

export function timestamp(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+Z$/, 'Z')
}
