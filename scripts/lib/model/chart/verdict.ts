import type { Proof, RelocationResult } from './relocation.ts'

/** The result of the proofs of one layout: the worst of them. */
export type ProofState = 'proven' | 'unproven' | 'failed'

/**
 * Returns the result of several proofs. A chart without images counts as proven, with the open question whether that is
 * right.
 */
export function stateOf(proofs: readonly Pick<Proof, 'result'>[]): ProofState {
  const results = new Set(proofs.map(({ result }) => result))
  if (results.has('failed')) return 'failed'
  return results.has('unproven') || proofs.length === 0 ? 'unproven' : 'proven'
}

/** Returns the result in words: `proven`, `proven, 2 open questions`, `unproven` or `failed`. */
export function describeState(state: string, questions: number): string {
  if (questions === 0) return state
  return `${state}, ${questions} open ${questions === 1 ? 'question' : 'questions'}`
}

/** Returns how many questions a proof leaves open; undecided text counts as well. */
export function countQuestions({
  questions,
  undecided,
}: {
  readonly questions: RelocationResult['questions']
  readonly undecided: readonly unknown[]
}): number {
  return questions.length + undecided.length
}
