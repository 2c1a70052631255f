/** Parses JSON. Returns nothing for any other text. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // YAML, or JSON with a mistake in it: the YAML reader reports where.
    return undefined
  }
}
