import { expect, test } from 'vitest'
import { explainImage } from '../../../scripts/lib/manifest/why.ts'
import { makeChart, makeImage } from '../support/manifest.ts'

const pull = {
  chart: 'op',
  operator: 'op',
  when: 'always',
  leaves: ['node.image'],
  source: 'https://example.com/op',
}
const manifest = {
  input: 'sha256:1',
  charts: [makeChart({ name: 'op' })],
  images: [
    makeImage('quay.io/e/node:v1', ['op'], { runtime: [pull] }),
    makeImage('quay.io/e/agent:v1', ['op'], {
      runtime: [{ ...pull, leaves: [], field: 'Node spec.image' }],
    }),
  ],
  relocation: {},
}

test('an image of an operator is explained by the catalog', () => {
  expect(explainImage(manifest, 'e/node').map((line) => line.replaceAll(/ {2,}/g, ' '))).toEqual([
    'quay.io/e/node:v1',
    ' chart op',
    ' from operators.yaml: no render shows it',
    ' operator op',
    ' pulled always',
    ' leaves node.image',
    ' source https://example.com/op',
  ])
})

test('an image that only a resource can name is explained with its field', () => {
  const lines = explainImage(manifest, 'e/agent').join('\n')
  expect(lines).toMatch(/leaves +none: no value sets it\n +field +Node spec\.image\n/)
})
