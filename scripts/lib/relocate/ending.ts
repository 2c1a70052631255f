import type { Context } from '../cli/main.ts'
import type { RelocateFlags } from '../commands/relocate-chart.ts'
import { describeEgress } from '../model/chart/egress.ts'
import { compareText } from '../model/collections.ts'
import type { Target } from '../model/image/layout.ts'
import { type Problem, ProblemError, sentenceOf } from '../model/problem.ts'
import { allQuestions, countAll, egressOf, type Results, resultsOf } from './nested-text.ts'

/** Prints the source references of a result and its nested charts. */
export function printImages(results: Results, { print }: Context): void {
  const all = resultsOf(results).flatMap(({ images, runtime }) => [...images, ...runtime])
  const references = new Set(all.map(({ reference }) => reference))
  print([...references].toSorted(compareText))
}

/** Questions that are shown without `--verbose`; the largest public charts have about thirty. */
const maximumShown = 100

/** Reports notices, egress and open questions. */
export function logNotes(
  results: Results,
  target: Target,
  { verbose }: RelocateFlags,
  { log }: Context,
): void {
  for (const notice of results.result.notices) log(`! ${notice}`)
  for (const egress of egressOf(results)) log(`> ${describeEgress(egress)}`)
  const questions = allQuestions(results, target)
  const shown = verbose ? questions : questions.slice(0, maximumShown)
  for (const question of shown) log(`? ${question}`)
  const rest = questions.length - shown.length
  if (rest > 0) log(`? … and ${rest} more (use --verbose to show all)`)
}

/** Returns the exit code of a result. Throws `ProblemError` with what keeps it from being proven. */
export function exitCodeFor(
  problems: readonly Problem[],
  results: Results,
  { allowUnproven, images, strict }: RelocateFlags,
  { log }: Context,
): number {
  if (problems.length === 0) return strict && countAll(results) > 0 ? 1 : 0
  if (images) return 0
  if (!allowUnproven) throw new ProblemError(problems)
  for (const problem of problems) log(`! ${sentenceOf(problem)}`)
  return 0
}
