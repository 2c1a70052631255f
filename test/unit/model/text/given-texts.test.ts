import { expect, test } from 'vitest'
import { hideTexts, privateTexts } from '../../../../scripts/lib/model/text/given-texts.ts'
import { treeOf } from '../../../../scripts/lib/model/values/values.ts'

const password = String.raw`hun'ter2"pass\word`

test.each([
  ['as it is', password, `bad ${password}`, 'bad ***'],
  ['in double quotes', password, `bad ${JSON.stringify(password)}`, 'bad "***"'],
  [
    'in single quotes',
    password,
    String.raw`'hun\'ter2"pass\\word' does not match`,
    "'***' does not match",
  ],
  ['in base64', password, `data: ${Buffer.from(password).toString('base64')}`, 'data: ***'],
  ['behind a user', 'admin:S3cretPass1', "'admin:S3cretPass1' is wrong", "'***' is wrong"],
  ['behind an at sign', 'me@S3cretPass1', 'me@S3cretPass1', '***'],
])('a text of the values is hidden %s', (_, given, message, expected) => {
  expect(hideTexts(message, privateTexts([treeOf({ given })]))).toBe(expected)
})

test.each(['quay.io', 'quay.io/a/b:1', 'a/b:latest', 'nginx:1.25', 'a/b@sha256:0123', 'prod'])(
  'a location or a short word is shown: %s',
  (given) => {
    expect(hideTexts(given, privateTexts([treeOf({ given })]))).toBe(given)
  },
)
