/** The keys that a definition of resources has, each on a line of its own. */
const own = /^(apiVersion|kind|metadata|spec|status):/

/**
 * True for the text of a definition of resources that is what it seems to be. Definitions are not parsed, so a text
 * must leave no doubt: a second `kind`, a quoted or merged key, or a text that begins indented may make something else
 * of it, such as a pod.
 */
export function isPlainDefinition(text: string): boolean {
  const lines = text.match(/^[^# \t\r\n].*$/gm) ?? []
  const [first] = text.match(/^[ \t]*[^# \t\r\n].*$/m) ?? []
  const keys = lines.map((line) => own.exec(line)?.[1])
  return (
    lines[0] === first &&
    !keys.includes(undefined) &&
    new Set(keys).size === keys.length &&
    lines.some((line) => /^kind:\s*(["']?)CustomResourceDefinition\1\s*(?:#.*)?$/.test(line))
  )
}
