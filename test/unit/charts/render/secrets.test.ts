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
  [
    'also the bytes of a ConfigMap',
    `kind: ConfigMap\nbinaryData: { a: ${encoded} }`,
    ['binaryData', 'a'],
    image,
  ],
  [
    'also in lines',
    `kind: Secret\ndata:\n  a: |\n    ${encoded.slice(0, 12)}\n    ${encoded.slice(12)}`,
    ['data', 'a'],
    image,
  ],
  [
    'bytes that are no UTF-8 are one character each',
    `kind: Secret\ndata: { a: ${Buffer.from(`\u00e9 ${image}`, 'latin1').toString('base64')} }`,
    ['data', 'a'],
    `\u00e9 ${image}`,
  ],
  [
    'text with control characters is text',
    `kind: Secret\ndata: { a: ${Buffer.from(`\u001b ${image}`).toString('base64')} }`,
    ['data', 'a'],
    `\u001b ${image}`,
  ],
  [
    'a second spelling of the same bytes is the same text',
    'kind: Secret\ndata: { a: YR== }',
    ['data', 'a'],
    'a',
  ],
  ['what is no base64 stays', 'kind: Secret\ndata: { a: a-b= }', ['data', 'a'], 'a-b='],
  [
    'text in stringData stays',
    `kind: Secret\nstringData: { a: ${encoded} }`,
    ['stringData', 'a'],
    encoded,
  ],
])('of a Secret, %s', (_, body, path, expected) => {
  expect(read(body, path)).toBe(expected)
})
