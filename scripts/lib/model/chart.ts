import { trimEndOf } from './text/trim.ts'
import { invalidInput, type Result, success } from './problem.ts'
import { isTag } from './reference.ts'

/** Where a chart comes from, in normal form: the repository never ends with the chart's own name. */
export interface ChartSource {
  readonly name: string
  /** `https://…` of an index, or `oci://host/path` without the chart's name; no trailing slash. */
  readonly repository: string
}

/** A chart at the version under which its publisher serves it. */
export interface ChartVersion extends ChartSource {
  readonly version: string
}

// Helm: lower-case letters, digits and dashes are the rule for chart names; dots and underscores occur in the wild.
const namePattern = /^[a-zA-Z0-9]+(?:[._-]+[a-zA-Z0-9]+)*$/

export function isOciRepository(repository: string): boolean {
  return repository.startsWith('oci://')
}

/**
 * Parses a chart's source. `oci://h/p/name` and `oci://h/p` with the name mean the same and yield the same value.
 * Fails for other schemes than https, http and oci, and for names that helm would not accept.
 */
export function parseChartSource(name: string, repository: string): Result<ChartSource> {
  if (!namePattern.test(name)) return invalidInput(`"${name}" is not a chart name`)
  if (!/^(?:oci|https?):\/\/[^/\s?#][^\s?#]*$/.test(repository)) {
    return invalidInput(
      `chart "${name}": repository "${repository}" is not a chart repository`,
      'write an https:// address that has an index.yaml, or oci://<host>/<path>',
    )
  }
  const bare = trimEndOf(repository, '/')
  const repeated = isOciRepository(bare) && bare.endsWith(`/${name}`)
  return success({ name, repository: repeated ? bare.slice(0, -name.length - 1) : bare })
}

/** The tag under which helm stores a version in a registry: `+` is not legal in tags and becomes `_`. */
export function chartTag(version: string): string {
  return version.replaceAll('+', '_')
}

/** True for versions that helm accepts: three numeric parts, an optional `v`, pre-release and build metadata. */
export function isChartVersion(version: string): boolean {
  return (
    /^v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.test(version) &&
    isTag(chartTag(version))
  )
}

/** A chart as helm names it in an OCI registry: `oci://host/path/name`. */
export function ociChartUrl({ name, repository }: ChartSource): string {
  return `${repository}/${name}`
}
