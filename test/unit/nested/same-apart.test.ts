import { expect, it } from 'vitest'
import { isSameApart } from '../../../scripts/lib/nested/same-apart.ts'
import { splitDocuments } from '../../../scripts/lib/charts/render/documents.ts'
import { makeDocument } from '../support/charts.ts'

const read = (...bodies: readonly string[]) =>
  splitDocuments(bodies.map((body) => makeDocument(body)).join(''))
const first = 'kind: A\nspec: { values: { a: 1 }, other: x }'
const second = 'kind: B\nspec: {}'

it.each<readonly [string, readonly string[], boolean]>([
  ['that are equal', [first, second], true],
  ['with other values', [first.replace('a: 1', 'a: 2'), second], true],
  ['without the values', [first.replace('values: { a: 1 }, ', ''), second], true],
  ['with a difference beside the values', [first.replace('x', 'y'), second], false],
  ['with a difference in another document', [first, `${second} # z`], false],
  ['with one document less', [first], false],
  ['with one document more', [first, second, second], false],
])('renders %s are judged', (_, bodies, expected) => {
  const before = read(first, second)
  const [document] = before
  if (document === undefined) throw new Error('there is no document')
  const free = [{ document, paths: [['spec', 'values']] }]
  expect(isSameApart(before, read(...bodies), free)).toBe(expected)
})
