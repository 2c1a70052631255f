import type { Problem } from '../../model/problem.ts'
import { redactSecrets } from '../../model/text/redact.ts'
import { readJson } from '../../model/tree/json.ts'
import { isTree, type ValuesTree } from '../../model/values/values.ts'
import { kindOfText } from '../process/failures.ts'
import type { HttpAnswer } from '../http/types.ts'
import { problemOfAnswer } from '../http/problem.ts'

/** The problem of an answer, with the registry's own words where it has any; none for a good one. */
export function explainAnswer(answer: HttpAnswer): Problem | undefined {
  const problem = problemOfAnswer(answer)
  if (problem === undefined) return undefined
  // Some servers repeat what they were sent.
  const words = redactSecrets(wordsOf(answer.body.toString('utf8')))
  if (words === '') return problem
  const kind = kindOfText(words)
  return {
    ...problem,
    ...(kind !== undefined && { kind }),
    message: `${problem.message}: ${words}`,
  }
}

/** `CODE: message` of each error in a registry's JSON (distribution specification, errors); other text as it is. */
function wordsOf(body: string): string {
  const root = readJson(body)
  const errors = isTree(root) ? (root['errors'] ?? []) : undefined
  if (!Array.isArray(errors)) return body.trim().slice(0, 500)
  return errors
    .filter((error) => isTree(error))
    .map((error) => `${wordAt(error, 'code')}: ${wordAt(error, 'message')}`)
    .join('; ')
    .slice(0, 500)
}

function wordAt(error: ValuesTree, key: string): string {
  const word = error[key]
  return typeof word === 'string' ? word : ''
}
