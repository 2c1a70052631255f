import type { OpenQuestion } from '../model/chart/question.ts'
import { subjectOf } from '../model/chart/question-text.ts'
import type { Manifest } from '../model/manifest/manifest.ts'

/**
 * Returns whether a question about a chart is in a manifest already: it was asked when the manifest was generated, and
 * is not new in the values that are verified.
 */
export function answeredBy(manifest: Manifest): (chart: string, question: OpenQuestion) => boolean {
  const known = new Set(
    manifest.charts.flatMap(({ name, questions, undecided }) => [
      ...questions.map((question) => keyOf(name, question)),
      ...undecided.map(({ reference }) => JSON.stringify([name, 'possible-image', reference])),
    ]),
  )
  return (chart, question) => known.has(keyOf(chart, question))
}

function keyOf(chart: string, question: OpenQuestion): string {
  return JSON.stringify([chart, question.kind, subjectOf(question)])
}
