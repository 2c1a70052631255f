import { expect, test } from 'vitest'
import { splitDocuments } from '../../../../scripts/lib/charts/render/documents.ts'
import { withReadableSecrets } from '../../../../scripts/lib/charts/render/secrets.ts'
import { nodeAt } from '../../../../scripts/lib/model/values/values.ts'
import { makeDocument } from '../../support/charts.ts'

const image = 'quay.io/example/app:1.2.3'
const encoded = Buffer.from(image).toString('base64')

function read(body: string, path: readonly (string | number)[]): unknown {
  const [document] = splitDocuments(makeDocument(body)).map(withReadableSecrets)
  return document?.root === undefined ? undefined : nodeAt(document.root, path)
}

test.each<readonly [string, string, readonly (string | number)[], unknown]>([
  ['data is text', `kind: Secret\ndata: { a: ${encoded} }`, ['data', 'a'], image],
  [
    'also in a list',
    `kind: List\nitems: [{ kind: Secret, data: { a: ${encoded} } }]`,
    ['items', 0, 'data', 'a'],
    image,
  ],
  ['text of other kinds stays', `kind: ConfigMap\ndata: { a: ${encoded} }`, ['data', 'a'], encoded],
  ['bytes that are no text stay', 'kind: Secret\ndata: { a: /+8BAg== }', ['data', 'a'], '/+8BAg=='],
  [
    'a second spelling of the same text stays',
    'kind: Secret\ndata: { a: YR== }',
    ['data', 'a'],
    'YR==',
  ],
  [
    'text in stringData stays',
    `kind: Secret\nstringData: { a: ${encoded} }`,
    ['stringData', 'a'],
    encoded,
  ],
])('of a Secret, %s', (_, body, path, expected) => {
  expect(read(body, path)).toBe(expected)
})
