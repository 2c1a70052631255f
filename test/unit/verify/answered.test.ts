import { expect, it } from 'vitest'
import type { OpenQuestion } from '../../../scripts/lib/model/chart/question.ts'
import { answeredBy } from '../../../scripts/lib/verify/answered.ts'
import { makeChart } from '../support/manifest.ts'

const place = { variant: 'default', document: 'ConfigMap/a', path: 'data.note', template: 'a.yaml' }
const host: OpenQuestion = { kind: 'public-host', host: 'quay.io', ...place }
const nested: OpenQuestion = {
  kind: 'nested-chart',
  chart: 'app',
  version: '1.0.0',
  repository: 'https://charts.internal.example',
  ...place,
}
const possible: OpenQuestion = { kind: 'possible-image', reference: 'quay.io/a/b:1', ...place }

const isAnswered = answeredBy({
  input: '',
  charts: [
    makeChart({
      name: 'shop',
      questions: [host, nested],
      undecided: [{ reference: 'quay.io/a/b:1', places: [] }],
    }),
  ],
  images: [],
  relocation: {},
})

it.each<readonly [string, string, OpenQuestion, boolean]>([
  ['a host at its place', 'shop', host, true],
  ['a host in another variant', 'shop', { ...host, variant: 'large' }, true],
  ['a host at another place', 'shop', { ...host, path: 'data.registry' }, false],
  ['a host in another document', 'shop', { ...host, document: 'ConfigMap/b' }, false],
  ['a host of another chart', 'cart', host, false],
  ['a nested chart', 'shop', nested, true],
  [
    'a nested chart from elsewhere',
    'shop',
    { ...nested, repository: 'https://evil.example' },
    false,
  ],
  ['another version of a nested chart', 'shop', { ...nested, version: '2.0.0' }, false],
  ['text that may be an image', 'shop', possible, true],
  ['other text', 'shop', { ...possible, reference: 'quay.io/a/b:2' }, false],
])('the manifest answers: %s', (_, chart, question, expected) => {
  expect(isAnswered(chart, question)).toBe(expected)
})
