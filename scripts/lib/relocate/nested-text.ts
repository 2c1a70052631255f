import { count } from '../cli/text.ts'
import type { Egress } from '../model/chart/egress.ts'
import { describeSkipped, type NestedChart } from '../model/chart/nested.ts'
import type { OpenQuestion } from '../model/chart/question.ts'
import { describeQuestion, subjectOf } from '../model/chart/question-text.ts'
import type { Proof, RelocationResult } from '../model/chart/relocation.ts'
import { countQuestions, describeState, stateOf } from '../model/chart/verdict.ts'
import { fillPattern, type Target } from '../model/image/layout.ts'
import { lineOf } from '../model/text/line.ts'
import { shellWord } from '../model/text/shell-word.ts'
import type { Relocated } from './relocate.ts'

/** A result, and those of nested charts. */
export type Results = Pick<Relocated, 'result' | 'nested'>

/** Returns the results of a chart and its nested charts. */
export function resultsOf({ result, nested }: Results): RelocationResult[] {
  return [result, ...(nested?.nested ?? []).map((chart) => chart.result)]
}

/** Returns the proofs of a chart and its nested charts: an unproven nested chart makes the whole unproven. */
export function proofsOf({ solved, nested }: Pick<Relocated, 'solved' | 'nested'>): Proof[] {
  const all = [solved, ...(nested?.nested ?? []).map((chart) => chart.solved)]
  return all.flatMap(({ proofs }) => proofs)
}

/** Returns how many questions are open about a chart and its nested charts. */
export function countAll(relocated: Results): number {
  return resultsOf(relocated).reduce((sum, result) => sum + countQuestions(result), 0)
}

/** Returns the hosts from which a chart and its nested charts fetch. */
export function egressOf(relocated: Results): Egress[] {
  return resultsOf(relocated).flatMap(({ egress }) => egress)
}

/** Skipped charts that are shown: a chart decides how many there are. */
const maximumSkipped = 50

/** Returns one line for each nested chart with its own result. */
export function nestedLines({ nested }: Results): string[] {
  if (nested === undefined) return []
  const more = nested.skipped.length - maximumSkipped
  return [
    ...nested.nested.flatMap((chart) => [describeNested(chart), ...noticesOf(chart)]),
    ...nested.skipped.slice(0, maximumSkipped).map((one) => `! ${describeSkipped(one)}`),
    ...(more > 0 ? [`! … and ${more} more nested charts that were not relocated`] : []),
  ]
}

function describeNested({ result, solved, missing, ...chart }: NestedChart): string {
  const state = describeState(stateOf(solved.proofs), countQuestions(result))
  const images = count(result.images.length + result.runtime.length, 'image')
  const values = solved.values.length === 0 ? 'no values are needed' : 'its values are passed on'
  const passed = missing.length === 0 ? values : 'some of its values are missing'
  const indent = '  '.repeat(chart.depth)
  return (
    indent +
    lineOf(`${chart.chart} ${chart.version} of ${chart.document}: ${images}, ${state}; ${passed}`)
  )
}

function noticesOf({ result, ...chart }: NestedChart): string[] {
  return result.notices.map(
    (notice) => `${'  '.repeat(chart.depth + 1)}! ${lineOf(`${chart.chart}: ${notice}`)}`,
  )
}

/** Returns each open question of a chart and its nested charts, with the flags that settle it. */
export function allQuestions({ result, nested }: Results, target: Target): string[] {
  return [
    ...questionLines(result, target),
    ...(nested?.nested ?? []).flatMap((chart) =>
      questionLines(chart.result, target).map((line) => `${lineOf(chart.chart)}: ${line}`),
    ),
  ]
}

function questionLines(
  { images, undecided, questions }: RelocationResult,
  target: Target,
): string[] {
  const found = new Set(images.map(({ reference }) => reference))
  // Ignoring an image that the chart has elsewhere would leave that public, too.
  const isFound = (question: OpenQuestion) =>
    question.kind === 'other-cluster' && found.has(question.reference)
  return [
    ...undecided.map(({ reference, places: [place] }) => {
      const where = `${place?.document ?? ''} ${place?.path ?? ''}`
      return `"${reference}" may be an image: ${where}; decide with --mirror ${reference} or --ignore ${reference}`
    }),
    ...questions.map((question) => {
      const words = describeQuestion(filled(question, target))
      return isFound(question) ? words : `${words}; settle it with ${ignoreFlag(question)}`
    }),
  ]
}

function ignoreFlag(question: OpenQuestion): string {
  return `--ignore ${shellWord(subjectOf(question))}`
}

/** Fills in the target in values that the user has to add. */
function filled(question: OpenQuestion, target: Target): OpenQuestion {
  return question.kind === 'nested-values'
    ? { ...question, values: question.values.map((value) => fillPattern(value, target)) }
    : question
}
