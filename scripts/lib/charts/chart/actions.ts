/**
 * Returns the texts between `{{` and the last `}}` before the next one: an action may contain `}}` in a string or in a
 * comment, and text behind it does no harm.
 */
export function actionsOf(text: string): string[] {
  return text.split('{{').slice(1).map(actionIn)
}

function actionIn(rest: string): string {
  const end = rest.lastIndexOf('}}')
  return end === -1 ? rest : rest.slice(0, end)
}
