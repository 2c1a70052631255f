import { describe, expect, it } from 'vitest'
import { describeJudged, judgeRepository } from '../../../scripts/lib/addons/cleanup/judge.ts'
import { cleanupPlaces } from '../../../scripts/lib/addons/cleanup/places.ts'
import type { Manifest } from '../../../scripts/lib/model/manifest/manifest.ts'

/** A manifest with one image and charts of these names. */
function manifestOf(...charts: readonly string[]): Manifest {
  return {
    input: '',
    charts: charts.map((name) => ({
      name,
      version: '1.0.0',
      repository: 'https://charts.example',
      group: 'production',
      variants: ['default'],
      relocation: {},
      undecided: [],
      questions: [],
      dormant: [],
      notices: [],
    })),
    images: [{ reference: 'quay.io/o/app:1', charts: charts.slice(0, 1), found: [] }],
    relocation: {},
  }
}

describe('cleanupPlaces', () => {
  const kindIn = (prefix: string, manifests: readonly Manifest[], repository: string) =>
    cleanupPlaces({ prefix, manifests })(repository)?.kind

  it.each([
    ['mirrored/quay.io/o/app', 'root'],
    ['charts/shop', 'root'],
    ['mirrored', undefined],
    ['mirrored-2/x', undefined],
    ['team/mirrored/x', undefined],
    ['shop', undefined],
    ['shop/app', undefined],
  ])('without manifest and prefix: %s is %s', (repository, kind) => {
    expect(kindIn('', [], repository)).toBe(kind)
  })

  it.each([
    ['team/mirrored/x', 'prefix'],
    ['team/shop/app', 'prefix'],
    ['team', 'prefix'],
    ['team-2/x', undefined],
    ['mirrored/x', undefined],
    ['my/team/x', undefined],
  ])('with the prefix "team": %s is %s', (repository, kind) => {
    expect(kindIn('team', [], repository)).toBe(kind)
  })

  it.each([
    ['', 'mirrored/quay.io/o/app', 'manifest'],
    ['', 'charts/shop', 'manifest'],
    ['', 'shop', 'manifest'],
    ['', 'shop/app', 'manifest'],
    ['', 'shop/left-over', 'chart'],
    ['', 'shop-2/x', undefined],
    ['', 'mirrored/quay.io/o/other', undefined],
    ['', 'charts/other', undefined],
    ['team', 'team/mirrored/quay.io/o/app', 'manifest'],
    ['team', 'team/shop/left-over', 'chart'],
    // A chart in the by-chart layout has no prefix.
    ['team', 'shop', 'manifest'],
    ['team', 'shop/app', undefined],
    ['team', 'team/other', undefined],
  ])('with a manifest and the prefix "%s": %s is %s', (prefix, repository, kind) => {
    expect(kindIn(prefix, [manifestOf('shop')], repository)).toBe(kind)
  })

  it('takes the places of several manifests together', () => {
    const manifests = [manifestOf('shop'), manifestOf('till')]
    expect(kindIn('', manifests, 'till/x')).toBe('chart')
    expect(kindIn('', manifests, 'shop/x')).toBe('chart')
  })

  it.each(['mirrored', 'charts'])('does not take a chart called "%s" for a layout', (name) => {
    expect(kindIn('', [manifestOf(name)], `${name}/quay.io/o/other`)).toBeUndefined()
  })
})

describe('judgeRepository', () => {
  const place = { kind: 'root', path: 'mirrored' } as const

  it.each([
    [true, place, false, 'delete', 'tag-and-place'],
    [true, place, true, 'keep', 'in-use'],
    [true, undefined, false, 'keep', 'place'],
    [true, undefined, true, 'keep', 'in-use'],
    [false, place, false, 'keep', 'tag'],
    [false, place, true, 'keep', 'tag'],
  ] as const)('tag %s, place %o, in use %s: %s for %s', (hasTag, at, isInUse, action, reason) => {
    const judged = judgeRepository({ repository: 'a/b', hasTag, place: at, isInUse })
    expect(judged).toEqual({ repository: 'a/b', hasTag, place: at ?? null, action, reason })
  })

  it('passes over what has neither', () => {
    const facts = { repository: 'a/b', hasTag: false, place: undefined, isInUse: false }
    expect(judgeRepository(facts)).toBeUndefined()
  })
})

describe('describeJudged', () => {
  it('shows tag and place of each, and counts the others', () => {
    const rows = (
      [
        ['a/x', true, { kind: 'prefix', path: 'a' }, false],
        ['b/x', true, { kind: 'chart', path: 'b' }, true],
        ['c/x', false, { kind: 'manifest' }, false],
        ['d/x', true, undefined, false],
      ] as const
    ).flatMap(
      ([repository, hasTag, place, isInUse]) =>
        judgeRepository({ repository, hasTag, place, isInUse }) ?? [],
    )
    const text = describeJudged(rows, { tag: 't=1', others: 1, deleted: undefined }).join('\n')
    expect(text.replaceAll(/ {2,}/g, ' | ')).toBe(`delete | a/x | tag t=1 | under the prefix a
keep | b/x | tag t=1 | under the chart b/, used by a kept manifest
keep | c/x | no tag t=1 | in the manifest
keep | d/x | tag t=1 | not in scope
1 other repository kept
to clean up other repositories, specify their manifest with --manifest or their path with --prefix
nothing was deleted; use --confirm to delete 1 repository with all their images`)
  })
})
