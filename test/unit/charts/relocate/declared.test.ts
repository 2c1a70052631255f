import { describe, expect, it } from 'vitest'
import { formatReference, parseReference } from '../../../../scripts/lib/model/image/reference.ts'
import { unwrap } from '../../../../scripts/lib/model/problem.ts'
import { treeOf } from '../../../../scripts/lib/model/values/values.ts'
import {
  declaredImages,
  describeUnfound,
} from '../../../../scripts/lib/charts/relocate/declared.ts'
import { makeChartFiles } from '../../support/charts.ts'

const annotated = (name: string, list: string) =>
  `name: one\nversion: 0.1.0\nannotations:\n  ${name}: |\n${list.replaceAll(/^/gm, '    ')}\n`
const declared = (files: Readonly<Record<string, string>>) =>
  declaredImages(makeChartFiles('one', files), [
    treeOf({ web: { enabled: true }, job: { enabled: false } }),
  ])

describe('the images that a chart declares', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'for Artifact Hub',
      {
        'Chart.yaml': annotated('artifacthub.io/images', '- { name: a, image: "quay.io/a/app:1" }'),
      },
      ['quay.io/a/app:1 of artifacthub.io/images'],
    ],
    [
      'with the conditions that the values meet',
      {
        'Chart.yaml': annotated(
          'helm.sh/images',
          '- { image: quay.io/a/web:1, condition: web.enabled }\n- { image: quay.io/a/job:1, condition: job.enabled }\n- { image: quay.io/a/any:1, condition: "job.enabled,web.enabled" }',
        ),
      },
      ['quay.io/a/web:1 of helm.sh/images', 'quay.io/a/any:1 of helm.sh/images'],
    ],
    [
      'in a lock file',
      { 'Images.lock': 'images:\n  - name: a\n    image: docker.io/a/app:1\n    digests: []\n' },
      ['docker.io/a/app:1 of Images.lock'],
    ],
    ['as text that is no list', { 'Chart.yaml': annotated('images', 'a: b') }, []],
    ['as text that is no YAML', { 'Chart.yaml': annotated('images', '- {') }, []],
    [
      'as something else than images',
      { 'Chart.yaml': annotated('images', '- { image: [a] }\n- 1\n- { image: "a b" }') },
      [],
    ],
    ['not at all', {}, []],
  ])('%s', (_, files, expected) => {
    expect(
      declared(files).map(({ reference, source }) => `${formatReference(reference)} of ${source}`),
    ).toEqual(expected)
  })
})

describe('declared images that were not found', () => {
  const list = (...images: readonly string[]) =>
    declared({ 'Images.lock': JSON.stringify({ images: images.map((image) => ({ image })) }) })
  const read = (text: string) => unwrap(parseReference(text))

  it.each<readonly [string, readonly string[], readonly string[], readonly string[]]>([
    ['none of none', [], [], []],
    ['none that was found', ['quay.io/a/app:1'], ['quay.io/a/app:1'], []],
    ['none of which another version was found', ['quay.io/a/app:1'], ['quay.io/a/app:2'], []],
    [
      'those of another registry',
      ['quay.io/a/app:1'],
      ['ghcr.io/a/app:1'],
      ['its publisher lists further images (Images.lock), which were not found: quay.io/a/app:1'],
    ],
    [
      'the first ones of many',
      ['a/a:1', 'a/b:1', 'a/c:1', 'a/d:1', 'a/e:1', 'a/f:1', 'a/f:1'],
      [],
      [
        'its publisher lists further images (Images.lock), which were not found: docker.io/a/a:1, docker.io/a/b:1, docker.io/a/c:1, docker.io/a/d:1, docker.io/a/e:1 and 1 more',
      ],
    ],
  ])('are named: %s', (_, images, found, expected) => {
    expect(describeUnfound(list(...images), found.map(read))).toEqual(expected)
  })
})
