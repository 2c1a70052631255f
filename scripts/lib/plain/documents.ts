import { invalidInput, type Result, success } from '../model/problem.ts'
import { isTree } from '../model/values/values.ts'
import { interruptible } from '../steps/interruptible.ts'
import { type RenderedDocument, splitInSteps } from '../charts/render/documents.ts'
import { asReadByHelm, findMisread } from '../charts/render/reading.ts'
import { join } from 'node:path'
import type { Session } from '../session/session.ts'

/**
 * Splits a stream into its documents. One that helm reads differently has no content and cannot be part of a proof.
 * Fails when helm cannot be asked. Throws `ProblemError` when the signal is aborted.
 */
export async function readDocuments(
  name: string,
  text: string,
  session: Session,
): Promise<Result<readonly RenderedDocument[]>> {
  const { run, helm, surroundings, signal, folder } = session
  const split = await interruptible(splitInSteps(text), signal)
  const counts = new Map<string, number>()
  const documents = split.map((document) => {
    const source = document.source === '' ? name : document.source
    const ordinal = counts.get(source) ?? 0
    counts.set(source, ordinal + 1)
    return { ...document, source, ordinal }
  })
  const misread = await findMisread(documents, {
    run,
    helm: helm.path,
    surroundings: surroundings.helm,
    signal,
    workFolder: join(folder, 'reading'),
  })
  return misread.ok ? success(asReadByHelm(documents, misread.value)) : misread
}

/** Fails for YAML that Kubernetes does not know, such as values: what is pulled because of it is not known. */
export function checkKinds(documents: readonly RenderedDocument[]): Result<void> {
  for (const { root, source, ordinal } of documents) {
    if (!isTree(root)) continue
    const isManifest = typeof root['kind'] === 'string' && typeof root['apiVersion'] === 'string'
    if (isManifest) continue
    return invalidInput(
      `document ${ordinal + 1} of "${source}" is not a Kubernetes manifest: it has no apiVersion or no kind`,
      'specify a chart (a folder with a Chart.yaml, or an archive) or a file or folder with manifests only',
    )
  }
  return success(undefined)
}
