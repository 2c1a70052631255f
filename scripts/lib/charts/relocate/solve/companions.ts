import { formatLeafPath } from '../../../model/values/leaf-path.ts'
import type { LeafAssignment } from '../../../model/chart/relocation.ts'

/** A leaf that a chart wants set before it lets its images be replaced, known by the words with which it refuses. */
const permits: readonly { readonly words: RegExp; readonly assignment: LeafAssignment }[] = [
  {
    // Bitnami's common chart (common.errors.insecureImages) fails for every image outside its own registries.
    words: /allowInsecureImages/,
    assignment: { path: ['global', 'security', 'allowInsecureImages'], value: true },
  },
]

/** The permit that a refusal asks for, unless it was given already. */
export function permitFor(
  message: string,
  given: readonly LeafAssignment[],
): LeafAssignment | undefined {
  const permit = permits.find(({ words }) => words.test(message))?.assignment
  if (permit === undefined) return undefined
  const path = formatLeafPath(permit.path)
  return given.some((other) => formatLeafPath(other.path) === path) ? undefined : permit
}
