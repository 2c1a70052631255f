import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { storeGzip, writeTar } from '../../../scripts/sandbox/content/archive.ts'
import { createImageFactory, packingOf } from '../../../scripts/sandbox/content/image.ts'
import { dockerDialect, ociDialect } from '../../../scripts/sandbox/content/media-types.ts'
import { parseManifest } from '../../../scripts/sandbox/content/repository.ts'
import { bytesFrom, digestOf } from '../../../scripts/sandbox/content/seed.ts'
import { createContentStore } from '../../../scripts/sandbox/content/store.ts'

const scale = 0.001
const make = (repository: string, tag: string, revision = 0) => {
  const store = createContentStore()
  return { store, image: createImageFactory(store, scale)({ repository, tag, revision }) }
}

/** Enough names for every packing to occur. */
const names = Array.from({ length: 60 }, (_, index) => `quay.io/example/image-${index}`)

describe('a generated image', () => {
  test('is the same every time', () => {
    expect(make('quay.io/a/b', '1').image).toEqual(make('quay.io/a/b', '1').image)
  })
  test('has a digest that is known for ever', () => {
    // Locks that were written against a sandbox stay valid; a change of this digest breaks them.
    expect(make('quay.io/a/b', '1').image.digest).toMatchInlineSnapshot(
      `"sha256:ada1f5644669909c29d0cc11aa557cde042a2bc620d9b2fcb90526111430e71e"`,
    )
  })
  test.for([
    ['another tag', make('quay.io/a/b', '2')],
    ['another repository', make('quay.io/a/c', '1')],
    ['another revision', make('quay.io/a/b', '1', 1)],
  ] as const)('differs with %s', ([, other]) => {
    expect(other.image.digest).not.toBe(make('quay.io/a/b', '1').image.digest)
  })
  test.for(names)('%s is complete', (name) => {
    const { image, store } = make(name, '1')
    const known = new Set<string>()
    for (const manifest of image.manifests) {
      const body = parseManifest(manifest)
      expect(digestOf(manifest.bytes)).toBe(manifest.digest)
      expect(body.mediaType).toBe(manifest.mediaType)
      for (const child of body.manifests ?? []) expect(known).toContain(child.digest)
      for (const blob of [...(body.config ? [body.config] : []), ...(body.layers ?? [])]) {
        expect(store.get(blob.digest)).toHaveLength(blob.size)
      }
      known.add(manifest.digest)
    }
    expect(image.manifests.at(-1)?.digest).toBe(image.digest)
  })
})

describe('images as a whole', () => {
  const packings = names.map((name) => packingOf(name, '1'))

  test('come in both dialects, as indexes and alone, with and without attestations', () => {
    expect(new Set(packings.map(({ dialect }) => dialect))).toEqual(
      new Set([dockerDialect, ociDialect]),
    )
    expect(new Set(packings.map((one) => one.multiArchitecture))).toEqual(new Set([true, false]))
    expect(new Set(packings.map(({ attested }) => attested))).toEqual(new Set([true, false]))
  })
  test('are attested in the OCI dialect only', () => {
    const attested = packings.filter((packing) => packing.attested)
    expect(attested.every(({ dialect }) => dialect === ociDialect)).toBe(true)
  })
  test('share base layers', () => {
    const factory = createImageFactory(createContentStore(), scale)
    const blobs = names.flatMap((repository) => factory({ repository, tag: '1' }).blobs)
    expect(new Set(blobs).size).toBeLessThan(blobs.length * 0.9)
  })
})

describe('archives', () => {
  test.for([0, 1, 0xffff, 0x10000, 200_000])('of %i bytes unpack again', (size) => {
    const content = bytesFrom('seed', size)
    expect(gunzipSync(storeGzip(content)).equals(content)).toBe(true)
  })
  test('do not depend on the order of their entries', () => {
    const a = { path: 'a', content: Buffer.from('1') }
    const b = { path: 'b', content: Buffer.from('2') }
    expect(writeTar([a, b]).equals(writeTar([b, a]))).toBe(true)
  })
})
