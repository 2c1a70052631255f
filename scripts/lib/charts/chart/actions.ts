/** Returns the texts between `{{` and `}}`. */
export function actionsOf(text: string): string[] {
  return text
    .split('{{')
    .slice(1)
    .map((rest) => rest.split('}}', 1)[0] ?? '')
}
