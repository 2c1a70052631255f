import type { LeafPath } from '../../model/leaf-path.ts'
import { parseReference, type Reference } from '../../model/reference.ts'
import type { ReferenceClass } from '../../model/relocation.ts'
import { isTree, type ValuesNode, type ValuesTree } from '../../model/values.ts'
import { loadYaml } from '../chart-metadata.ts'
import { documentKey, formatPlace, isDefinition, type RenderedDocument } from '../documents.ts'
import {
  type Composed,
  findComposedInText,
  findComposedNames,
  type Named,
  type Piece,
  readComposedMap,
  scalarText,
} from './composed.ts'
import { findInText, type Hit, isPlaceholder, readImageField, withTag } from './token.ts'

/** A reference at one place of a render. */
export interface Occurrence {
  readonly document: RenderedDocument
  /** One piece for a reference in one string; several when its parts stand apart. */
  readonly pieces: readonly Piece[]
  /** What joins the pieces. */
  readonly joints: readonly string[]
  readonly class: ReferenceClass
  readonly reference: Reference
  /** The same in every render of the chart. */
  readonly key: string
}

/** An image field that names no image: reported, so that nothing is passed over in silence. */
export interface Oddity {
  readonly document: RenderedDocument
  readonly path: LeafPath
  readonly text: string
}

export interface Found {
  readonly occurrences: readonly Occurrence[]
  readonly oddities: readonly Oddity[]
}

/** Finds every reference in every string of a render. */
export function findReferences(documents: readonly RenderedDocument[]): Found {
  const occurrences: Occurrence[] = []
  const oddities: Oddity[] = []
  for (const document of documents) {
    const found = searchDocument(document)
    occurrences.push(...found.occurrences)
    oddities.push(...found.oddities)
  }
  return { occurrences, oddities }
}

type Site = Composed & { readonly class: ReferenceClass }

function searchDocument(document: RenderedDocument): Found {
  const sites: Site[] = []
  const oddities: Oddity[] = []
  const ranks = new Map<string, number>()
  const add = (hits: readonly Hit[], path: LeafPath) => {
    for (const { start, end, reference, class: sure } of hits) {
      sites.push({ pieces: [{ path, start, end }], joints: [], reference, class: sure })
    }
  }
  if (isDefinition(document)) add(findDefaults(document.text), [])
  else if (document.root === undefined) add(findInText(document.text, ''), [])
  else {
    const isText = document.kind === 'ConfigMap' || document.kind === 'Secret'
    searchNode(document.root, [], { isText, add, sites, oddities, document })
  }
  const occurrences = withoutParts(sites).map(({ pieces, joints, reference, class: sure }) => {
    const place = formatPlace(pieces[0]?.path ?? [])
    const base = `${documentKey(document)}:${place}${pieces.length > 1 ? '+' : ''}`
    const rank = ranks.get(base) ?? 0
    ranks.set(base, rank + 1)
    return { document, pieces, joints, reference, class: sure, key: `${base}:${rank}` }
  })
  return { occurrences, oddities }
}

/** A name that is part of a composed reference is not another reference beside it. */
function withoutParts(sites: readonly Site[]): Site[] {
  const parts = sites.filter(({ pieces }) => pieces.length > 1).flatMap(({ pieces }) => pieces)
  const isPart = ({ path, start, end }: Piece) =>
    parts.some(
      (part) =>
        formatPlace(part.path) === formatPlace(path) && start < part.end && part.start < end,
    )
  return sites.filter(({ pieces }) => pieces.length > 1 || !pieces.some(isPart))
}

/** Defaults of a resource definition name images that its operator pulls when a resource leaves them out. */
function findDefaults(text: string): Hit[] {
  const hits: Hit[] = []
  for (const match of text.matchAll(/^\s*default:\s*["']?([^\s"']+)["']?\s*$/gm)) {
    const [line, value = ''] = match
    if (!value.includes('/')) continue
    const offset = match.index + line.indexOf(value)
    for (const hit of findInText(value, '')) {
      hits.push({ ...hit, start: hit.start + offset, end: hit.end + offset, class: 'potential' })
    }
  }
  return hits
}

interface Search {
  readonly document: RenderedDocument
  /** The document carries texts for programs, not fields for an operator. */
  readonly isText: boolean
  readonly add: (hits: readonly Hit[], path: LeafPath) => void
  readonly sites: Site[]
  readonly oddities: Oddity[]
}

function searchNode(node: ValuesNode, path: LeafPath, search: Search): void {
  if (typeof node === 'string') return searchString(node, path, search)
  if (Array.isArray(node)) {
    const key = lastKey(path)
    if (key === 'args' || key === 'command') return searchArguments(node, path, search)
    if (key === 'env') return searchEnvironment(node, path, search)
    for (const [index, item] of node.entries()) searchNode(item, [...path, index], search)
    return
  }
  if (!isTree(node)) return
  if (!search.isText) searchComposed(node, path, search)
  for (const [key, child] of Object.entries(node)) searchNode(child, [...path, key], search)
}

function searchComposed(map: ValuesTree, path: LeafPath, { sites }: Search): void {
  const owner = lastKey(path)
  const read = readComposedMap(map, owner)
  if (read === undefined) return
  const pieces = read.keys.map((key) => ({
    path: [...path, key],
    start: 0,
    end: scalarText(map[key]).length,
  }))
  const isField = /image/i.test(owner) || read.keys.some((key) => /image/i.test(key))
  sites.push({ ...read.composed, pieces, class: isField ? 'certain' : 'embedded' })
}

/** Fields of a pod, or of what becomes one, from which the kubelet pulls. */
const podField =
  /(?:^|\.)(?:containers|initContainers|ephemeralContainers|sidecars)\[\d+\]\.image$|(?:^|\.)(?:container|script)\.image$|(?:^|\.)volumes\[\d+\]\.image\.reference$/

function searchString(text: string, path: LeafPath, search: Search): void {
  if (text === '') return
  const key = lastKey(path)
  if (!search.isText) {
    if (podField.test(formatPlace(path))) {
      const hit = readImageField(text)
      if (hit !== undefined) search.add([hit], path)
      else if (!isPlaceholder(text)) {
        search.oddities.push({ document: search.document, path, text })
      }
      return
    }
    // A field of this name in any other resource is read by its operator, when it holds a whole reference.
    if (/^image$|Image$/.test(key) && !/\s/.test(text)) {
      const hit = readOperatorField(text)
      if (hit !== undefined) return search.add([hit], path)
    }
  }
  search.add(findInText(text, key === 'value' ? '' : key), path)
  if (text.includes('\n') || text.startsWith('{')) {
    for (const composed of findComposedInText(text, path, loadYaml)) {
      search.sites.push({ ...composed, class: 'embedded' })
    }
  }
}

function readOperatorField(text: string): Hit | undefined {
  const parsed = parseReference(text)
  if (!parsed.ok || isPlaceholder(text)) return undefined
  const { tag, digest } = parsed.value
  const hasHost = text.includes('/') && /[.:]/.test(text.slice(0, text.indexOf('/')))
  if (tag === undefined && digest === undefined && !hasHost) return undefined
  return { start: 0, end: text.length, reference: withTag(parsed.value), class: 'certain' }
}

/** The word that says what a string is about: its key, or that of the list it stands in. */
function lastKey(path: LeafPath): string {
  const key = path.findLast((part) => typeof part === 'string')
  return typeof key === 'string' ? key : ''
}

/** Arguments: `--flag=value`, and a value after its flag. */
function searchArguments(list: readonly ValuesNode[], path: LeafPath, search: Search): void {
  const named: Named[] = []
  let flag = ''
  for (const [index, item] of list.entries()) {
    const place = [...path, index]
    if (typeof item !== 'string') {
      searchNode(item, place, search)
      continue
    }
    const [, name, value] = /^(--?[\w.-]+)=(.*)$/s.exec(item) ?? []
    if (name !== undefined && value !== undefined) {
      const start = item.length - value.length
      named.push({ name, value, path: place, start, end: item.length })
      const hits = findInText(value, name)
      search.add(
        hits.map((hit) => ({ ...hit, start: hit.start + start, end: hit.end + start })),
        place,
      )
      flag = ''
    } else if (/^--?[\w.-]+$/.test(item)) flag = item
    else {
      if (flag !== '')
        named.push({ name: flag, value: item, path: place, start: 0, end: item.length })
      search.add(findInText(item, flag), place)
      flag = ''
    }
  }
  addComposedNames(named, search)
}

/** Environment: each value under its variable's name; pairs of variables that spell one image. */
function searchEnvironment(list: readonly ValuesNode[], path: LeafPath, search: Search): void {
  const named: Named[] = []
  for (const [index, item] of list.entries()) {
    if (!isTree(item) || typeof item['name'] !== 'string' || typeof item['value'] !== 'string') {
      searchNode(item, [...path, index], search)
      continue
    }
    const { name, value } = item
    const place = [...path, index, 'value']
    named.push({ name, value, path: place, start: 0, end: value.length })
    search.add(findInText(value, name), place)
  }
  addComposedNames(named, search)
}

function addComposedNames(named: readonly Named[], { sites }: Search): void {
  for (const { pieces, ...composed } of findComposedNames(named)) {
    const bare = pieces.map(({ path, start, end }) => ({ path, start, end }))
    sites.push({ ...composed, pieces: bare, class: 'embedded' })
  }
}
