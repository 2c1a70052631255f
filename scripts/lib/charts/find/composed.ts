import type { LeafPath } from '../../model/values/leaf-path.ts'
import { parseReference, type Reference } from '../../model/image/reference.ts'
import { isTree, type ValuesNode, type ValuesTree } from '../../model/values/values.ts'
import { readKeyedWords } from './keyed-words.ts'
import { isPlaceholder } from './token.ts'

/** A part of a reference and its location. */
export interface Piece {
  readonly path: LeafPath
  readonly start: number
  readonly end: number
}

/** A reference whose parts are in several places, with the text that joins them. */
export interface Composed {
  readonly pieces: readonly Piece[]
  /** One fewer than `pieces`. */
  readonly joints: readonly string[]
  readonly reference: Reference
}

const registryKeys = ['registry', 'hub', 'imageRegistry', 'defaultRegistry'] as const
const nameKeys = [
  'repository',
  'repo',
  'baseImage',
  'imageRepository',
  'imageName',
  'image',
  'name',
] as const
const tagKeys = ['tag', 'imageTag', 'version', 'digest', 'sha'] as const

/**
 * Reads a map that spells an image in parts: `{registry?, repository, tag}`, `{baseImage, version}`, and so on. `owner`
 * is the key of the map itself; the most generic names count only in a map named after an image.
 */
export function readComposedMap(
  map: ValuesTree,
  owner: string,
  spelled: (key: string) => string | undefined = () => undefined,
): { readonly keys: readonly string[]; readonly composed: Omit<Composed, 'pieces'> } | undefined {
  const isImage = /image/i.test(owner)
  const nameKey = nameKeys.find((key) => {
    const value = map[key]
    return typeof value === 'string' && value !== '' && (key !== 'name' || isImage)
  })
  const name = nameKey === undefined ? undefined : map[nameKey]
  if (nameKey === undefined || typeof name !== 'string' || isPlaceholder(name)) return undefined
  const tagKey = tagKeys.find((key) => {
    const value = map[key]
    const isVague = key === 'version' || key === 'sha'
    return (
      (typeof value === 'number' || (typeof value === 'string' && value !== '')) &&
      (!isVague || isImage || nameKey === 'baseImage' || nameKey === 'repository')
    )
  })
  if (tagKey === undefined) return undefined
  // A number is read as spelled, if known: tag 1.10 differs from 1.1.
  const tag = spelled(tagKey) ?? scalarText(map[tagKey])
  const registryKey = registryKeys.find((key) => typeof map[key] === 'string' && map[key] !== '')
  const registry = registryKey === undefined ? undefined : map[registryKey]
  const joint = tag.startsWith('sha256:') ? '@' : ':'
  const text = `${typeof registry === 'string' ? `${registry}/` : ''}${name}${joint}${tag}`
  const parsed = parseReference(text)
  // A name with its own tag is complete without its neighbors.
  if (!parsed.ok || name.slice(name.lastIndexOf('/')).includes(':')) return undefined
  return registryKey === undefined
    ? { keys: [nameKey, tagKey], composed: { joints: [joint], reference: parsed.value } }
    : {
        keys: [registryKey, nameKey, tagKey],
        composed: { joints: ['/', joint], reference: parsed.value },
      }
}

/** Returns the text of a value that may be written as a number. */
export function scalarText(value: ValuesNode | undefined): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : ''
}

/** A flag or variable with the location of its value. */
export interface Named extends Piece {
  readonly name: string
  readonly value: string
}

/**
 * Finds images whose repository and tag are set separately: `--x-image=a/b` with `--x-image-tag=1`, or `X_REPOSITORY`
 * with `X_TAG`. Both names share their stem.
 */
export function findComposedNames(list: readonly Named[]): Composed[] {
  const byName = new Map(list.map((named) => [normal(named.name), named]))
  return list.flatMap((named): Composed[] => {
    const name = normal(named.name)
    const stem = /^(.*?)-?(?:repository|repo|image-name|image)$/.exec(name)?.[1]
    if (stem === undefined || named.value === '' || isPlaceholder(named.value)) return []
    const partner = [
      `${name}-tag`,
      `${name}-version`,
      `${stem}-image-tag`,
      `${stem}-tag`,
      `${stem}-version`,
    ]
      .map((candidate) => byName.get(candidate.replace(/^-/, '')))
      .find((candidate) => candidate !== undefined && candidate !== named)
    if (partner === undefined) return []
    const parsed = parseReference(`${named.value}:${partner.value}`)
    const hasOwnTag = named.value.slice(named.value.lastIndexOf('/')).includes(':')
    if (!parsed.ok || hasOwnTag) return []
    return [{ pieces: [named, partner], joints: [':'], reference: parsed.value }]
  })
}

function normal(name: string): string {
  return name.replace(/^-+/, '').toLowerCase().replaceAll('_', '-')
}

/** Finds maps that spell an image in parts inside a JSON or YAML text, with their locations in the text. */
export function findComposedInText(
  text: string,
  path: LeafPath,
  parse: (text: string) => unknown,
): Composed[] {
  if (!/\btag\b/i.test(text) || !/\b(?:repository|repo|hub|image)\b/.test(text)) return []
  let root: unknown
  try {
    root = parse(text)
  } catch {
    // Not structured: complete references are found as text.
    return []
  }
  const found: Composed[] = []
  const valueAt = readKeyedWords(text, [...registryKeys, ...nameKeys, ...tagKeys])
  let from = 0
  const visit = (node: unknown, owner: string): void => {
    if (Array.isArray(node)) for (const item of node) visit(item, owner)
    if (!isTree(node)) return
    const placed = (key: string): Piece | undefined => {
      const value = node[key]
      if (typeof value !== 'string' && typeof value !== 'number') return undefined
      const word = valueAt(key, value, from)
      return word && { path, ...word }
    }
    const spelled = (key: string) => {
      const piece = placed(key)
      return piece && text.slice(piece.start, piece.end)
    }
    const read = readComposedMap(node, owner, spelled)
    const pieces = (read?.keys ?? []).map(placed).filter((piece) => piece !== undefined)
    if (read !== undefined && pieces.length === read.keys.length) {
      from = Math.max(...pieces.map(({ start }) => start)) + 1
      found.push({ ...read.composed, pieces })
    }
    for (const [key, child] of Object.entries(node)) visit(child, key)
  }
  visit(root, '')
  return found
}
