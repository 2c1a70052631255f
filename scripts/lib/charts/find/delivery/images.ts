import type { LeafPath } from '../../../model/values/leaf-path.ts'
import { parseReference, type Reference } from '../../../model/image/reference.ts'
import { isTree, nodeAt, type ValuesNode, type ValuesTree } from '../../../model/values/values.ts'
import type { RenderedDocument } from '../../render/documents.ts'
import type { Composed } from '../composed.ts'
import { joinParts } from '../join-parts.ts'
import { argoSourcePaths, indexed } from './fields.ts'
import { groupAndKind, objectsOf, fieldText } from './objects.ts'

/** An entry of a kustomize list of images: it changes the images of the manifests that a controller fetches. */
export type ImageChange =
  /** Another image takes the place of those with a name. */
  | { readonly kind: 'replaced'; readonly image: Composed; readonly before?: NamePlace }
  /** The name stays, only the tag or digest changes: no value in this place can move the image. */
  | { readonly kind: 'retagged'; readonly reference: Reference; readonly place: NamePlace }

/** The name of the images that are changed: nothing is pulled because of it. */
export interface NamePlace {
  readonly path: LeafPath
  readonly start: number
  readonly end: number
}

/** A list of such entries. */
export interface ImageChanges {
  readonly list: ValuesNode
  readonly changes: readonly ImageChange[]
}

/** Returns the lists of a document, in each of its resources. */
export function imageChangesIn({ root }: Pick<RenderedDocument, 'root'>): ImageChanges[] {
  return objectsOf(root).flatMap(({ object, path }) => imageChangesOf(object, path))
}

/**
 * Returns the lists of one resource: `kustomize.images` of Argo CD applications, `images` of Flux kustomizations and of
 * the post-renderers of Flux releases.
 */
export function imageChangesOf(object: ValuesTree, base: LeafPath): ImageChanges[] {
  return listsIn(object).flatMap((path) => {
    const list = nodeAt(object, path)
    if (!Array.isArray(list)) return []
    const changes = list.flatMap((entry, index) => {
      const change = readEntry(entry, [...base, ...path, index])
      return change === undefined ? [] : [change]
    })
    return [{ list, changes }]
  })
}

function listsIn(object: ValuesTree): LeafPath[] {
  const kind = groupAndKind(object)
  if (kind === 'kustomize.toolkit.fluxcd.io Kustomization') return [['spec', 'images']]
  if (kind === 'helm.toolkit.fluxcd.io HelmRelease') {
    return indexed(object, ['spec', 'postRenderers']).map((path) => [
      ...path,
      'kustomize',
      'images',
    ])
  }
  return argoSourcePaths(object).map((path) => [...path, 'kustomize', 'images'])
}

function readEntry(entry: ValuesNode, path: LeafPath): ImageChange | undefined {
  if (typeof entry === 'string') return readText(entry, path)
  return isTree(entry) ? readMap(entry, path) : undefined
}

/** Reads `name=image:tag` or `name:tag`, each also with a digest. */
function readText(text: string, path: LeafPath): ImageChange | undefined {
  const equals = text.indexOf('=')
  const start = equals + 1
  const parsed = parseReference(text.slice(start))
  if (!parsed.ok) return undefined
  if (equals === -1) {
    return {
      kind: 'retagged',
      reference: parsed.value,
      place: { path, start: 0, end: text.length },
    }
  }
  const { tag, digest } = parsed.value
  return {
    kind: 'replaced',
    image: {
      pieces: [{ path, start, end: text.length }],
      joints: [],
      reference: parsed.value,
      isSure: (tag ?? digest) !== undefined,
    },
    before: { path, start: 0, end: equals },
  }
}

/** Reads `{name, newName, newTag, digest}`. A digest takes precedence over a tag. */
function readMap(entry: ValuesTree, path: LeafPath): ImageChange | undefined {
  const [name, newName] = [fieldText(entry, 'name'), fieldText(entry, 'newName')]
  const version = ['digest', 'newTag'].find((key) => spelled(entry[key]) !== '')
  const joints = version === undefined ? [] : [version === 'digest' ? '@' : ':']
  const keys = [newName === '' ? 'name' : 'newName', ...(version === undefined ? [] : [version])]
  const texts = keys.map((key) => spelled(entry[key]))
  const parsed = parseReference(joinParts(texts, joints))
  if (!parsed.ok) return undefined
  const before = { path: [...path, 'name'], start: 0, end: name.length }
  if (newName === '') return { kind: 'retagged', reference: parsed.value, place: before }
  const pieces = keys.map((key, index) => ({
    path: [...path, key],
    start: 0,
    end: texts[index]?.length ?? 0,
  }))
  const image = { pieces, joints, reference: parsed.value, isSure: version !== undefined }
  return { kind: 'replaced', image, before }
}

function spelled(value: ValuesNode | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
