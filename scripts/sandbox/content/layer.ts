import { storeGzip, writeTar } from './archive.ts'
import type { Descriptor } from './repository.ts'
import { bytesFrom, digestOf, fractionFrom } from './seed.ts'
import type { ContentStore } from './store.ts'

export interface Layer {
  readonly descriptor: Descriptor
  /** Digest of the uncompressed layer, as an image configuration names it. */
  readonly diffId: string
}

export interface LayerSize {
  readonly seed: string
  readonly bytes: number
  /** True for a layer of a base that other images also use. */
  readonly isBase: boolean
}

const kibibyte = 1024

/** Sizes of the base images that the generated images use. */
const bases = [
  { name: 'static', bytes: 40 * kibibyte },
  { name: 'alpine', bytes: 120 * kibibyte },
  { name: 'wolfi', bytes: 200 * kibibyte },
  { name: 'debian', bytes: 480 * kibibyte },
  { name: 'ubi', bytes: 640 * kibibyte },
] as const

/** The ratio of the largest to the smallest own layers; most images are near the small end. */
const smallest = 40 * kibibyte
const spread = 320
const skew = 1.7

/**
 * Returns the layers of an image for one architecture: a shared base, and one to three layers of its own. The same
 * name and tag always produce the same layers.
 */
export function planLayers(image: string, content: string, architecture: string): LayerSize[] {
  const base = bases[Math.floor(fractionFrom(`base ${image}`) * bases.length)] ?? bases[0]
  const own = smallest * spread ** (fractionFrom(`weight ${image}`) ** skew)
  const count = 1 + Math.floor(fractionFrom(`layers ${image}`) * 3)
  const layers: LayerSize[] = [
    { seed: `base ${base.name} ${architecture}`, bytes: base.bytes, isBase: true },
  ]
  for (let index = 0; index < count; index += 1) {
    // The first layer holds most of the content, like the step that copies a program usually does.
    const share = index === 0 ? 1 - 0.1 * (count - 1) : 0.1
    layers.push({
      seed: `${content} ${architecture} ${index}`,
      bytes: Math.round(own * share),
      isBase: false,
    })
  }
  return layers
}

export function buildLayer(store: ContentStore, size: LayerSize, mediaType: string): Layer {
  const name = digestOf(size.seed).slice(7, 19)
  const tar = writeTar([
    { path: `opt/${name}/payload.bin`, content: bytesFrom(size.seed, size.bytes) },
  ])
  const bytes = storeGzip(tar)
  const descriptor = { mediaType, digest: store.put(bytes), size: bytes.length }
  return { descriptor, diffId: digestOf(tar) }
}
