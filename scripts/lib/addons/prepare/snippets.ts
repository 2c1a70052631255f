import { isDeepStrictEqual } from 'node:util'
import { buildValues } from '../../values/override.ts'
import { type RelocateOptions, relocateChart } from '../../charts/relocate/relocate.ts'
import { summarize } from '../../charts/relocate/result.ts'
import type { Addon } from '../../model/chart/addon.ts'
import { escapeComponent } from '../../model/image/escape.ts'
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

/** Values that make a chart private, in a file next to it. */
export interface Snippet {
  readonly file: string
  readonly values: ValuesTree
}

/** The snippet that a release needs because its own values set leaves that are private in the repacked chart. */
export interface Defeat {
  readonly addon: Addon
  readonly leaves: readonly string[]
  readonly file: string
}

export interface Snippets {
  readonly all: readonly Snippet[]
  readonly defeats: readonly Defeat[]
  /** Returns what is set on top of a value set to prove it: the snippet if needed, else nothing. */
  readonly onTop: (given: ValuesTree) => ValuesTree
  /** Releases with their own snippet, by the name of their value set. */
  readonly apart: ReadonlySet<string>
}

/**
 * Creates the override snippets of a chart: one for all its releases, and another for each release that sets what
 * others leave empty, such as a list of containers, which a common snippet would enable everywhere.
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
    return leaves.length > 0 ? [{ addon, leaves, file }] : []
  })
  const tops = new Map(
    variants
      .filter(({ addon }) => defeats.some((defeat) => defeat.addon === addon))
      .map((variant) => [variant.values, snippetFor(variant).values]),
  )
  // Users do not set the required values themselves: the repacked chart contains them.
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

/** Returns a tree of only the leaves whose path is selected. */
function leavesOf(tree: ValuesTree, isWanted: (path: LeafPath) => boolean): ValuesTree {
  const kept = emptyTree()
  for (const { path, value } of scalarsOf(tree)) if (isWanted(path)) setNode(kept, path, value)
  return kept
}

/** Returns the file of a value set: a different one for each name, also on file systems that ignore case. */
function fileFor(name: string): string {
  return `values-${escapeComponent(name)}.yaml`
}

/** Returns where an add-on's own values would override the private defaults of the repacked chart. */
function defeatedLeaves({ values, templated = [] }: Addon, over: ValuesTree): string[] {
  return [...scalarsOf(over)].flatMap(({ path, value }) => {
    // The result of a template is not known, but it is set.
    if (templated.some((leaf) => overlaps(leaf.path, path))) return [formatLeafPath(path)]
    const own = nodeAt(values, path)
    return own === undefined || own === value ? [] : [formatLeafPath(path)]
  })
}
