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

/** Templates that are named where it is not known which of them matters. */
const named = 5

/** Names a templated leaf: `image.tag, the template "v{{ … }}" at values.yaml:12:9`. */
function describeLeaf({ path, template, place }: TemplatedLeaf): string {
  return `${formatLeafPath(path)}, the template "${template}" at ${formatFilePlace(place)}`
}

/** What is wrong with an add-on of which it is not known what a cluster pulls. Nothing for what could not be tested. */
export function problemOfUnknown(
  { addon, leaf, effect }: UnknownLeaf,
  overridesFile: string,
): Problem[] {
  if (effect.kind !== 'composes' && effect.kind !== 'adds') return []
  const images = effect.references.map((reference) => `"${reference}"`).join(', ') || 'an image'
  const consequence =
    effect.kind === 'composes'
      ? `${images} is made of it, so the cluster may pull another image than the one that is mirrored`
      : `with another value than the chart's default, ${images} is pulled, which is not mirrored`
  return [
    {
      kind: 'unproven',
      side: 'input',
      message: `add-on "${addon.release}", ${placeOfAddon(addon)}: ${describeLeaf(leaf)}: ${consequence}`,
      next: `${adviceFor(addon.name, overridesFile)}; or mirror it as it is with --allow-unproven`,
    },
  ]
}

function adviceFor(chart: string, overridesFile: string): string {
  return `give it a value in ${overridesFile}, under overrides: ${chart}:, or where it stands`
}

/** Says where a person can do something about a chart that does not render, and whether a template is to blame. */
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
  const what = leaf === undefined ? 'what it asks for' : `"${leaf}"`
  const next = `give it ${what} in ${overridesFile}, under overrides: ${name}:, or in ${place}`
  if (blamed.length === 0) return { ...problem, next }
  const rest = blamed.length > named ? `, and ${blamed.length - named} more` : ''
  const list = blamed.slice(0, named).map(describeLeaf).join('; ')
  return {
    ...problem,
    message: `${problem.message}\nits values that are templates were left to the chart: ${list}${rest}`,
    next,
  }
}

/** What is not known of a release, for people. */
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
        ({ leaf }) =>
          `${release}: ${describeLeaf(leaf)}: whether images depend on it could not be tested`,
      ),
    ...(untested.length > named
      ? [`${release}: nor could ${untested.length - named} more of its templates`]
      : []),
    ...unread.map(({ kind, names, place }) =>
      kind === 'value-files'
        ? `${release}: its values also come from ${names.join(', ')} (${formatFilePlace(place)}), which are not read here`
        : `${release}: it is not known which values ${names.join(', ')} at ${formatFilePlace(place)} prints`,
    ),
  ]
}
