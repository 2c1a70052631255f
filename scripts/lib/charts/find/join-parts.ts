/** Joins the parts of a reference. Appends instead of joining an array, which would copy a tag of megabytes each time. */
export function joinParts(parts: readonly string[], joints: readonly string[]): string {
  return parts.reduce((text, part, index) => text + part + (joints[index] ?? ''), '')
}
