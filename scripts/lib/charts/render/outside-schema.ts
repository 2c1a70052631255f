import { showAddress } from '../../model/internet/url.ts'
import type { Problem } from '../../model/problem.ts'
import { walkCharts } from '../chart/files.ts'
import type { ChartFiles } from '../chart/chart.ts'

/**
 * Keywords whose value helm's validator resolves, and loads where it is not in the schema itself: by http, https and
 * from files. Seen with helm 4.2.4; the same loaders are in 3.21, and that for files in all of 3.18.
 * Source: santhosh-tekuri/jsonschema v6.
 */
const keywords = ['$ref', '$dynamicRef', '$recursiveRef', '$schema'] as const

/** Schemas of schemas that the validator has in it. */
const builtIn =
  /^https?:\/\/json-schema\.org\/(?:schema|draft-0[467]\/schema|draft\/(?:2019-09|2020-12)\/(?:schema|meta\/[a-z-]+))(?:#.*)?$/

/** Addresses are named in a manifest, whole ones of a normal length at least. */
const longestShown = 300

/** Something outside a schema that it refers to. */
interface OutsideReference {
  /** The file from the chart's root. */
  readonly file: string
  readonly keyword: string
  readonly target: string
}

/**
 * Finds the first reference of a chart's schemas, those of subcharts included, that helm would have to load from
 * somewhere. A schema that cannot be read may hold anything.
 */
function findOutside(chart: ChartFiles): OutsideReference | undefined {
  for (const { chart: each, folder } of walkCharts(chart)) {
    const schema = each.files.get('values.schema.json')
    if (schema === undefined) continue
    const found = findInSchema(schema.toString('utf8'))
    if (found !== undefined) return { file: `${folder}values.schema.json`, ...found }
  }
  return undefined
}

function findInSchema(text: string): Omit<OutsideReference, 'file'> | undefined {
  let left: unknown[]
  try {
    left = [JSON.parse(text)]
  } catch {
    return { keyword: '', target: '' }
  }
  // Without recursion, because a schema may be as deep as its author likes.
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (typeof node !== 'object' || node === null) continue
    for (const [key, value] of Object.entries(node)) {
      const keyword = keywords.find((one) => one === key)
      if (keyword === undefined || typeof value !== 'string') left.push(value)
      else if (leadsOutside(value)) return { keyword, target: value }
    }
  }
  return undefined
}

/** A fragment stays in the schema, and names of the form `urn:` are never loaded. */
function leadsOutside(target: string): boolean {
  return target !== '' && !/^(?:#|urn:)/.test(target) && !builtIn.test(target)
}

/** Why helm may not check values against the schemas of a chart; nothing when it may. */
export function outsideProblem(chart: ChartFiles): Problem | undefined {
  const found = findOutside(chart)
  if (found === undefined) return undefined
  const { file, keyword, target } = found
  const reason =
    keyword === ''
      ? 'is not JSON'
      : `refers to "${showAddress(target).slice(0, longestShown)}" with ${keyword}, which helm would load during rendering`
  return {
    kind: 'unsafe-address',
    side: 'source',
    message: `${file} ${reason}`,
    next: 'ask its publisher for a self-contained schema',
  }
}
