/**
 * ECR's own grammar: one separator between alphanumerics, so `a__b` and `a--b`, which other registries allow, are
 * invalid.
 */
const component = '[a-z0-9]+(?:[._-][a-z0-9]+)*'
const pattern = new RegExp(`^(?:${component}/)*${component}$`)

export function isRepositoryName(name: string): boolean {
  return name.length >= 2 && name.length <= 256 && pattern.test(name)
}

/** Returns the message with which ECR rejects a name. */
export function invalidNameMessage(name: string): string {
  return `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*'' (given: '${name}')`
}
