import { hasUserInfo, showAddress, userInfoProblem } from '../internet/url.ts'
import { describeTextFault, isOfKind, type TextKind } from '../names/text-kind.ts'
import { failure, invalidInput, type Result, success } from '../problem.ts'
import { trimEndOf } from '../text/trim.ts'
import { isTag } from '../image/reference.ts'

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

/**
 * helm's own pattern and limit (4.2.4, pkg/chart/v2/util/create.go:38,77), except for names that start with a dash or a
 * dot. Most names have lowercase letters, digits and dashes only; the others occur in the wild.
 */
export const chartNameKind: TextKind = {
  what: 'a chart name',
  longest: 250,
  pattern: /^[0-9A-Za-z_][0-9A-Za-z._-]*$/,
  rule: 'letters, digits, "-", "_" and ".", without "-" or "." at the start',
  example: 'argo-cd',
}

/** A host name or IP address, with an optional port: without `oci://`, it becomes an argument of crane. */
const hostPattern =
  /^(?:[0-9A-Za-z](?:[0-9A-Za-z_.-]*[0-9A-Za-z])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/

/** What helm accepts as a chart version (Masterminds/semver 3, `NewVersion`): parts may be missing. */
export const chartFileVersionKind: TextKind = {
  what: 'the version of a chart',
  longest: 128,
  pattern: /^v?\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/,
  rule: 'three numbers, optionally with a pre-release or build metadata',
  example: '"1.17.2"',
}

export function isOciRepository(repository: string): boolean {
  return repository.startsWith('oci://')
}

/**
 * Parses a chart's source. `oci://h/p/name` and `oci://h/p` plus the name are equivalent and give the same value. Fails
 * for schemes other than https, http and oci, and for names that helm would not accept.
 */
export function parseChartSource(name: string, repository: string): Result<ChartSource> {
  // Checked first, because a name taken from an address may be a password.
  if (hasUserInfo(repository)) return failure(userInfoProblem('the chart repository', repository))
  if (!isOfKind(chartNameKind, name)) return invalidInput(describeTextFault(chartNameKind, name))
  const match = /^(?:oci|https?):\/\/([^/\s?#\\]+)(?:\/[^\s?#\\]*)?$/.exec(repository)
  if (
    match === null ||
    !hostPattern.test(match[1] ?? '') ||
    repository.split('://').length > 2 ||
    !URL.canParse(repository.replace(/^oci:/, 'https:'))
  ) {
    return invalidInput(
      `chart "${name}": repository "${showAddress(repository)}" is not a chart repository`,
      'use an https:// URL that serves an index.yaml, or oci://<host>/<path>',
    )
  }
  const bare = trimEndOf(repository, '/')
  const repeated = isOciRepository(bare) && bare.endsWith(`/${name}`)
  return success({ name, repository: repeated ? bare.slice(0, -name.length - 1) : bare })
}

/** Returns the tag under which helm stores a version in a registry: `+` is not valid in tags and becomes `_`. */
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

/** Returns a chart as helm names it in an OCI registry: `oci://host/path/name`. */
export function ociChartUrl({ name, repository }: ChartSource): string {
  return `${repository}/${name}`
}
