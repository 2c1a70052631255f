import { describe, expect, it } from 'vitest'
import { readManifest } from '../../../scripts/lib/model/image/content.ts'
import { selectPlatforms } from '../../../scripts/lib/model/image/platform.ts'

const hex = 'a'.repeat(64)
const good = `sha256:${hex}`
const ociIndex = 'application/vnd.oci.image.index.v1+json'
const ociManifest = 'application/vnd.oci.image.manifest.v1+json'

const child = (digest: unknown) => ({
  digest,
  mediaType: ociManifest,
  size: 1,
  platform: { os: 'linux', architecture: 'amd64' },
})
const index = (...digests: readonly unknown[]) =>
  JSON.stringify({ mediaType: ociIndex, manifests: digests.map(child) })

describe('an index with a child that no SHA-256 digest names is no content:', () => {
  it.each<[string, unknown]>([
    ['a path', '../../../../secret/manifests/latest'],
    ['a flag', '--platform=all'],
    ['nothing', ''],
    ['no digest at all', undefined],
    ['a number', 1],
    ['another algorithm', `sha512:${hex}${hex}`],
    ['capitals', `sha256:${hex.toUpperCase()}`],
    ['too few digits', good.slice(0, -1)],
    ['too many digits', `${good}a`],
    ['a path behind it', `${good}/../x`],
    ['a line behind it', `${good}\n`],
    ['a tag', 'latest'],
  ])('%s', (_, digest) => {
    expect(readManifest(index(digest))).toBeUndefined()
    expect(readManifest(index(good, digest))).toBeUndefined()
  })

  it('with such a digest it is', () => {
    expect(readManifest(index(good))).toMatchObject({ children: [{ digest: good }] })
  })
})

describe('a media type is', () => {
  const typeOf = (own: unknown, answered?: string, shape: object = { manifests: [] }) =>
    readManifest(JSON.stringify({ mediaType: own, ...shape }), answered)?.mediaType

  it.each<[string, unknown, string | undefined, string]>([
    ['that of the manifest', 'application/x+json', ociIndex, 'application/x+json'],
    ['that of the answer, where it has none', undefined, 'application/x', 'application/x'],
    ['that of the answer, where its own is no text', 7, 'application/x', 'application/x'],
    [
      'that of the answer, where its own is no header',
      'a/b\r\nX: y',
      'application/x',
      'application/x',
    ],
    ['the usual one, where both are none', 'a/b\u0000', 'application/x; charset=utf-8', ociIndex],
    ['the usual one, where there is no other', '', '', ociIndex],
  ])('%s', (_, own, answered, expected) => {
    expect(typeOf(own, answered)).toBe(expected)
  })

  it('the usual one of a manifest', () => {
    expect(typeOf('with blanks / in it', undefined, { layers: [] })).toBe(ociManifest)
  })
})

describe('children that are picked out of an index', () => {
  const wanted = [{ os: 'linux', architecture: 'amd64' }]
  const digestOf = (number: number) => `sha256:${number.toString(16).padStart(64, '0')}`
  const pick = (digests: readonly string[]) => {
    const content = readManifest(index(...digests))
    if (content === undefined) throw new Error('it is no index')
    return selectPlatforms(content, wanted)
  }

  it('are copied once, however often the index names them', () => {
    expect(pick(Array.from({ length: 20_000 }, () => good))).toMatchObject({
      value: { kind: 'child', child: { digest: good } },
    })
    const two = pick([digestOf(1), digestOf(2), digestOf(1), digestOf(2)])
    expect(two).toMatchObject({
      value: { kind: 'index', children: [{ digest: digestOf(1) }, { digest: digestOf(2) }] },
    })
    expect(two).toEqual(pick([digestOf(1), digestOf(2)]))
  })

  it.each([
    [200, true],
    [201, false],
  ])('may be %i: %s', (count, isPicked) => {
    const picked = pick(Array.from({ length: count }, (_, number) => digestOf(number)))
    expect(picked.ok).toBe(isPicked)
    if (picked.ok) return
    expect(picked.problem).toMatchObject({
      kind: 'conflict',
      side: 'source',
      message: 'its index names 201 images for these platforms (limit: 200)',
    })
  })
})
