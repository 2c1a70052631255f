import { describe, expect, test } from 'vitest'
import {
  matchOperators,
  type Operator,
  type OperatorImage,
  type OperatorSubject,
  pulledKey,
} from '../../../../scripts/lib/model/chart/operator.ts'
import type { ValuesNode, ValuesTree } from '../../../../scripts/lib/model/values/values.ts'
import { emptyTree, treeFrom } from '../../../../scripts/lib/model/values/values.ts'

const subject: OperatorSubject = {
  name: 'op',
  version: 'v1.2.3+build',
  appVersion: 'v4.5.6',
  kubeVersion: 'v1.31.0',
  addresses: ['https://www.Example.com/op.git'],
  systems: [],
  values: emptyTree(),
}

const image = (tag: string, rest: Partial<OperatorImage> = {}): OperatorImage => ({
  repository: 'quay.io/e/node',
  tag,
  when: 'always',
  leaves: [],
  systems: [],
  conditions: [],
  ...rest,
})

const operator = (images: readonly OperatorImage[], rest: Partial<Operator> = {}): Operator => ({
  chart: 'op',
  addresses: ['example.com/op'],
  pulls: 'nodes',
  decidedBy: 'the field',
  releases: [{ versions: '>=1.0.0 <2', images, source: 'https://example.com/release' }],
  source: 'https://example.com/op',
  ...rest,
})

/** The images that are pulled, and what is unknown, as text. */
function matched(catalog: readonly Operator[], rest: Partial<OperatorSubject> = {}) {
  const { images, unknown } = matchOperators({ ...subject, ...rest }, catalog)
  return { images: images.map(pulledKey), unknown: unknown.map(({ pulls }) => pulls) }
}

function tree(...entries: readonly (readonly [string, ValuesNode])[]): ValuesTree {
  return treeFrom(entries)
}

const one = ['quay.io/e/node:v1']

describe('a chart is an operator of the catalog', () => {
  test.each<readonly [string, Partial<OperatorSubject>, Partial<Operator>, readonly string[]]>([
    ['by its name and its home', {}, {}, one],
    [
      'by the repository that it was fetched from',
      { addresses: ['oci://example.com/op/'] },
      {},
      one,
    ],
    ['by a folder of its sources', { addresses: ['https://example.com/op/tree/main'] }, {}, one],
    ['by an image that it renders', { addresses: ['example.com/op/image'] }, {}, one],
    ['but not by its name alone', { addresses: [] }, {}, []],
    ['but not from elsewhere', { addresses: ['https://example.org/op'] }, {}, []],
    ['but not by the beginning of a word', { addresses: ['https://example.com/operator'] }, {}, []],
    ['but not under another name', { name: 'other' }, {}, []],
  ])('%s', (_, own, rest, images) => {
    expect(matched([operator([image('v1')], rest)], own)).toEqual({ images, unknown: [] })
  })

  test.each<readonly [string, string, boolean]>([
    ['v1.0.0', 'the first version of the range', true],
    ['1.5.0-rc.1', 'a pre-release inside the range', true],
    ['2.0.0', 'a version after it', false],
    ['0.9.0', 'a version before it', false],
    ['104.2.0+up1.7.1', 'a version of another counting', false],
  ])('version %s: %s', (version, _, isIn) => {
    expect(matched([operator([image('v1')])], { version })).toEqual(
      isIn ? { images: one, unknown: [] } : { images: [], unknown: ['nodes'] },
    )
  })
})

describe('a tag is made', () => {
  test.each<readonly [string, OperatorImage, Partial<OperatorSubject>, readonly string[]]>([
    ['of the version of the application', image('v{app}'), {}, ['v4.5.6']],
    ['of the version of the chart, without build metadata', image('{chart}'), {}, ['1.2.3']],
    ['of the version of the cluster', image('v{kubernetes}'), {}, ['v1.31.0']],
    ['of its first two numbers', image('{kubernetes-minor}-x'), {}, ['1.31-x']],
    [
      'of a value',
      image('{values.driver.version}'),
      { values: tree(['driver', tree(['version', '5'])]) },
      ['5'],
    ],
    [
      'for each operating system of the nodes',
      image('5-{os}', { systems: ['ubuntu22.04'] }),
      { systems: ['ubuntu24.04', 'rhel9.6'] },
      ['5-ubuntu24.04', '5-rhel9.6'],
    ],
  ])('%s', (_, given, rest, tags) => {
    const images = tags.map((tag) => `quay.io/e/node:${tag}`)
    expect(matched([operator([given])], rest)).toEqual({ images, unknown: [] })
  })

  test.each<readonly [string, OperatorImage, Partial<OperatorSubject>, string]>([
    ['a chart without an application version', image('{app}'), { appVersion: '' }, '{app}'],
    ['a value that is not set', image('{values.a.b}'), {}, '{values.a.b}'],
    [
      'a value that is an object of the language',
      image('{values.constructor.name}'),
      {},
      '{values.constructor.name}',
    ],
    ['nodes that are not known', image('5-{os}', { systems: ['ubuntu22.04'] }), {}, '5-{os}'],
    ['text that is no tag', image('{app}'), { appVersion: 'a b' }, 'a b'],
    ['text with another tag', image('{app}'), { appVersion: '1@sha256:0' }, '1@sha256:0'],
  ])('is unknown for %s', (_, given, rest, shown) => {
    expect(matched([operator([given])], rest)).toEqual({
      images: [],
      unknown: [`quay.io/e/node:${shown}, always`],
    })
  })
})

describe('an image with a condition is pulled', () => {
  const conditional = operator([
    image('v1', { conditions: [{ path: ['driver', 'enabled'], value: true }] }),
  ])
  test.each<readonly [string, ValuesTree, readonly string[]]>([
    ['with the value', tree(['driver', tree(['enabled', true])]), one],
    ['not with another value', tree(['driver', tree(['enabled', false])]), []],
    ['not with text that looks like it', tree(['driver', tree(['enabled', 'true'])]), []],
    ['not without the value', emptyTree(), []],
  ])('%s', (_, values, images) => {
    expect(matched([conditional], { values })).toEqual({ images, unknown: [] })
  })
})

test('a release may leave something unlisted', () => {
  const source = 'https://example.com/r'
  const releases = [{ versions: '*', images: [image('v1')], unlisted: 'more', source }]
  expect(matched([operator([], { releases })])).toEqual({ images: one, unknown: ['more'] })
})

test('a release without images says that the render shows everything', () => {
  expect(matched([operator([])])).toEqual({ images: [], unknown: [] })
})
