import { expect, it } from 'vitest'
import type { OpenQuestion } from '../../../scripts/lib/model/chart/question.ts'
import { allQuestions, type Results } from '../../../scripts/lib/relocate/nested-text.ts'

const site = { variant: 'default', document: 'Pod/a', path: 'spec', template: 'a/b.yaml' }
const question: OpenQuestion = {
  kind: 'other-cluster',
  reference: 'quay.io/a/b:1',
  assumed: 'one',
  other: 'Kubernetes 1.36.0',
  ...site,
}

const linesFor = (found: readonly string[]) => {
  const images = found.map((reference) => ({ reference, places: [] }))
  const result = { images, undecided: [], questions: [question] }
  return allQuestions({ result } as unknown as Results, { registry: 'r', prefix: '' })
}

it('An image of another cluster can be ignored, unless the chart also has it here', () => {
  const [here] = linesFor(['quay.io/a/b:1'])
  const [elsewhere] = linesFor(['quay.io/a/other:1'])
  expect(elsewhere).toBe(`${here ?? ''}; settle it with --ignore quay.io/a/b:1`)
})
