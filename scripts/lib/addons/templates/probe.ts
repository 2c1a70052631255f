import type { ChartFiles } from '../../charts/chart/chart.ts'
import { effectiveValues } from '../../charts/chart/values.ts'
import type { VariantView } from '../../charts/relocate/view.ts'
import type { RenderedDocument } from '../../charts/render/documents.ts'
import type { Render } from '../../charts/render/render.ts'
import type { Addon, TemplatedLeaf } from '../../model/chart/addon.ts'
import { formatLeafPath } from '../../model/values/leaf-path.ts'
import { fillTemplates } from '../../model/values/templated-values.ts'
import {
  emptyTree,
  layerValues,
  nodeAt,
  type ValuesNode,
  type ValuesTree,
} from '../../model/values/values.ts'
import { interruptible } from '../../steps/interruptible.ts'
import { comparedWords } from './compared-words.ts'
import {
  type ContainerStandIn,
  containerStandIns,
  findContainers,
  leavesRead,
} from './containers.ts'
import { compareImages, type LeafEffect, probeText } from './effect.ts'

/** A templated leaf that decides what a cluster pulls. */
export interface UnknownLeaf {
  readonly addon: Addon
  readonly leaf: TemplatedLeaf
  readonly effect: LeafEffect
}

export interface ProbeOptions {
  readonly addon: Addon
  /** Values that the user set for the chart: a leaf in them is known. */
  readonly required: ValuesTree
  readonly chart: ChartFiles
  /** The add-on's render without its templates. */
  readonly view: VariantView
  readonly render: Render
  readonly signal: AbortSignal
}

/** Maximum renders per add-on; leaves not tested by then count as untested. */
const maximumRenders = 64
/** The same for values with containers, which are tried after all others. */
const maximumContainerRenders = 32

/**
 * Finds the templated leaves of an add-on that decide what is pulled: with other text in their place, the chart renders
 * other images. One render tests all of them together; bisection finds those that matter. A template that the chart may
 * read as containers is tried with these as well.
 */
export async function probeTemplates(options: ProbeOptions): Promise<UnknownLeaf[]> {
  const { addon, required, chart, view, render, signal } = options
  const { written, templated = [] } = addon
  if (written === undefined) return []
  const leaves = templated.filter(({ path }) => nodeAt(required, path) === undefined)
  const defaults = effectiveValues(chart, emptyTree())
  const [texts, containers] = [{ left: maximumRenders }, { left: maximumContainerRenders }]
  const attempt = async (
    some: readonly TemplatedLeaf[],
    stand: StandIn | ContainerStandIn,
    budget = texts,
    compare = (after: readonly RenderedDocument[]) =>
      compareImages(view.found.occurrences, after, signal),
  ): Promise<LeafEffect> => {
    if (budget.left === 0) return { kind: 'untested' }
    budget.left -= 1
    const keys = new Set(some.map(({ path }) => formatLeafPath(path)))
    const filled = fillTemplates(written, (path, text) =>
      keys.has(formatLeafPath(path)) ? stand(text, nodeAt(defaults, path)) : undefined,
    )
    const { settings } = view.variant
    const values = [layerValues(required, filled)]
    const rendered = await render({ ...settings, values, skipSchema: true })
    return rendered.ok ? await compare(rendered.value) : { kind: 'untested' }
  }
  const wordsFor = ({ path }: TemplatedLeaf) => interruptible(comparedWords(chart, path), signal)
  const bisect = async (
    some: readonly TemplatedLeaf[],
    effectOf: (some: readonly TemplatedLeaf[]) => Promise<LeafEffect>,
    probeSingle: (leaf: TemplatedLeaf) => Promise<UnknownLeaf[]>,
  ): Promise<UnknownLeaf[]> => {
    const [first] = some
    if (first === undefined) return []
    if (some.length === 1) return probeSingle(first)
    const effect = await effectOf(some)
    if (effect.kind === 'none') return []
    const middle = some.length >>> 1
    const found = [
      ...(await bisect(some.slice(0, middle), effectOf, probeSingle)),
      ...(await bisect(some.slice(middle), effectOf, probeSingle)),
    ]
    // Both halves together have an effect that neither has alone.
    if (found.length > 0 || effect.kind === 'untested') return found
    return some.map((leaf) => ({ addon, leaf, effect }))
  }
  const probeOne = async (leaf: TemplatedLeaf): Promise<UnknownLeaf[]> => {
    const words = (await wordsFor(leaf)).map(
      (word): StandIn =>
        () =>
          word,
    )
    let wasTested = false
    for (const stand of [byDefault, ...otherKinds]) {
      const effect = await attempt([leaf], stand)
      if (effect.kind === 'untested') continue
      if (effect.kind !== 'none') return [{ addon, leaf, effect }]
      wasTested = true
      break
    }
    for (const stand of words) {
      const effect = await attempt([leaf], stand)
      if (effect.kind === 'composes' || effect.kind === 'adds') return [{ addon, leaf, effect }]
    }
    return wasTested ? [] : [{ addon, leaf, effect: { kind: 'untested' } }]
  }
  const together = await bisect(leaves, (some) => attempt(some, byDefault), probeOne)
  const decided = new Set(together.map(({ leaf }) => leaf))
  // Words that a chart compares a leaf with are tried one leaf at a time, because probe text does not show their
  // effect.
  const chosen: UnknownLeaf[] = []
  for (const leaf of leaves.length > 1 ? leaves : []) {
    if (decided.has(leaf) || (await wordsFor(leaf)).length === 0) continue
    chosen.push(...(await probeOne(leaf)))
  }
  const known = new Set([...together, ...chosen].map(({ leaf }) => leaf))
  const unknown = leaves.filter((leaf) => !known.has(leaf))
  const open = await interruptible(leavesRead(chart, unknown), signal)
  const added: UnknownLeaf[] = []
  for (const stand of containerStandIns) {
    const found = new Set(added.map(({ leaf }) => leaf))
    const suited = open.filter((leaf) => {
      const text = nodeAt(written, leaf.path)
      const isText = typeof text === 'string'
      return isText && !found.has(leaf) && stand(text, nodeAt(defaults, leaf.path)) !== undefined
    })
    const effectOf = (some: readonly TemplatedLeaf[]) =>
      attempt(some, stand, containers, (after) => findContainers(after, signal))
    const probeSingle = async (leaf: TemplatedLeaf): Promise<UnknownLeaf[]> => {
      const effect = await effectOf([leaf])
      // A chart that does not render with a container takes none here.
      const isSettled = effect.kind === 'untested' && containers.left > 0
      return effect.kind === 'none' || isSettled ? [] : [{ addon, leaf, effect }]
    }
    added.push(...(await bisect(suited, effectOf, probeSingle)))
  }
  return [...together, ...chosen, ...added]
}

/** Returns the replacement for a template, from a text and the chart's default. */
type StandIn = (text: string, fallback: ValuesNode | undefined) => ValuesNode

const isWhole = (text: string) => text.trim().startsWith('{{') && text.trim().endsWith('}}')

/** Text, unless the chart's default has another type: then a different value of that type. */
const byDefault: StandIn = (text, fallback) => {
  if (isWhole(text)) {
    if (typeof fallback === 'boolean') return !fallback
    if (typeof fallback === 'number') return fallback + 1
    if (Array.isArray(fallback)) return [probeText]
  }
  return text.includes('}}') ? withoutTemplates(text) : probeText
}

function withoutTemplates(text: string): string {
  // A pattern would search for the end of a template from each start.
  const [before = '', ...parts] = text.split('{{')
  let filled = before
  let isOpen = false
  for (const part of parts) {
    const end = part.indexOf('}}')
    if (!isOpen) filled += probeText
    isOpen = end === -1
    if (!isOpen) filled += part.slice(end + 2)
  }
  return filled
}

/** Values of other types, for a chart that fails with text. */
const otherKinds: readonly StandIn[] = [() => probeText, () => [probeText], () => true, () => 9]
