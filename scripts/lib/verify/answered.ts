import { type OpenQuestion, questionKey } from '../model/chart/question.ts'
import type { Manifest } from '../model/manifest/manifest.ts'

/**
 * Returns whether a question about a chart is in a manifest already: it was asked when the manifest was generated, and
 * is not new in the values that are verified.
 */
export function answeredBy(manifest: Manifest): (chart: string, question: OpenQuestion) => boolean {
  const known = new Set(
    manifest.charts.flatMap(({ name, questions, undecided }) => [
      ...questions.map((question) => keyOf(name, question)),
      ...undecided.map(({ reference }) => possibleImage(name, reference)),
    ]),
  )
  return (chart, question) => known.has(keyOf(chart, question))
}

/** Everything in a question counts but its variant: values may bring the same host, or another chart, elsewhere. */
function keyOf(chart: string, question: OpenQuestion): string {
  return question.kind === 'possible-image'
    ? possibleImage(chart, question.reference)
    : JSON.stringify([chart, questionKey(question)])
}

function possibleImage(chart: string, reference: string): string {
  return JSON.stringify([chart, 'possible-image', reference])
}
