import { expect, test } from 'vitest'
import { clipDifference } from '../../../../scripts/lib/model/text/clip.ts'

const long = 'x'.repeat(500)

test.each([
  ['short texts, whole', 'a', 'b', ['a', 'b']],
  [
    'long texts, from shortly before the difference',
    `${long}a`,
    `${long}b`,
    [`…${'x'.repeat(30)}a`, `…${'x'.repeat(30)}b`],
  ],
  ['long texts that differ at once', `a${long}`, 'b', [`a${'x'.repeat(118)}…`, 'b']],
  [
    'a text that only became longer',
    long,
    `${long}b`,
    [`…${'x'.repeat(30)}`, `…${'x'.repeat(30)}b`],
  ],
])('shows of %s', (_, before, after, expected) => {
  expect(clipDifference(before, after)).toEqual(expected)
})
