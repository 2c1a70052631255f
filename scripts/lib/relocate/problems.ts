import type { LayoutResult, Unreached } from '../model/chart/relocation.ts'
import { about, type Problem } from '../model/problem.ts'
import { clip } from '../model/text/clip.ts'
import { lineOf } from '../model/text/line.ts'
import type { Relocated } from './relocate.ts'

/**
 * Returns what keeps a relocation and its nested charts from being proven; with a patched chart or a post-renderer, what
 * keeps these from it.
 */
export function unprovenProblems({
  name,
  solved,
  repackFaults,
  postRendererFaults,
  nested,
}: Relocated): Problem[] {
  if (repackFaults !== undefined || postRendererFaults !== undefined) {
    return [
      ...(repackFaults ?? []).map((fault) => unproven(name, fault)),
      ...(postRendererFaults ?? []).map((fault) => unprovenPostRenderer(name, fault)),
    ]
  }
  return [
    ...problemsOf(name, solved),
    ...(nested?.nested ?? []).flatMap(({ chart, document, solved: own }) =>
      problemsOf(chart, own).map((problem) =>
        about(lineOf(`nested chart "${chart}" of ${document}`), { ...problem, next: nestedStep }),
      ),
    ),
  ]
}

const nestedStep = 'relocate that chart on its own, or continue with --allow-unproven'

function problemsOf(name: string, { unreached, proofs }: LayoutResult): Problem[] {
  if (unreached.length > 0) return unreached.map(unreachable)
  return proofs.flatMap(({ result, faults }) =>
    result === 'unproven' || result === 'failed'
      ? faults.map((fault) => unproven(name, fault))
      : [],
  )
}

function describeCause({ cause, leaves }: Unreached): string {
  const named = clip(lineOf(leaves.join(', ')))
  switch (cause) {
    case 'unreachable':
      if (leaves.length === 0) return 'no value redirects it'
      return `${named} ${leaves.length === 1 ? 'sets' : 'set'} only a part of it`
    case 'conflict':
      return `other references need different values for ${named}`
    case 'unmoved':
      return `${named} ${leaves.length === 1 ? 'contributes' : 'contribute'} to it, but cannot redirect it`
  }
}

function unreachable(one: Unreached): Problem {
  const { reference, document, path, template } = one
  return {
    kind: 'unproven',
    side: 'source',
    message: `"${reference}" stays public at ${document} ${path}, from ${template}: ${describeCause(one)}`,
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

function unprovenPostRenderer(name: string, fault: string): Problem {
  return {
    kind: 'unproven',
    side: 'source',
    message: `${name} with the post-renderer is not proven: ${fault}`,
    next: 'write a patched chart with --repack DIR instead, or, if that difference is harmless, continue with --allow-unproven',
  }
}
