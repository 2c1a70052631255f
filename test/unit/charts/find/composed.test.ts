import { describe, expect, it } from 'vitest'
import { loadYaml } from '../../../../scripts/lib/charts/chart/metadata.ts'
import { findComposedInText } from '../../../../scripts/lib/charts/find/composed.ts'
import { readComposedMap } from '../../../../scripts/lib/charts/find/composed-map.ts'
import {
  assignmentsIn,
  findComposedNames,
} from '../../../../scripts/lib/charts/find/composed-names.ts'
import { formatReference } from '../../../../scripts/lib/model/image/reference.ts'
import { treeOf, type TreeLiteral } from '../../../../scripts/lib/model/values/values.ts'

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`

describe('readComposedMap', () => {
  it.each<readonly [string, TreeLiteral, string, string, readonly string[]]>([
    [
      'a repository and a tag',
      { repository: 'quay.io/a/b', tag: '1' },
      'x',
      'quay.io/a/b:1',
      ['repository', 'tag'],
    ],
    [
      'with a registry',
      { registry: 'quay.io', repository: 'a/b', tag: '1' },
      'x',
      'quay.io/a/b:1',
      ['registry', 'repository', 'tag'],
    ],
    [
      'with an empty registry',
      { registry: '', repository: 'a/b', tag: '1' },
      'x',
      'docker.io/a/b:1',
      ['repository', 'tag'],
    ],
    [
      'a number as a tag',
      { repository: 'a/b', tag: 12 },
      'x',
      'docker.io/a/b:12',
      ['repository', 'tag'],
    ],
    [
      'a digest',
      { repository: 'a/b', digest },
      'x',
      `docker.io/a/b@${digest}`,
      ['repository', 'digest'],
    ],
    [
      'a hub',
      { hub: 'docker.io/istio', image: 'pilot', tag: '1' },
      'x',
      'docker.io/istio/pilot:1',
      ['hub', 'image', 'tag'],
    ],
    [
      'baseImage and version',
      { baseImage: 'quay.io/a/b', version: '1.0' },
      'x',
      'quay.io/a/b:1.0',
      ['baseImage', 'version'],
    ],
    [
      'a path and the last part of it',
      { repository: 'nvcr.io/acme', image: 'driver', version: '580.82.07' },
      'driver',
      'nvcr.io/acme/driver:580.82.07',
      ['repository', 'image', 'version'],
    ],
    [
      'a repository that already ends in its name',
      { name: 'six', repository: 'quay.io/acme/six', tag: '1' },
      'image',
      'quay.io/acme/six:1',
      ['repository', 'tag'],
    ],
    [
      'an organization',
      { registry: 'quay.io', organization: 'acme', repository: 'six', tag: '1' },
      'x',
      'quay.io/acme/six:1',
      ['registry', 'organization', 'repository', 'tag'],
    ],
    [
      'a name below an image',
      { name: 'a/b', tag: '1' },
      'image',
      'docker.io/a/b:1',
      ['name', 'tag'],
    ],
  ])('reads %s', (_, map, owner, reference, keys) => {
    const [read, ...others] = readComposedMap(treeOf(map), { owner })
    expect(others).toEqual([])
    expect(read?.isSure).toBe(true)
    expect(read?.parts.map(({ key }) => key)).toEqual(keys)
    expect(read && formatReference(read.reference)).toBe(reference)
  })

  it.each<readonly [string, TreeLiteral, TreeLiteral, string, readonly string[]]>([
    [
      'a repository with a name that may be a label',
      { repository: 'quay.io/acme', name: 'six', tag: '1' },
      {},
      'image',
      ['quay.io/acme:1', 'quay.io/acme/six:1'],
    ],
    [
      'a registry around the map',
      { repository: 'acme/six', tag: '1' },
      { registry: 'quay.io' },
      'image',
      ['docker.io/acme/six:1', 'quay.io/acme/six:1'],
    ],
    [
      'a hub and a tag around a name',
      { image: 'proxy' },
      { hub: 'quay.io/acme', tag: '1' },
      'proxy',
      ['quay.io/acme/proxy:1'],
    ],
  ])('is not sure about %s', (_, map, above, owner, references) => {
    const read = readComposedMap(treeOf(map), { owner, above: treeOf(above) })
    expect(read.map(({ reference }) => formatReference(reference))).toEqual(references)
    expect(read.map(({ isSure }) => isSure)).toEqual(references.map(() => false))
  })

  it.each<readonly [string, TreeLiteral, string]>([
    ['no tag', { repository: 'a/b' }, 'image'],
    ['an empty tag', { repository: 'a/b', tag: '' }, 'image'],
    ['an empty name', { repository: '', tag: '1' }, 'image'],
    ['a name below something else', { name: 'a/b', tag: '1' }, 'release'],
    ['a name with a version that is no image', { name: 'chart', version: '1.0.0' }, 'chart'],
    ['a complete reference beside a tag', { image: 'quay.io/a/b:1', tag: '2' }, 'x'],
    ['a placeholder', { image: 'auto', tag: '2' }, 'x'],
    ['a template', { repository: '{{ .x }}', tag: '2' }, 'x'],
    ["a chart's coordinates", { repository: 'quay.io/a', chart: 'b', version: '1.0.0' }, 'image'],
    ['what is no reference', { repository: 'https://example.com/charts', tag: '1' }, 'x'],
  ])('reads nothing of %s', (_, map, owner) => {
    expect(readComposedMap(treeOf(map), { owner })).toEqual([])
  })

  it.each<readonly [string, TreeLiteral, string, boolean]>([
    ['in a map of an image', { repository: 'a/b', tag: '1', chart: 'x' }, 'image', true],
    ['elsewhere, as a guess', { repository: 'a/b', tag: '1', chart: 'x' }, 'source', false],
  ])('reads an image beside the name of a chart %s', (_, map, owner, isSure) => {
    expect(readComposedMap(treeOf(map), { owner })).toMatchObject([{ isSure }])
  })

  it('spells a number as its text has it', () => {
    const map = { repository: 'a/b', tag: 1.1 }
    const [read] = readComposedMap(treeOf(map), {
      owner: 'x',
      spelled: ({ key }) => (key === 'tag' ? '1.10' : undefined),
    })
    expect(read?.reference.tag).toBe('1.10')
  })
})

describe('findComposedNames', () => {
  const named = (name: string, value: string, index: number) => ({
    name,
    value,
    path: ['args', index],
    start: 0,
    end: value.length,
  })
  it.each([
    ['--x-image', '--x-image-tag'],
    ['--x-image', '--x-tag'],
    ['--x-image', '--x-version'],
    ['--x-repository', '--x-tag'],
    ['X_REPOSITORY', 'X_TAG'],
    ['X_IMAGE_REPO', 'X_IMAGE_TAG'],
    ['RELOADER_IMAGE', 'RELOADER_VERSION'],
    ['image', 'tag'],
    ['--a-base-image', '--a-tag'],
    ['--reloaderImage', '--reloaderTag'],
    ['x.repository', 'x.tag'],
    ['X_IMAGE_REPOSITORY', 'X_VERSION'],
  ])('joins %s and %s', (first, second) => {
    const list = [named(second, '1.0', 0), named(first, 'quay.io/a/b', 1)]
    const found = findComposedNames(list)
    expect(found.map(({ reference }) => formatReference(reference))).toEqual(['quay.io/a/b:1.0'])
    expect(found[0]?.pieces.map(({ path }) => path[1])).toEqual([1, 0])
  })

  it.each([
    ['another stem', '--x-image', 'quay.io/a/b', '--y-tag', '1.0'],
    ['a name with a tag of its own', '--x-image', 'quay.io/a/b:2', '--x-tag', '1.0'],
    ['an empty name', '--x-image', '', '--x-tag', '1.0'],
    ['a placeholder', '--x-image', '$(IMAGE)', '--x-tag', '1.0'],
    ['an empty tag', '--x-image', 'quay.io/a/b', '--x-tag', ''],
  ])('does not join %s', (_, first, name, second, tag) => {
    expect(findComposedNames([named(first, name, 0), named(second, tag, 1)])).toEqual([])
  })
})

describe('findComposedNames with a registry', () => {
  it.each([
    ['variables', 'X_REGISTRY=quay.io\nX_REPOSITORY=a/b\nX_TAG="1.0"\n', ['quay.io/a/b:1.0']],
    ['dotted keys', 'x.registry: quay.io\nx.repository: a/b\nx.tag: "1.0"', ['quay.io/a/b:1.0']],
    [
      'a path with a registry',
      'X_REGISTRY=quay.io\nX_IMAGE=ghcr.io/a/b\nX_TAG=1',
      ['ghcr.io/a/b:1'],
    ],
    ['fields of nested YAML, which are read as maps', 'a:\n  image: a\n  tag: b', []],
  ])('reads %s in a text', (_, text, references) => {
    const found = findComposedNames(assignmentsIn(text, ['data', 'x']))
    expect(found.map(({ reference }) => formatReference(reference))).toEqual(references)
    for (const { pieces, joints } of found) {
      const joined = pieces.map(({ start, end }, at) => text.slice(start, end) + (joints[at] ?? ''))
      expect(references).toContain(joined.join(''))
    }
  })
})

describe('findComposedInText', () => {
  const places = (text: string) =>
    findComposedInText(text, ['data', 'x'], loadYaml).map(({ pieces }) =>
      pieces.map(({ start, end }) => text.slice(start, end)),
    )

  it.each([
    ['YAML', 'image:\n  repository: quay.io/a/b\n  tag: 1.10\n', [['quay.io/a/b', '1.10']]],
    [
      'YAML with the tag first',
      'image:\n  tag: "1.0"\n  repository: quay.io/a/b\n',
      [['quay.io/a/b', '1.0']],
    ],
    [
      'JSON',
      '{"image": {"registry":"quay.io","repository":"a/b","tag":"1.0"}}',
      [['quay.io', 'a/b', '1.0']],
    ],
    [
      'two of one kind',
      'a: { repository: quay.io/a/b, tag: "1" }\nb: { repository: quay.io/a/b, tag: "2" }\n',
      [
        ['quay.io/a/b', '1'],
        ['quay.io/a/b', '2'],
      ],
    ],
    ['a list', 'l:\n- repository: quay.io/a/b\n  tag: v1\n', [['quay.io/a/b', 'v1']]],
  ])('finds the places of %s', (_, text, expected) => {
    expect(places(text)).toEqual(expected)
  })

  it.each([
    ['no structure', 'the tag of the image is [ open'],
    ['no tag', 'image: { repository: quay.io/a/b }'],
    ['words', 'tag image repository'],
  ])('finds nothing in %s', (_, text) => {
    expect(places(text)).toEqual([])
  })

  it('tells two apart whose repositories begin alike, whatever their order of keys', () => {
    const text =
      'a: { tag: "1", repository: quay.io/a/b }\nb: { tag: "2", repository: quay.io/a/b }\n'
    const starts = findComposedInText(text, [], loadYaml).flatMap(({ pieces }) =>
      pieces.map(({ start }) => start),
    )
    expect(new Set(starts).size).toBe(4)
  })
})
