import { createHash } from 'node:crypto'
import { recordFrom } from './tree/tree.ts'

/** Sizes in bytes by digest. */
export type Blobs = Readonly<Record<string, number>>

/** A platform as an index names it (OCI image index, `platform`). */
export interface Platform {
  readonly architecture: string
  readonly os: string
  readonly variant?: string
  readonly 'os.version'?: string
}

/** A child of an index: its descriptor, and what it consists of where that is known. */
export interface Child {
  readonly digest: string
  readonly mediaType: string
  readonly size: number
  readonly platform?: Platform
  readonly blobs?: Blobs
}

/** What an image consists of: an index has children, a single manifest has blobs. */
export interface Content {
  readonly mediaType: string
  readonly children?: readonly Child[]
  readonly blobs?: Blobs
}

interface RawDescriptor {
  readonly mediaType?: string
  readonly digest?: string
  readonly size?: number
  readonly platform?: Partial<Platform>
}

interface RawManifest {
  readonly mediaType?: string
  readonly config?: RawDescriptor
  readonly layers?: readonly RawDescriptor[]
  readonly manifests?: readonly RawDescriptor[]
}

/** The chart archive's layer (helm, pkg/registry). */
const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'

/** A manifest's text as content; nothing for text that is no manifest. */
export function readManifest(text: string, mediaType = ''): Content | undefined {
  const raw = parseText(text)
  if (raw === undefined) return undefined
  // The field is optional (OCI image specification); the shape tells what is meant.
  const shape = raw.manifests === undefined ? 'manifest' : 'index'
  const type = raw.mediaType ?? (mediaType || `application/vnd.oci.image.${shape}.v1+json`)
  if (raw.manifests !== undefined) {
    return {
      mediaType: type,
      children: raw.manifests.map(({ digest = '', platform, ...child }) => ({
        digest,
        mediaType: child.mediaType ?? '',
        size: child.size ?? 0,
        ...(platform !== undefined && { platform: readPlatform(platform) }),
      })),
    }
  }
  const parts = [...(raw.config ? [raw.config] : []), ...(raw.layers ?? [])]
  return {
    mediaType: type,
    blobs: recordFrom(parts.map(({ digest = '', size = 0 }) => [digest, size])),
  }
}

/** The digest of the archive in a chart's manifest; nothing for what is no chart. */
export function chartArchiveOf(text: string): string | undefined {
  // Most manifests are images, and a target may have ten thousand.
  if (!text.includes(chartLayer)) return undefined
  return parseText(text)?.layers?.find(({ mediaType }) => mediaType === chartLayer)?.digest
}

function readPlatform({
  architecture = '',
  os = '',
  variant,
  ...rest
}: Partial<Platform>): Platform {
  const version = rest['os.version']
  return {
    architecture,
    os,
    ...(variant !== undefined && { variant }),
    ...(version !== undefined && { 'os.version': version }),
  }
}

/** A registry has taken the text in as a manifest, so its shape is right if it is JSON at all. */
function parseText(text: string): RawManifest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** Adds what children consist of, as their own manifests' texts say. */
export function withChildren(content: Content, texts: ReadonlyMap<string, string>): Content {
  if (content.children === undefined) return content
  const children = content.children.map((child) => {
    const text = texts.get(child.digest)
    const blobs = text === undefined ? undefined : readManifest(text)?.blobs
    return blobs === undefined ? child : { ...child, blobs }
  })
  return { ...content, children }
}

/** True when every blob is known: nothing is left to ask for. */
export function isComplete({ children, blobs }: Content): boolean {
  return children === undefined ? blobs !== undefined : children.every((child) => child.blobs)
}

/** All distinct blobs with their sizes, as far as they are known. */
export function blobsOf({ children = [], blobs = {} }: Content): ReadonlyMap<string, number> {
  const all = [blobs, ...children.map((child) => child.blobs ?? {})]
  return new Map(all.flatMap((own) => Object.entries(own)))
}

/** Bytes of all distinct blobs; unknown while any child's are. */
export function bytesOf(content: Content): number | undefined {
  if (!isComplete(content)) return undefined
  return [...blobsOf(content).values()].reduce((sum, size) => sum + size, 0)
}

/** An index and two platforms: what most images are that nobody has looked into yet. */
export const usualManifests = 3

/** How many manifests a registry has to take in for this image: its children and itself. */
export function manifestsOf({ children = [] }: Pick<Content, 'children'>): number {
  return children.length + 1
}

export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}
