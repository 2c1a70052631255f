import { isDeepStrictEqual } from 'node:util'
import { buildValues } from '../../values/override.ts'
import { type RelocateOptions, relocateChart } from '../../charts/relocate/relocate.ts'
import { summarize } from '../../charts/relocate/result.ts'
import type { Addon } from '../../model/chart/addon.ts'
import type { LayoutName } from '../../model/image/layout.ts'
import { formatLeafPath, type LeafPath, overlaps } from '../../model/values/leaf-path.ts'
import { type Result, success } from '../../model/problem.ts'
import { type LayoutResult, variantName } from '../../model/chart/relocation.ts'
import {
  emptyTree,
  layerValues,
  nodeAt,
  scalarsOf,
  setNode,
  type ValuesTree,
} from '../../model/values/values.ts'
import type { NamedValues, ReleaseGroup } from './release-group.ts'

/** Values that make a chart private, in a file beside it. */
export interface Snippet {
  readonly file: string
  readonly values: ValuesTree
}

/** What a release has to be installed with: its own values set leaves that the repacked chart has private. */
export interface Defeat {
  readonly path: string
  readonly leaves: readonly string[]
  readonly file: string
}

export interface Snippets {
  readonly all: readonly Snippet[]
  readonly defeats: readonly Defeat[]
  /** What is given on top of a value set to prove it: the snippet where it is needed, else nothing. */
  readonly onTop: (given: ValuesTree) => ValuesTree
  /** Releases with a snippet of their own, by the name of their value set. */
  readonly apart: ReadonlySet<string>
}

/**
 * Makes the override snippets of a chart: one for all of its releases, and one more for each release that sets what
 * others leave empty, such as a list of containers, which a common snippet would switch on everywhere.
 */
export async function makeSnippets(
  { releases }: ReleaseGroup,
  variants: readonly NamedValues[],
  shared: {
    readonly values: ValuesTree
    readonly solved: LayoutResult
    readonly layout: LayoutName
  },
  options: RelocateOptions,
): Promise<Result<Snippets>> {
  const stray = new Set(
    shared.solved.unreached
      .filter(({ cause }) => cause !== 'unreachable')
      .map(({ variant }) => variantName(variant)),
  )
  const own = new Map<NamedValues, ValuesTree>()
  for (const variant of variants) {
    if (variant.addon === undefined || !stray.has(variant.name)) continue
    const only = options.variants.filter(({ name }) => name === variant.name)
    const alone = await relocateChart({ ...options, variants: only })
    if (!alone.ok) return alone
    const solved = summarize(alone.value, '').layouts[shared.layout]
    const values = layerValues(shared.values, buildValues(solved?.values ?? [], options.target))
    if (!isDeepStrictEqual(values, shared.values)) own.set(variant, values)
  }
  const isOnly = releases.length === 1
  const snippetFor = (variant: NamedValues): Snippet => {
    const values = own.get(variant)
    return values === undefined || isOnly
      ? { file: 'values.yaml', values: values ?? shared.values }
      : { file: fileFor(variant.name), values }
  }
  const defeats = variants.flatMap((variant): Defeat[] => {
    const { addon } = variant
    if (addon === undefined) return []
    const { file, values } = snippetFor(variant)
    const leaves = defeatedLeaves(addon, values)
    return leaves.length > 0 ? [{ path: addon.path, leaves, file }] : []
  })
  const tops = new Map(
    variants
      .filter(({ addon }) => defeats.some(({ path }) => path === addon?.path))
      .map((variant) => [variant.values, snippetFor(variant).values]),
  )
  // What a chart merely asks for is given by nobody: where it is baked in, that is what holds.
  const required = variants.find(({ addon }) => addon === undefined)?.values ?? emptyTree()
  const baked = new Map(
    variants.map(({ values, addon }) => [
      values,
      leavesOf(shared.values, (path) => {
        const isAskedFor = nodeAt(required, path) !== undefined
        return isAskedFor && nodeAt(addon?.values ?? emptyTree(), path) === undefined
      }),
    ]),
  )
  const others = isOnly ? [] : [...own.keys()].map(snippetFor)
  const [first] = isOnly ? own.values() : []
  return success({
    all: [{ file: 'values.yaml', values: first ?? shared.values }, ...others],
    defeats,
    onTop: (given) => layerValues(baked.get(given) ?? emptyTree(), tops.get(given) ?? emptyTree()),
    apart: new Set([...own.keys()].map(({ name }) => name)),
  })
}

/** A tree of those leaves alone whose path is wanted. */
function leavesOf(tree: ValuesTree, isWanted: (path: LeafPath) => boolean): ValuesTree {
  const kept = emptyTree()
  for (const { path, value } of scalarsOf(tree)) if (isWanted(path)) setNode(kept, path, value)
  return kept
}

function fileFor(name: string): string {
  return `values-${name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^-|-$/g, '')}.yaml`
}

/** Where an add-on's own values would win over the private defaults of the repacked chart. */
function defeatedLeaves({ values, templated = [] }: Addon, over: ValuesTree): string[] {
  return [...scalarsOf(over)].flatMap(({ path, value }) => {
    // What a template comes to is not known, but it is set.
    if (templated.some((leaf) => overlaps(leaf.path, path))) return [formatLeafPath(path)]
    const own = nodeAt(values, path)
    return own === undefined || own === value ? [] : [formatLeafPath(path)]
  })
}
