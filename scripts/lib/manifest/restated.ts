import type { Manifest } from '../model/manifest/manifest.ts'
import { formatLeafPath, type LeafPath } from '../model/values/leaf-path.ts'
import { isTree, type ValuesNode, type ValuesTree } from '../model/values/values.ts'

/**
 * Returns the lists in a manifest's values that restate a list of the caller's values files, each as `chart: path`.
 * helm replaces lists as a whole, so other content of such a list, such as a password, is also in the manifest.
 */
export function restatedLists({ charts, umbrella }: Manifest, given: ValuesTree): string[] {
  const ends = [...listsOf(given)].map((path) => formatLeafPath(path))
  const found = [...charts, ...(umbrella === undefined ? [] : [umbrella])].flatMap(
    ({ name, relocation }) =>
      Object.values(relocation)
        .flatMap(({ values }) => values)
        .filter(({ value }) => Array.isArray(value))
        .map(({ path }) => formatLeafPath(path))
        // The values of a chart are somewhere below its name in those of the umbrella chart.
        .filter((path) => ends.some((end) => end === path || end.endsWith(`.${path}`)))
        .map((path) => `${name}: ${path}`),
  )
  return [...new Set(found)]
}

function* listsOf(node: ValuesNode, path: LeafPath = []): Generator<LeafPath> {
  if (Array.isArray(node)) yield path
  else if (isTree(node)) {
    for (const [key, child] of Object.entries(node)) yield* listsOf(child, [...path, key])
  }
}
