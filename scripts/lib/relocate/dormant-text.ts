import { count } from '../cli/text.ts'
import type { LayoutResult, RelocationResult } from '../model/chart/relocation.ts'
import { clip } from '../model/text/clip.ts'
import { lineOf } from '../model/text/line.ts'
import { formatLeafPath } from '../model/values/leaf-path.ts'

/**
 * Describes the images that values name but nothing renders: in one line, or with all details in one line each. They are
 * not mirrored, so a component that is enabled later needs another run.
 */
export function describeDormant(
  dormant: RelocationResult['dormant'],
  { values }: LayoutResult,
  isVerbose: boolean,
): string[] {
  if (dormant.length === 0) return []
  const assigned = new Set(values.map(({ path }) => formatLeafPath(path)))
  const isMoved = ({ leaves }: { readonly leaves: readonly string[] }) =>
    leaves.some((leaf) => assigned.has(leaf))
  if (isVerbose) {
    return dormant.map((image) => {
      const fate = isMoved(image) ? 'the new values redirect it too' : 'it is left unchanged'
      return `"${lineOf(image.reference)}" is not rendered, and ${fate}: ${clip(lineOf(image.leaves.join(', ')))}`
    })
  }
  const moved = dormant.filter(isMoved).length
  const fate =
    moved === dormant.length
      ? 'redirected too'
      : moved === 0
        ? 'left unchanged'
        : `${moved} redirected, ${dormant.length - moved} left unchanged`
  const named = `${count(dormant.length, 'image')} in the values ${dormant.length === 1 ? 'is' : 'are'} not rendered`
  return [`${named}: ${fate} (use --verbose to show ${dormant.length === 1 ? 'it' : 'them'})`]
}
