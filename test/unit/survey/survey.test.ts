import { describe, expect, test } from 'vitest'
import { splitDocuments } from '../../../scripts/lib/charts/render/documents.ts'
import { searchIndependently, unexplainedTexts } from '../../survey/independent.ts'
import { renderSurvey, type SurveyRow } from '../../survey/table.ts'
import { makeDocument } from '../support/charts.ts'

describe('the independent search', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['finds a field', 'kind: Foo\nspec:\n  image: a/b', ['a/b']],
    ['finds an item of a list', 'kind: Foo\nspec:\n  - image: "a:1"', ['a:1']],
    [
      'finds a reference in a text',
      'kind: Foo\nspec: { x: "--y=quay.io/a/b:1" }',
      ['quay.io/a/b:1'],
    ],
    [
      'finds a reference with a tag and a digest',
      `kind: Foo\nspec:\n  image: quay.io/a/b:1@sha256:${'0'.repeat(64)}`,
      [`quay.io/a/b:1@sha256:${'0'.repeat(64)}`],
    ],
    ['passes over a switch', 'kind: Foo\nspec:\n  alwaysPullImage: false\n  a: b', []],
    ['passes over a comment', 'kind: Foo\n# quay.io/a/b:1', []],
    ['passes over a definition', 'kind: CustomResourceDefinition\nspec:\n  image: a/b', []],
  ])('%s', (_, body, expected) => {
    expect([...searchIndependently(splitDocuments(makeDocument(body)))]).toEqual(expected)
  })

  test.each<readonly [string, string, string, readonly string[]]>([
    ['in another spelling', 'redis', 'docker.io/library/redis:latest', []],
    ['with its tag', 'quay.io/a/b:1', 'quay.io/a/b:1', []],
    ['that is the last part of an image', 'b', 'quay.io/a/b:1', []],
    ['that is the name of an image, whose tag is elsewhere', 'quay.io/a/b', 'quay.io/a/b:1', []],
    ['that is such a name without its registry', 'a/b', 'docker.io/a/b:1', []],
    ['that is another part of an image', 'a', 'quay.io/a/b:1', ['a']],
    ['with a tag of its own', 'b:2', 'quay.io/a/b:1', ['b:2']],
    ['of another version', 'quay.io/a/b:1', 'quay.io/a/b:2', ['quay.io/a/b:1']],
    ['that is no reference', 'a b', 'a b', []],
  ])('explains a text %s', (_, text, known, left) => {
    expect(unexplainedTexts(new Set([text]), [known])).toEqual(left)
  })
})

const row: SurveyRow = {
  name: 'one',
  version: '1.0.0',
  state: 'proven',
  images: 2,
  questions: 0,
  unexplained: [],
  renders: 4,
  seconds: 1,
  reason: '',
}

test('the survey sums up and lists every chart; its texts cannot leave their cell', () => {
  const text = renderSurvey(
    [
      row,
      { ...row, name: 'two|<b>', state: 'failed', questions: 1, unexplained: ['x\ny'], seconds: 3 },
      {
        ...row,
        name: 'three',
        state: 'not rendered',
        images: 0,
        renders: 0,
        reason: 'needs a | b',
      },
    ],
    '2026-01-31',
  )
  expect(text).toContain('Made on 2026-01-31,')
  expect(text).toContain(
    '- 3 charts: 2 render with their default values; for 1, values are required, or helm rejects the chart\n- 4 images\n',
  )
  expect(text).toContain(
    '- 1 proven, 0 proven with open questions (1 in all charts), 0 unproven, 1 failed\n',
  )
  expect(text).toContain(
    '- 4.0 renders per chart; 3.0 s for the median chart, 3.0 s for the slowest',
  )
  expect(text).toContain('- two  b : `x y`')
  expect(text).toContain('- three: `needs a   b`')
  expect(text).toContain('| two  b  | 1.0.0 | failed, 1 open question | 2 | 4 | 1 |')
  expect(text).toContain('| three | 1.0.0 | not rendered | 0 | 0 | 0 |')
})
