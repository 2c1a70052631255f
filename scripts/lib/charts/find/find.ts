import { append } from '../../model/collections.ts'
import type { LeafPath } from '../../model/values/leaf-path.ts'
import type { Reference } from '../../model/image/reference.ts'
import type { ReferenceClass } from '../../model/chart/relocation.ts'
import { isTree, type ValuesNode, type ValuesTree } from '../../model/values/values.ts'
import { interruptible } from '../../steps/interruptible.ts'
import { finish, type Steps } from '../../steps/steps.ts'
import { loadYaml } from '../chart/metadata.ts'
import {
  documentKey,
  formatPlace,
  isDefinition,
  isTextKind,
  type RenderedDocument,
} from '../render/documents.ts'
import { type Composed, findComposedInText, type Piece } from './composed.ts'
import { isImageKey, readComposedMap, scalarText } from './composed-map.ts'
import { assignmentsIn, findComposedNames, type Named } from './composed-names.ts'
import { findDefaults } from './defaults.ts'
import { type DeliveredParts, deliveredParts, isParameterList } from './delivery/parts.ts'
import { type Hit, isPlaceholder, readImageField, readOperatorField, searchText } from './token.ts'
import type { Oddity } from './oddity.ts'
import { withoutParts } from './parts.ts'
import { createPathNamer, isExample } from './place.ts'
import { fieldTopic, isAddress, isOperatorField, isPodField, textKey } from './fields.ts'

/** A reference at one place of a render. */
export interface Occurrence {
  readonly document: RenderedDocument
  /** One piece for a reference in one string; several when its parts are in different places. */
  readonly pieces: readonly Piece[]
  /** The text that joins the pieces. */
  readonly joints: readonly string[]
  readonly class: ReferenceClass
  readonly reference: Reference
  /** Identifies the occurrence in every render of the chart. */
  readonly key: string
}

export interface Found {
  readonly occurrences: readonly Occurrence[]
  readonly oddities: readonly Oddity[]
}

/** Finds every reference in every string of a render. */
export function findReferences(documents: readonly RenderedDocument[]): Found {
  return finish(searchInSteps(documents))
}

/**
 * Finds references like `findReferences`, yielding to other work in between. Throws `ProblemError` when the signal is
 * aborted.
 */
export function searchReferences(
  documents: readonly RenderedDocument[],
  signal: AbortSignal,
): Promise<Found> {
  return interruptible(searchInSteps(documents), signal)
}

/** Finds references like `findReferences`, in steps. */
export function* searchInSteps(documents: readonly RenderedDocument[]): Steps<Found> {
  const occurrences: Occurrence[] = []
  const oddities: Oddity[] = []
  for (const document of documents) {
    const found = yield* searchDocument(document)
    append(occurrences, found.occurrences)
    append(oddities, found.oddities)
    yield
  }
  return { occurrences, oddities }
}

type Site = Omit<Composed, 'isSure'> & { readonly class: ReferenceClass }

function* searchDocument(document: RenderedDocument): Steps<Found> {
  const sites: Site[] = []
  const oddities: Oddity[] = []
  const ranks = new Map<string, number>()
  const add = (hits: readonly Hit[], path: LeafPath) => {
    for (const { start, end, reference, class: sure } of hits) {
      sites.push({ pieces: [{ path, start, end }], joints: [], reference, class: sure })
    }
  }
  if (isDefinition(document)) add(findDefaults(document.text), [])
  else if (document.root === undefined) add(yield* searchText(document.text, ''), [])
  else {
    yield* searchObject(document.root, [], { isText: false, add, sites, oddities, document })
  }
  const placeOf = createPathNamer(formatPlace)
  const occurrences: Occurrence[] = []
  for (const { pieces, joints, reference, class: sure } of withoutParts(sites, placeOf)) {
    const place = placeOf(pieces[0]?.path ?? [])
    const base = `${documentKey(document)}:${place}${pieces.length > 1 ? '+' : ''}`
    const rank = ranks.get(base) ?? 0
    ranks.set(base, rank + 1)
    occurrences.push({ document, pieces, joints, reference, class: sure, key: `${base}:${rank}` })
  }
  return { occurrences, oddities }
}

interface Search {
  readonly document: RenderedDocument
  /** The document contains text for programs, not fields for an operator. */
  readonly isText: boolean
  readonly add: (hits: readonly Hit[], path: LeafPath) => void
  readonly sites: Site[]
  readonly oddities: Oddity[]
  readonly isRead?: DeliveredParts['isRead']
}

/**
 * Searches a resource. Kubernetes treats everything with `items` as a list of resources, whatever its kind
 * (apimachinery, `UnstructuredJSONScheme`), and each item has its own kind.
 */
function* searchObject(node: ValuesNode, path: LeafPath, search: Search): Steps<void> {
  if (!isTree(node)) return yield* searchNode(node, path, search)
  const { items, ...others } = node
  if (!Array.isArray(items)) {
    const isText = isTextKind(node['kind'])
    if (isText) searchFlatKeys(node, path, search)
    const delivered = isText ? undefined : deliveredParts(node, path)
    append(search.sites, delivered?.sites ?? [])
    addComposedNames(delivered?.named ?? [], search)
    const { isRead } = delivered ?? {}
    return yield* searchNode(node, path, { ...search, isText, ...(isRead && { isRead }) })
  }
  for (const [key, child] of Object.entries(others)) {
    yield* searchNode(child, [...path, key], search)
  }
  for (const [index, item] of items.entries()) {
    yield* searchObject(item, [...path, 'items', index], search)
  }
}

/** Searches the keys of a ConfigMap or Secret, which often become variables: `x.repository` with `x.tag`. */
function searchFlatKeys(object: ValuesTree, path: LeafPath, search: Search): void {
  for (const part of ['data', 'stringData']) {
    const data = object[part]
    if (!isTree(data)) continue
    const named = Object.entries(data).flatMap(([name, value]): Named[] =>
      typeof value === 'string' && !value.includes('\n')
        ? [{ name, value, path: [...path, part, name], start: 0, end: value.length }]
        : [],
    )
    addComposedNames(named, search)
  }
}

function* searchNode(
  node: ValuesNode,
  path: LeafPath,
  search: Search,
  above?: ValuesTree,
): Steps<void> {
  if (search.isRead?.(node, path)) return
  if (typeof node === 'string') return yield* searchString(node, path, search)
  if (Array.isArray(node)) {
    const key = lastKey(path)
    if (key === 'args' || key === 'command') return yield* searchArguments(node, path, search)
    if (key === 'env' || isParameterList(path)) {
      return yield* searchEnvironment(node, path, search)
    }
    for (const [index, item] of node.entries()) yield* searchNode(item, [...path, index], search)
    return
  }
  if (!isTree(node)) return
  if (!search.isText) searchComposed(node, path, search, above)
  for (const [key, child] of Object.entries(node)) {
    yield* searchNode(child, [...path, key], search, node)
  }
}

function searchComposed(
  map: ValuesTree,
  path: LeafPath,
  { sites }: Search,
  above: ValuesTree | undefined,
): void {
  const owner = lastKey(path)
  for (const { parts, joints, reference, isSure } of readComposedMap(map, { owner, above })) {
    const pieces = parts.map(({ key, isAbove }) => ({
      path: [...(isAbove ? path.slice(0, -1) : path), key],
      start: 0,
      end: scalarText((isAbove ? above : map)?.[key]).length,
    }))
    const isField = isImageKey(owner) || parts.some(({ key }) => isImageKey(key))
    const sure = isField ? 'certain' : 'embedded'
    sites.push({ joints, reference, pieces, class: isSure ? sure : 'potential' })
  }
}

/** Text shorter than this is not worth a pause. */
const shortText = 1_000

function* searchString(text: string, path: LeafPath, search: Search): Steps<void> {
  if (text === '' || (search.isText && isExample(path))) return
  const key = lastKey(path)
  if (!search.isText) {
    if (isPodField(path)) {
      const hit = readImageField(text)
      if (hit !== undefined) search.add([hit], path)
      else {
        const { document, oddities } = search
        oddities.push({ document, path, text, isPlaceholder: isPlaceholder(text) })
      }
      return
    }
    // In any other resource, its operator reads a field with this name, if it holds a complete reference.
    if (isOperatorField(key) && !/\s/.test(text)) {
      const hit = readOperatorField(text)
      if (hit !== undefined) return search.add([hit], path)
    }
  }
  const hits = yield* searchText(text, search.isText ? textKey(key) : fieldTopic(path, key))
  if (hits.length === 0 && key === 'image' && !search.isText && !isAddress(text)) {
    const { document, oddities } = search
    oddities.push({ document, path, text, isPlaceholder: true })
  }
  search.add(hits, path)
  if (text.includes('\n') || text.startsWith('{')) {
    if (text.length > shortText) yield
    for (const { isSure, ...composed } of findComposedInText(text, path, loadYaml)) {
      search.sites.push({ ...composed, class: isSure ? 'embedded' : 'potential' })
    }
    addComposedNames(assignmentsIn(text, path), search)
    if (text.length > shortText) yield
  }
}

/** Returns the key that a string belongs to: its own, or that of its list. */
function lastKey(path: LeafPath): string {
  const key = path.findLast((part) => typeof part === 'string')
  return typeof key === 'string' ? key : ''
}

/** Searches arguments: `--flag=value`, and a value after its flag. */
function* searchArguments(
  list: readonly ValuesNode[],
  path: LeafPath,
  search: Search,
): Steps<void> {
  const named: Named[] = []
  let flag = ''
  for (const [index, item] of list.entries()) {
    const place = [...path, index]
    if (typeof item !== 'string') {
      yield* searchNode(item, place, search)
      continue
    }
    const [, name, value] = /^(--?[\w.-]+)=(.*)$/s.exec(item) ?? []
    if (name !== undefined && value !== undefined) {
      const start = item.length - value.length
      named.push({ name, value, path: place, start, end: item.length })
      const hits = yield* searchText(value, name)
      search.add(
        hits.map((hit) => ({ ...hit, start: hit.start + start, end: hit.end + start })),
        place,
      )
      flag = ''
    } else if (/^--?[\w.-]+$/.test(item)) flag = item
    else {
      if (flag !== '')
        named.push({ name: flag, value: item, path: place, start: 0, end: item.length })
      search.add(yield* searchText(item, flag), place)
      flag = ''
    }
  }
  addComposedNames(named, search)
}

/** Searches the environment: each value under its variable's name, and pairs of variables that spell one image. */
function* searchEnvironment(
  list: readonly ValuesNode[],
  path: LeafPath,
  search: Search,
): Steps<void> {
  const named: Named[] = []
  for (const [index, item] of list.entries()) {
    if (!isTree(item) || typeof item['name'] !== 'string' || typeof item['value'] !== 'string') {
      yield* searchNode(item, [...path, index], search)
      continue
    }
    const { name, value, ...others } = item
    for (const [key, child] of Object.entries(others)) {
      yield* searchNode(child, [...path, index, key], search)
    }
    const place = [...path, index, 'value']
    named.push({ name, value, path: place, start: 0, end: value.length })
    search.add(yield* searchText(value, name), place)
  }
  addComposedNames(named, search)
}

function addComposedNames(named: readonly Named[], { sites }: Search): void {
  for (const { pieces, joints, reference } of findComposedNames(named)) {
    const bare = pieces.map(({ path, start, end }) => ({ path, start, end }))
    sites.push({ joints, reference, pieces: bare, class: 'embedded' })
  }
}
