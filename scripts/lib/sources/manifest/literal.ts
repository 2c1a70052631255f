/** The range of a manifest's data in its file. */
export interface LiteralPlace {
  readonly start: number
  readonly end: number
}

/**
 * Finds the data of a manifest: the literal of a module, or the whole of another file. Returns undefined for a module
 * without one.
 */
export function literalOf(file: string, text: string): LiteralPlace | undefined {
  if (!/\.[cm]?[jt]s$/.test(file)) return { start: 0, end: text.length }
  const start = text.indexOf('defineManifest({')
  const end = text.lastIndexOf(')')
  return start === -1 || end < start ? undefined : { start: start + 'defineManifest('.length, end }
}
