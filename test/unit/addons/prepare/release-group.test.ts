import { describe, expect, test } from 'vitest'
import { groupReleases, variantsOf } from '../../../../scripts/lib/addons/prepare/release-group.ts'
import type { Addon } from '../../../../scripts/lib/model/chart/addon.ts'
import { treeOf, type TreeLiteral } from '../../../../scripts/lib/model/values/values.ts'

interface Spelled {
  readonly name?: string
  readonly repository?: string
  readonly version?: string
  readonly values?: TreeLiteral
  readonly namespace?: string
  readonly path?: string
}

function resolved(release: string, { version = '1.0.0', values = {}, ...rest }: Spelled = {}) {
  const addon: Addon = {
    name: 'app',
    repository: 'https://charts.example.com',
    release,
    values: treeOf(values),
    file: 'values.yaml',
    path: `addons.${release}`,
    ...rest,
  }
  return { addon, version }
}

const shortly = (list: readonly ReturnType<typeof resolved>[]) =>
  groupReleases(list).map(
    ({ name, version, releases }) =>
      `${name} ${version}: ${releases.map(({ release }) => release).join(', ')}`,
  )

describe('releases of one chart', () => {
  test.each([
    ['are one group', [resolved('a'), resolved('b')], ['app 1.0.0: a, b']],
    [
      'at two versions are two',
      [resolved('a'), resolved('b', { version: '2.0.0' })],
      ['app 1.0.0: a', 'app 2.0.0: b'],
    ],
    [
      'from two repositories are two',
      [resolved('a'), resolved('b', { repository: 'oci://registry.example.com' })],
      ['app 1.0.0: a', 'app 1.0.0: b'],
    ],
    [
      'and of another are two',
      [resolved('a'), resolved('b', { name: 'other' })],
      ['app 1.0.0: a', 'other 1.0.0: b'],
    ],
    [
      'keep their order',
      [resolved('z'), resolved('b', { name: 'other' }), resolved('a')],
      ['app 1.0.0: z, a', 'other 1.0.0: b'],
    ],
  ])('%s', (_, list, groups) => {
    expect(shortly(list)).toEqual(groups)
  })
})

describe('value sets of a group', () => {
  const required = { cluster: 'placeholder', image: { tag: '1' } }
  const variants = (...releases: readonly ReturnType<typeof resolved>[]) =>
    groupReleases(releases).map((group) =>
      Object.fromEntries(
        variantsOf(group, treeOf(required)).map(({ name, values }) => [name, values]),
      ),
    )

  test.each([
    ['are what the chart asks for', [resolved('a')], { default: required }],
    [
      'and what each release sets, over that',
      [
        resolved('a', { values: { cluster: 'blue' } }),
        resolved('b'),
        resolved('c', { values: { image: { tag: '2' } } }),
      ],
      {
        default: required,
        a: { cluster: 'blue', image: { tag: '1' } },
        c: { cluster: 'placeholder', image: { tag: '2' } },
      },
    ],
    [
      'and have names of their own where releases share one',
      [resolved('default', { values: { x: 1 } })],
      { default: required, 'default (addons.default)': { ...required, x: 1 } },
    ],
  ])('%s', (_, releases, expected) => {
    expect(variants(...releases)).toEqual([expected])
  })
})

describe('each name and namespace of a release', () => {
  const values = { x: 1 }
  test.each([
    [
      'is rendered, first for the copy without values',
      [resolved('a', { values }), resolved('b')],
      ['default: b in default', 'a: a in default'],
    ],
    ['is rendered once', [resolved('a'), resolved('a')], ['default: a in default']],
    [
      'is rendered also with the same values',
      [resolved('a'), resolved('b'), resolved('b')],
      ['default: a in default', 'b: b in default'],
    ],
    [
      'is rendered for both parts',
      [resolved('a'), resolved('a', { namespace: 'x' }), resolved('a', { namespace: 'y', values })],
      ['default: a in default', 'a: a in x', 'a (addons.a): a in y'],
    ],
    [
      'has a value set of its own name, although paths look alike',
      [1, 2, 3, 4].map((x) => resolved('a', { values: { x }, path: 'a.b' })),
      [
        'default: a in default',
        'a: a in default',
        'a (a.b): a in default',
        'a (a.b) 2: a in default',
        'a (a.b) 3: a in default',
      ],
    ],
  ])('%s', (_, releases, expected) => {
    const [group] = groupReleases(releases)
    const variants = group === undefined ? [] : variantsOf(group, treeOf({}))
    expect(
      variants.map(({ name, release, namespace }) => `${name}: ${release} in ${namespace}`),
    ).toEqual(expected)
  })
})
