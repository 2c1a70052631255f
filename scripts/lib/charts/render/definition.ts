/** The keys of a resource definition, each on its own line. */
const own = /^(apiVersion|kind|metadata|spec|status):/

/** Only these are resource definitions; any other API may have pods in a kind of the same name. */
const apiVersion = /^apiVersion:\s*(["']?)apiextensions\.k8s\.io\/\w+\1\s*(?:#.*)?$/

/**
 * True for text that is unambiguously a resource definition. Definitions are not parsed, so the text must leave no
 * doubt: a second `kind`, a quoted or merged key, or an indented start may turn it into something else, such as a pod.
 */
export function isPlainDefinition(text: string): boolean {
  const lines = text.match(/^[^# \t\r\n].*$/gm) ?? []
  const [first] = text.match(/^[ \t]*[^# \t\r\n].*$/m) ?? []
  const keys = lines.map((line) => own.exec(line)?.[1])
  return (
    lines[0] === first &&
    !keys.includes(undefined) &&
    new Set(keys).size === keys.length &&
    lines.some((line) => apiVersion.test(line)) &&
    lines.some((line) => /^kind:\s*(["']?)CustomResourceDefinition\1\s*(?:#.*)?$/.test(line))
  )
}
