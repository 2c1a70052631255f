import { join } from 'node:path'
import { joinedText } from '../charts/relocate/prove/joined.ts'
import { suffixOf } from '../charts/relocate/destinations.ts'
import type { Occurrence } from '../charts/find/find.ts'
import { postRendererName, writePostRenderer } from '../charts/patch/post-render.ts'
import { createRewriter, type Rewrite } from '../charts/patch/rewriter.ts'
import { failure, type Result, success } from '../model/problem.ts'
import type { Session } from '../session/session.ts'
import { classifyRun } from '../tools/process/failures.ts'

/**
 * Returns what has to be rewritten for references to be at their destinations. The name of one whose tag is a field of
 * its own is rewritten without it.
 */
export function rewritesFor(
  wanted: readonly Occurrence[],
  destinationOf: (occurrence: Occurrence) => string,
): Rewrite[] {
  const rewrites = new Map<string, Rewrite>()
  for (const occurrence of wanted) {
    const text = joinedText(occurrence)
    const destination = destinationOf(occurrence)
    rewrites.set(text, { text, destination })
    const suffix = suffixOf(text)
    if (occurrence.pieces.length === 1 || suffix === '') continue
    const name = text.slice(0, -suffix.length)
    rewrites.set(name, { text: name, destination: destination.slice(0, -suffix.length) })
  }
  return [...rewrites.values()]
}

/** Rewrites a text as a post-renderer would. */
export function rewriteText(text: string, rewrites: readonly Rewrite[]): Promise<Result<string>> {
  return Promise.resolve(success(createRewriter(rewrites)(text).text))
}

/** Milliseconds; sed needs a few seconds for the largest manifests. */
const deadline = 5 * 60_000

/**
 * Writes a post-renderer, and lets it rewrite a text. Fails when it does not run. Throws `ProblemError` for a link below
 * the folder.
 */
export async function rewriteWithScript(
  folder: string,
  text: string,
  rewrites: readonly Rewrite[],
  { run, surroundings, signal }: Session,
): Promise<Result<string>> {
  await writePostRenderer(folder, rewrites)
  const script = join(folder, postRendererName, 'rewrite.sh')
  const command = { tool: '/bin/sh', args: ['--', script] }
  const result = await run(command, { ...surroundings.helm, signal, deadline, input: text })
  return result.ok ? success(result.stdout) : failure(classifyRun(result))
}
