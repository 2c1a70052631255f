import { describe, expect, it } from 'vitest'
import type { Child, Content } from '../../../../scripts/lib/model/image/content.ts'
import {
  contentOfSelected,
  digestOfSelected,
  parsePlatforms,
  selectPlatforms,
} from '../../../../scripts/lib/model/image/platform.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'

const child = (letter: string, os: string, architecture: string, variant?: string): Child => ({
  digest: `sha256:${letter.repeat(64)}`,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  size: 500,
  platform: { architecture, os, ...(variant !== undefined && { variant }) },
})
const index: Content = {
  mediaType: 'application/vnd.oci.image.index.v1+json',
  children: [
    child('a', 'linux', 'amd64'),
    child('b', 'linux', 'arm64', 'v8'),
    child('c', 'linux', 'arm', 'v6'),
    child('d', 'linux', 'arm', 'v7'),
    child('e', 'unknown', 'unknown'),
  ],
}
const select = (text: string) => {
  const wanted = unwrap(parsePlatforms(text))
  if (wanted === 'auto') throw new Error('a list is wanted')
  return selectPlatforms(index, wanted)
}

describe('platforms', () => {
  it.each([
    ['linux/amd64', 'child', 'a'],
    ['linux/arm64', 'child', 'b'],
    ['linux/arm/v7', 'child', 'd'],
    ['linux/amd64,linux/arm64', 'index', 'ab'],
    ['linux/arm64,linux/amd64', 'index', 'ab'],
    // Without a variant all of them are meant.
    ['linux/arm', 'index', 'cd'],
  ])('%s picks %s of %s', (text, kind, letters) => {
    const selected = unwrap(select(text))
    const picked =
      selected.kind === 'child'
        ? [selected.child]
        : selected.kind === 'index'
          ? selected.children
          : []
    expect([selected.kind, picked.map(({ digest }) => digest[7]).join('')]).toEqual([kind, letters])
  })

  it('make an index whose bytes do not depend on the order of the choices', () => {
    const [one, other] = ['linux/amd64,linux/arm64', 'linux/arm64,linux/amd64'].map((text) =>
      digestOfSelected(unwrap(select(text)), undefined),
    )
    expect(one).toBe(other)
    expect(one).toBe('sha256:ff9ce1d031db19f1ef73d43a719f192a9b4471358b6549449c86c84cd6199e4a')
  })

  it('say which are there when one is not', () => {
    const selected = select('linux/s390x,linux/amd64')
    expect(selected).toMatchObject({
      ok: false,
      problem: {
        message: 'it is not available for linux/s390x',
        next: expect.stringContaining('linux/amd64, linux/arm64/v8, linux/arm/v6'),
      },
    })
  })

  it('leave a single manifest whole', () => {
    const single: Content = { mediaType: 'm', blobs: { 'sha256:1': 1 } }
    const selected = unwrap(selectPlatforms(single, [{ os: 'linux', architecture: 'amd64' }]))
    expect([selected.kind, contentOfSelected(selected, single)]).toEqual(['whole', single])
  })

  it.each([
    '',
    'linux',
    'linux/',
    'linux/amd64/v1/x',
    'Linux/amd64',
    'linux/amd64,linux/amd64',
    'linux/amd64,',
  ])('refuse "%s"', (text) => {
    expect(parsePlatforms(text)).toMatchObject({ ok: false, problem: { kind: 'invalid-input' } })
  })

  it('are all for auto', () => {
    expect(unwrap(parsePlatforms('auto'))).toBe('auto')
  })
})
