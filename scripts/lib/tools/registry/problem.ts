import type { Problem } from '../../model/problem.ts'
import { redactUrl } from '../../model/internet/url.ts'
import { redactSecrets } from '../../model/text/redact.ts'
import { readJson } from '../../model/tree/json.ts'
import { isTree, type ValuesTree } from '../../model/values/values.ts'
import { kindOfText } from '../process/failures.ts'
import type { HttpAnswer } from '../http/types.ts'
import { problemOfAnswer } from '../http/problem.ts'

/** Returns the problem of an answer, with the registry's own message, if any; none for success. */
export function explainAnswer(answer: HttpAnswer): Problem | undefined {
  const problem = problemOfAnswer(answer)
  if (problem === undefined) return undefined
  // Some servers echo the request.
  const words = redactSecrets(wordsOf(answer.body.toString('utf8')))
  if (words === '') return problem
  const kind = kindOfText(words)
  return {
    ...problem,
    ...(kind !== undefined && { kind }),
    message: `${problem.message}: ${words}`,
  }
}

/** Returns `CODE: message` for each error in a registry's JSON (distribution specification); other text unchanged. */
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

/** Returns the problem of an answer without the digest of a manifest. */
export function noDigest({ url }: HttpAnswer, digest: string): Problem {
  return {
    kind: 'unknown',
    side: 'source',
    message: `"${redactUrl(url)}" answered "${digest}" for a digest`,
    next: 'check that a proxy is not responding in its place',
  }
}

/** Returns the problem of content with another digest than the requested one. */
export function wrongDigest({ url }: HttpAnswer, digest: string, found: string): Problem {
  return {
    kind: 'digest-mismatch',
    side: 'source',
    message: `"${redactUrl(url)}" returned content with digest ${found}, expected "${digest}"`,
    next: 'check that no proxy changes the content',
  }
}
