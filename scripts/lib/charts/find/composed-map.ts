import { parseReference, type Reference } from '../../model/image/reference.ts'
import type { ValuesNode, ValuesTree } from '../../model/values/values.ts'
import { joinParts } from './join-parts.ts'
import { isPlaceholder } from './token.ts'

const registryKeys = ['registry', 'hub', 'imageRegistry', 'defaultRegistry'] as const
const folderKeys = ['organization', 'org'] as const
/** Keys that hold a path; its last component may be in another key. */
const pathKeys = ['repository', 'repo', 'baseImage', 'imageRepository'] as const
const nameKeys = ['imageName', 'image', 'name', 'uri'] as const
const tagKeys = ['tag', 'imageTag', 'version', 'digest', 'sha', 'ref'] as const
/** Names of anything, except in a map named after an image. */
const vagueNames: ReadonlySet<string> = new Set(['name', 'uri'])
const vagueTags: ReadonlySet<string> = new Set(['version', 'sha', 'ref'])

/** Keys that charts do not have beside their coordinates. */
const imageTagKeys = ['tag', 'imageTag', 'digest'] as const

/** All keys that may hold a part of an image. */
export const textKeys: readonly string[] = [
  ...registryKeys,
  ...folderKeys,
  ...pathKeys,
  ...nameKeys,
  ...tagKeys,
]

/** A part of an image that a map spells in parts. */
export interface MapPart {
  readonly key: string
  /** It is in the map around the one that was read. */
  readonly isAbove: boolean
}

/** One way to read a map as an image. */
export interface MapReading {
  readonly parts: readonly MapPart[]
  /** The text between the parts. */
  readonly joints: readonly string[]
  readonly reference: Reference
  /** It is the only way to read the map. */
  readonly isSure: boolean
}

export interface MapContext {
  /** The key of the map itself. */
  readonly owner: string
  /** The map around it. */
  readonly above?: ValuesTree | undefined
  /** Returns a part as its text spells it: tag 1.10 differs from 1.1. */
  readonly spelled?: ((part: MapPart) => string | undefined) | undefined
}

/**
 * Reads a map that spells an image in parts: `{registry?, repository, tag}`, `{repository, image, version}`,
 * `{baseImage, version}`, and so on. Returns every way to read it; none for a map that is not an image. Generic names
 * count only in a map named after an image.
 */
export function readComposedMap(map: ValuesTree, context: MapContext): MapReading[] {
  const { above, owner } = context
  const isAboutChart = ['chart', 'chartName'].some((key) => typeof map[key] === 'string')
  if (isAboutChart && !imageTagKeys.some((key) => Object.hasOwn(map, key))) return []
  const tag = tagOf(map, context)
  const registry = partOf(map, registryKeys)
  const readings = namesOf(map, context).flatMap(({ names, isOnly }): Draft[] => {
    const outerTag = tag === undefined && above !== undefined ? outerTagOf(above) : undefined
    if (tag === undefined && outerTag === undefined) return []
    const end = tag ?? outerTag ?? { key: '', isAbove: false, text: '' }
    if (registry !== undefined) {
      return outerTag === undefined ? [{ parts: [registry, ...names, end], isOnly }] : []
    }
    const outer = above === undefined ? undefined : outerRegistryOf(above)
    if (outer === undefined || hasHost(names[0]?.text ?? '')) {
      return outerTag === undefined ? [{ parts: [...names, end], isOnly }] : []
    }
    // The map around it may say where all images come from.
    const joined = { parts: [outer, ...names, end], isOnly: false }
    return outerTag === undefined ? [{ parts: [...names, end], isOnly: false }, joined] : [joined]
  })
  const parsed = readings.flatMap(parse)
  const distinct = new Set(parsed.map(({ reference }) => JSON.stringify(reference)))
  return parsed.map((reading) => ({
    ...reading,
    isSure: reading.isSure && distinct.size === 1 && (!isAboutChart || isImageKey(owner)),
  }))
}

interface Part extends MapPart {
  readonly text: string
}

interface Draft {
  readonly parts: readonly Part[]
  readonly isOnly: boolean
}

function parse({ parts, isOnly }: Draft): MapReading[] {
  const tag = parts.at(-1)?.text ?? ''
  const joints = parts.slice(1).map((_, index) => {
    if (index < parts.length - 2) return '/'
    return tag.startsWith('sha256:') ? '@' : ':'
  })
  const parsed = parseReference(
    joinParts(
      parts.map(({ text }) => text),
      joints,
    ),
  )
  if (!parsed.ok) return []
  const bare = parts.map(({ key, isAbove }) => ({ key, isAbove }))
  return [{ parts: bare, joints, reference: parsed.value, isSure: isOnly }]
}

function namesOf(
  map: ValuesTree,
  { owner }: MapContext,
): { readonly names: readonly Part[]; readonly isOnly: boolean }[] {
  const isImage = isImageKey(owner)
  const path = partOf(map, pathKeys)
  const name = nameKeys
    .filter((key) => !vagueNames.has(key) || isImage)
    .map((key) => partOf(map, [key]))
    .find((part) => part !== undefined)
  const folder = partOf(map, folderKeys)
  const first = path ?? name
  if (first === undefined || isPlaceholder(first.text) || hasTag(first.text)) return []
  const whole = [...(folder === undefined || first.text.includes('/') ? [] : [folder]), first]
  if (path === undefined || name === undefined) return [{ names: whole, isOnly: true }]
  const isWord = /^[\w.-]+$/.test(name.text)
  if (!isWord || lastComponent(path.text) === name.text) return [{ names: whole, isOnly: true }]
  const joined = [...whole, name]
  // A name may just be a label; an image beside a repository is the last part of its path.
  return name.key === 'name'
    ? [
        { names: whole, isOnly: false },
        { names: joined, isOnly: false },
      ]
    : [{ names: joined, isOnly: true }]
}

function tagOf(map: ValuesTree, { owner, spelled }: MapContext): Part | undefined {
  const isNamed = isImageKey(owner) || ['baseImage', 'repository'].some((key) => isText(map[key]))
  const key = tagKeys.find((one) => {
    return (typeof map[one] === 'number' || isText(map[one])) && (!vagueTags.has(one) || isNamed)
  })
  if (key === undefined) return undefined
  const part = { key, isAbove: false }
  return { ...part, text: spelled?.(part) ?? scalarText(map[key]) }
}

function outerTagOf(above: ValuesTree): Part | undefined {
  const tag = partOf(above, ['tag', 'imageTag'])
  return tag && { ...tag, isAbove: true }
}

function outerRegistryOf(above: ValuesTree): Part | undefined {
  const registry = partOf(above, registryKeys)
  return registry && { ...registry, isAbove: true }
}

function partOf(map: ValuesTree, keys: readonly string[]): Part | undefined {
  const key = keys.find((one) => isText(map[one]))
  return key === undefined ? undefined : { key, isAbove: false, text: scalarText(map[key]) }
}

function isText(value: ValuesNode | undefined): boolean {
  return typeof value === 'string' && value !== ''
}

export function isRegistryKey(key: string): boolean {
  return registryKeys.some((one) => one === key)
}

export function isImageKey(key: string): boolean {
  return /image/i.test(key)
}

/** True for a name with its own tag, which is complete without its neighbors. */
function hasTag(name: string): boolean {
  return lastComponent(name).includes(':')
}

function lastComponent(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** True for a path that starts with a registry. */
export function hasHost(path: string): boolean {
  const slash = path.indexOf('/')
  return slash !== -1 && /[.:]|^localhost$/.test(path.slice(0, slash))
}

/** Returns the text of a value that may be written as a number. */
export function scalarText(value: ValuesNode | undefined): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : ''
}
