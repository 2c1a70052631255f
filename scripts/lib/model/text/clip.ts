/** Shortens a long text enough to recognize it. */
export function clip(text: string): string {
  const line = text.slice(0, 121).replaceAll('\n', '⏎')
  return line.length > 120 ? `${line.slice(0, 119)}…` : line
}
