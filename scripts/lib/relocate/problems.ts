import type { Unreached } from '../model/chart/relocation.ts'
import type { Problem } from '../model/problem.ts'
import type { Relocated } from './relocate.ts'

/** Returns what keeps a relocation from being proven; with a patched chart, what keeps that from it. */
export function unprovenProblems({ name, solved, repackFaults }: Relocated): Problem[] {
  const { unreached, proofs } = solved
  if (repackFaults !== undefined) return repackFaults.map((fault) => unproven(name, fault))
  if (unreached.length > 0) return unreached.map(unreachable)
  return proofs.flatMap(({ result, faults }) =>
    result === 'unproven' || result === 'failed'
      ? faults.map((fault) => unproven(name, fault))
      : [],
  )
}

const causes: Readonly<Record<Unreached['cause'], string>> = {
  unreachable: 'no value redirects it',
  conflict: 'other references need different values for its leaves',
  unmoved: 'the values that contribute to it do not redirect it',
}

function unreachable({ reference, document, path, template, cause }: Unreached): Problem {
  return {
    kind: 'unproven',
    side: 'source',
    message: `"${reference}" stays public at ${document} ${path}, from ${template}: ${causes[cause]}`,
    next: 'write a patched chart with --repack DIR or a post-renderer with --post-renderer DIR, or continue with --allow-unproven',
  }
}

function unproven(name: string, fault: string): Problem {
  return {
    kind: 'unproven',
    side: 'source',
    message: `${name} is not proven: ${fault}`,
    next: 'if that difference is harmless, continue with --allow-unproven',
  }
}
