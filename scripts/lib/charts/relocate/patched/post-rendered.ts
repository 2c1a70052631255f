import { join } from 'node:path'
import { append } from '../../../model/collections.ts'
import type { Target } from '../../../model/image/layout.ts'
import type { Problem } from '../../../model/problem.ts'
import { lineOf } from '../../../model/text/line.ts'
import type { ValuesTree } from '../../../model/values/values.ts'
import type { Session } from '../../../session/session.ts'
import { type LocalChart, rendererOf } from '../../fetch/acquire.ts'
import { searchReferences } from '../../find/find.ts'
import { postRendererFlag, writePostRenderer } from '../../patch/post-render.ts'
import type { Rewrite } from '../../patch/rewriter.ts'
import type { PostRenderer } from '../../render/render.ts'
import type { Overridden } from '../prove/stable.ts'
import { compareAgain, renderOverridden } from './again.ts'
import { joinedText } from '../prove/joined.ts'
import type { ChartRelocation } from '../relocate.ts'
import type { VariantView } from '../view.ts'

export interface PostRenderedOptions {
  readonly target: Target
  /** The override that is passed to helm together with the post-renderer. */
  readonly over: ValuesTree
  readonly rewrites: readonly Rewrite[]
}

/**
 * Proves a post-renderer: helm renders the chart with the override and with it, and every reference must be at its
 * destination. The baseline goes through a post-renderer that changes nothing, because helm writes again what it passes
 * to one (checked with 4.2.4). Returns the faults.
 */
export async function provePostRenderer(
  local: LocalChart,
  relocation: ChartRelocation,
  { target, over, rewrites }: PostRenderedOptions,
  session: Session,
): Promise<string[]> {
  const use = async (name: string, some: readonly Rewrite[]): Promise<PostRenderer> => {
    const plugins = join(session.folder, name)
    await writePostRenderer(plugins, some)
    return { plugins, name: postRendererFlag(plugins, session.helm.version) }
  }
  const idle = await use('plugins-before', [])
  const rewriting = await use('plugins-after', rewrites)
  const { render } = rendererOf(local, session)
  const faults: string[] = []
  for (const view of relocation.views) {
    const { variant, skipsSchema } = view
    const renderWith = (values: readonly ValuesTree[], postRenderer: PostRenderer) =>
      renderOverridden(render, {
        ...variant.settings,
        values,
        skipSchema: skipsSchema,
        isFresh: true,
        postRenderer,
      })
    const before = await renderWith([variant.values], idle)
    const after = before.ok ? await renderWith([variant.values, over], rewriting) : before
    if (!before.ok || !after.ok) {
      if (!after.ok) faults.push(failureOf(after.problem))
      continue
    }
    const passed = await passThrough(view, before.value, session.signal)
    const options = { target, over: [over], signal: session.signal }
    append(faults, passed.faults)
    append(faults, await compareAgain(passed.view, after.value, relocation, options))
  }
  return faults
}

function failureOf({ message }: Problem): string {
  return `helm fails with it: ${lineOf(message).slice(0, 400)}`
}

/** Returns a view of the documents as helm passes them on. */
async function passThrough(
  view: VariantView,
  { documents: baseline, renderAgain }: Overridden,
  signal: AbortSignal,
): Promise<{ readonly view: VariantView; readonly faults: readonly string[] }> {
  const found = await searchReferences(baseline, signal)
  const byKey = new Map(found.occurrences.map((occurrence) => [occurrence.key, occurrence]))
  const twins = (some: Iterable<VariantView['wanted'][number]>) =>
    [...some].flatMap(({ key }) => byKey.get(key) ?? [])
  const faults = view.wanted
    .filter(({ key }) => !byKey.has(key))
    .map((occurrence) => `"${joinedText(occurrence)}" is not in what helm passes to it`)
  const wanted = twins(view.wanted)
  const followers = new Set(twins(view.followers))
  return { view: { ...view, baseline, found, wanted, followers, renderAgain }, faults }
}
