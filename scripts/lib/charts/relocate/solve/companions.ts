import { formatLeafPath } from '../../../model/values/leaf-path.ts'
import type { LeafAssignment } from '../../../model/chart/relocation.ts'

/** A leaf that a chart requires before its images can be replaced, recognized by the chart's error message. */
const permits: readonly { readonly words: RegExp; readonly assignment: LeafAssignment }[] = [
  {
    // Bitnami's common chart (common.errors.insecureImages) fails for every image outside its own registries.
    words: /allowInsecureImages/,
    assignment: { path: ['global', 'security', 'allowInsecureImages'], value: true },
  },
]

/** Returns the leaf that an error message asks for, unless it is already set. */
export function permitFor(
  message: string,
  given: readonly LeafAssignment[],
): LeafAssignment | undefined {
  const permit = permits.find(({ words }) => words.test(message))?.assignment
  if (permit === undefined) return undefined
  const path = formatLeafPath(permit.path)
  return given.some((other) => formatLeafPath(other.path) === path) ? undefined : permit
}
