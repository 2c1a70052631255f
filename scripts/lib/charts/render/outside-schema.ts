import { showAddress } from '../../model/internet/url.ts'
import type { Problem } from '../../model/problem.ts'
import { walkCharts } from '../chart/files.ts'
import type { ChartFiles } from '../chart/chart.ts'
import type { Steps } from '../../steps/steps.ts'

/**
 * Keywords whose value helm's validator resolves, and loads over HTTP, HTTPS and from files if it is not in the schema
 * itself. Seen with helm 4.2.4; the same loaders are in 3.21, and the file loader in all of 3.18. Source:
 * santhosh-tekuri/jsonschema v6.
 */
const keywords = ['$ref', '$dynamicRef', '$recursiveRef', '$schema'] as const

/** Meta-schemas built into the validator. */
const builtIn =
  /^https?:\/\/json-schema\.org\/(?:schema|draft-0[467]\/schema|draft\/(?:2019-09|2020-12)\/(?:schema|meta\/[a-z-]+))(?:#.*)?$/

/** Manifests quote addresses; those of normal length are not cut. */
const longestShown = 300

/** A reference of a schema to something outside it. */
interface OutsideReference {
  /** The file's path from the chart's root. */
  readonly file: string
  readonly keyword: string
  readonly target: string
}

/**
 * Finds the first reference in a chart's schemas, including those of subcharts, that helm would have to load. A schema
 * that cannot be read may contain anything.
 */
function* findOutside(chart: ChartFiles): Steps<OutsideReference | undefined> {
  for (const { chart: each, folder } of walkCharts(chart)) {
    const schema = each.files.get('values.schema.json')
    if (schema === undefined) continue
    const found = yield* findInSchema(schema.toString('utf8'))
    if (found !== undefined) return { file: `${folder}values.schema.json`, ...found }
  }
  return undefined
}

/** Nodes of a schema that are examined without a break. */
const stride = 1_000

function* findInSchema(text: string): Steps<Omit<OutsideReference, 'file'> | undefined> {
  yield
  let left: unknown[]
  let count = 0
  try {
    left = [JSON.parse(text)]
  } catch {
    return { keyword: '', target: '' }
  }
  // Without recursion, because a schema may be arbitrarily deep.
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    count += 1
    if (count % stride === 0) yield
    if (typeof node !== 'object' || node === null) continue
    for (const [key, value] of Object.entries(node)) {
      const keyword = keywords.find((one) => one === key)
      if (keyword === undefined || typeof value !== 'string') left.push(value)
      else if (leadsOutside(value)) return { keyword, target: value }
    }
  }
  return undefined
}

/** True for a reference out of the schema. A fragment stays inside, and `urn:` names are never loaded. */
function leadsOutside(target: string): boolean {
  return target !== '' && !/^(?:#|urn:)/.test(target) && !builtIn.test(target)
}

/** Returns why helm must not check values against a chart's schemas; undefined when it may. */
export function* outsideProblem(chart: ChartFiles): Steps<Problem | undefined> {
  const found = yield* findOutside(chart)
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
