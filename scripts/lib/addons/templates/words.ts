import {
  formatFilePlace,
  placeOfAddon,
  type TemplatedLeaf,
  type UnreadValues,
} from '../../model/chart/addon.ts'
import { formatLeafPath, overlaps, parseLeafPath } from '../../model/values/leaf-path.ts'
import type { Problem } from '../../model/problem.ts'
import { nodeAt, type ValuesTree } from '../../model/values/values.ts'
import type { ReleaseGroup } from '../prepare/release-group.ts'
import type { UnknownLeaf } from './probe.ts'

/** Maximum templates named when it is not known which of them matters. */
const named = 5

/** Names a templated leaf: `image.tag (template "v{{ … }}" at values.yaml:12:9)`. */
function describeLeaf({ path, template, place }: TemplatedLeaf): string {
  return `${formatLeafPath(path)} (template "${template}" at ${formatFilePlace(place)})`
}

/** Returns the problem of a templated leaf that decides what a cluster pulls. Returns none for untested leaves. */
export function problemOfUnknown(
  { addon, leaf, effect }: UnknownLeaf,
  overridesFile: string,
): Problem[] {
  if (effect.kind !== 'composes' && effect.kind !== 'adds') return []
  const images = effect.references.map((reference) => `"${reference}"`).join(', ') || 'an image'
  const consequence =
    effect.kind === 'composes'
      ? `${images} depends on it, so the cluster may pull a different image than the mirrored one`
      : `with a value other than the chart's default, the cluster pulls ${images}, which is not mirrored`
  return [
    {
      kind: 'unproven',
      side: 'input',
      message: `add-on "${addon.release}", ${placeOfAddon(addon)}: ${describeLeaf(leaf)}: ${consequence}`,
      next: `${adviceFor(addon.name, overridesFile)}; or mirror it anyway with --allow-unproven`,
    },
  ]
}

function adviceFor(chart: string, overridesFile: string): string {
  return `set a value for it in ${overridesFile}, under overrides: ${chart}:, or where it is defined`
}

/** Adds advice for a chart that does not render: where to set values, and which templates may be the cause. */
export function explainNeed(
  { name, releases }: ReleaseGroup,
  problem: Problem,
  required: ValuesTree,
  overridesFile: string,
): Problem {
  if (problem.kind !== 'render-failed' && problem.kind !== 'invalid-schema') return problem
  const { leaf } = problem
  const left = releases
    .flatMap(({ templated = [] }) => templated)
    .filter(({ path }) => nodeAt(required, path) === undefined)
  const asked = leaf === undefined ? undefined : parseLeafPath(leaf)
  const exact = asked && left.filter(({ path }) => overlaps(path, asked))
  const blamed = exact !== undefined && exact.length > 0 ? exact : left
  const [first] = releases
  const place =
    first === undefined ? '' : `${first.file}, in the values of the add-on at ${first.path}`
  const what = leaf === undefined ? 'the values that it requires' : `"${leaf}"`
  const next = `set ${what} in ${overridesFile}, under overrides: ${name}:, or in ${place}`
  if (blamed.length === 0) return { ...problem, next }
  const rest = blamed.length > named ? `, and ${blamed.length - named} more` : ''
  const list = blamed.slice(0, named).map(describeLeaf).join('; ')
  return {
    ...problem,
    message: `${problem.message}\ntemplated values were left at the chart's defaults: ${list}${rest}`,
    next,
  }
}

/** Describes the unknown facts about a release. */
export function notesOf(
  release: string,
  unknown: readonly UnknownLeaf[],
  unread: readonly UnreadValues[],
): string[] {
  const untested = unknown.filter(({ effect }) => effect.kind === 'untested')
  return [
    ...untested
      .slice(0, named)
      .map(
        ({ leaf }) => `${release}: could not test whether images depend on ${describeLeaf(leaf)}`,
      ),
    ...(untested.length > named
      ? [`${release}: could not test ${untested.length - named} more of its templates`]
      : []),
    ...unread.map(({ kind, names, place }) =>
      kind === 'value-files'
        ? `${release}: its values also come from ${names.join(', ')} (${formatFilePlace(place)}), which this command does not read`
        : `${release}: the values that ${names.join(', ')} at ${formatFilePlace(place)} prints are not known`,
    ),
  ]
}
