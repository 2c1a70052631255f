import { createHash } from 'node:crypto'
import { isSha256 } from './reference.ts'
import { readJson } from '../tree/json.ts'
import { isTree, recordFrom, type ValuesTree } from '../tree/tree.ts'

/** Sizes in bytes by digest. */
export type Blobs = Readonly<Record<string, number>>

/** A platform as an index names it (OCI image index, `platform`). */
export interface Platform {
  readonly architecture: string
  readonly os: string
  readonly variant?: string
  readonly 'os.version'?: string
}

/** A child of an index: its descriptor, and its content if known. */
export interface Child {
  readonly digest: string
  readonly mediaType: string
  readonly size: number
  readonly platform?: Platform
  readonly blobs?: Blobs
}

/** The content of an image: an index has children, a single manifest has blobs. */
export interface Content {
  readonly mediaType: string
  readonly children?: readonly Child[]
  readonly blobs?: Blobs
}

/** The chart archive's layer (helm, pkg/registry). */
const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'

/** The grammar of media types (RFC 6838): anything else would not be a valid header. */
const mediaTypePattern = /^[\w.+-]+\/[\w.+-]+$/

/**
 * Parses the text of a manifest. Returns undefined for other text, and for an index with a child that has no SHA-256
 * digest, because the digest becomes part of a URL. Every other field may be absent or malformed.
 */
export function readManifest(text: string, mediaType = ''): Content | undefined {
  const raw = readJson(text)
  if (!isTree(raw)) return undefined
  // The media type is optional (OCI image specification); the shape tells the type.
  const isIndex = raw['manifests'] !== undefined
  const shape = isIndex ? 'index' : 'manifest'
  const named = [textAt(raw, 'mediaType'), mediaType].find((type) => mediaTypePattern.test(type))
  const type = named ?? `application/vnd.oci.image.${shape}.v1+json`
  if (isIndex) {
    const children = treesAt(raw, 'manifests').map(readChild)
    return children.every(({ digest }) => isSha256(digest))
      ? { mediaType: type, children }
      : undefined
  }
  const { config } = raw
  const parts = [...(isTree(config) ? [config] : []), ...treesAt(raw, 'layers')]
  return {
    mediaType: type,
    blobs: recordFrom(parts.map((part) => [textAt(part, 'digest'), sizeOf(part)])),
  }
}

function readChild(child: ValuesTree): Child {
  const { platform } = child
  return {
    digest: textAt(child, 'digest'),
    mediaType: textAt(child, 'mediaType'),
    size: sizeOf(child),
    ...(isTree(platform) && { platform: readPlatform(platform) }),
  }
}

/** Returns the digest of the archive in a chart's manifest; undefined for other manifests. */
export function chartArchiveOf(text: string): string | undefined {
  // Most manifests are images, and a target may have ten thousand.
  if (!text.includes(chartLayer)) return undefined
  const raw = readJson(text)
  const layers = isTree(raw) ? treesAt(raw, 'layers') : []
  const layer = layers.find((one) => textAt(one, 'mediaType') === chartLayer)
  return layer && textAt(layer, 'digest')
}

/** Reads a platform from an index or a configuration. */
export function readPlatform(platform: ValuesTree): Platform {
  const variant = platform['variant']
  const version = platform['os.version']
  return {
    architecture: textAt(platform, 'architecture'),
    os: textAt(platform, 'os'),
    ...(typeof variant === 'string' && { variant }),
    ...(typeof version === 'string' && { 'os.version': version }),
  }
}

function textAt(tree: ValuesTree, key: string): string {
  const value = tree[key]
  return typeof value === 'string' ? value : ''
}

function sizeOf({ size }: ValuesTree): number {
  return typeof size === 'number' ? size : 0
}

function treesAt(tree: ValuesTree, key: string): ValuesTree[] {
  const list = tree[key]
  return Array.isArray(list) ? list.filter((item) => isTree(item)) : []
}

/** Adds the content of children, from the texts of their manifests. */
export function withChildren(content: Content, texts: ReadonlyMap<string, string>): Content {
  if (content.children === undefined) return content
  const children = content.children.map((child) => {
    const text = texts.get(child.digest)
    const blobs = text === undefined ? undefined : readManifest(text)?.blobs
    return blobs === undefined ? child : { ...child, blobs }
  })
  return { ...content, children }
}

/** True when every blob is known, so that nothing has to be fetched. */
export function isComplete({ children, blobs }: Content): boolean {
  return children === undefined ? blobs !== undefined : children.every((child) => child.blobs)
}

/** Returns all distinct known blobs with their sizes. */
export function blobsOf({ children = [], blobs = {} }: Content): ReadonlyMap<string, number> {
  const all = [blobs, ...children.map((child) => child.blobs ?? {})]
  return new Map(all.flatMap((own) => Object.entries(own)))
}

/** Returns the bytes of all distinct blobs; undefined while those of any child are unknown. */
export function bytesOf(content: Content): number | undefined {
  if (!isComplete(content)) return undefined
  return [...blobsOf(content).values()].reduce((sum, size) => sum + size, 0)
}

/** An index and two platforms: an estimate for images that are not known yet. */
export const usualManifests = 3

/** Returns how many manifests a registry has to store for this image: its children and itself. */
export function manifestsOf({ children = [] }: Pick<Content, 'children'>): number {
  return children.length + 1
}

export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}
