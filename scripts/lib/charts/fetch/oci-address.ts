import { type ChartSource, isChartVersion, parseChartSource } from '../../model/chart/chart.ts'
import { isSha256 } from '../../model/image/reference.ts'
import { hasUserInfo, showAddress, userInfoProblem } from '../../model/internet/url.ts'
import { failure, invalidInput, type Result, success } from '../../model/problem.ts'

/** A chart in a registry, as people copy its address: `oci://host/path/name`, with a tag, a digest, or both. */
export interface OciAddress {
  readonly source: ChartSource
  /** The tag, as a version. */
  readonly version?: string
  readonly digest?: string
}

/** Parses the address of a chart in a registry. Fails for other addresses, and for tags that are not versions. */
export function parseOciAddress(text: string): Result<OciAddress> {
  if (hasUserInfo(text)) return failure(userInfoProblem('the chart', text))
  const [, rest = '', tag, digest] = /^([^@]*?)(?::([^/:@]+))?(?:@([^@]*))?$/.exec(text) ?? []
  if (digest !== undefined && !isSha256(digest)) {
    return invalidInput(
      `"${showAddress(text)}" does not end in a digest`,
      'use oci://host/path/name@sha256: with 64 hex digits',
    )
  }
  const version = tag?.replaceAll('_', '+')
  if (version !== undefined && !isChartVersion(version)) {
    return invalidInput(
      `tag "${tag}" of "${showAddress(text)}" is not a chart version`,
      'use a version with three parts, for example 1.17.2, or a digest',
    )
  }
  const source = parseChartSource(rest.slice(rest.lastIndexOf('/') + 1), rest)
  if (!source.ok) return source
  return success({
    source: source.value,
    ...(version !== undefined && { version }),
    ...(digest !== undefined && { digest }),
  })
}
