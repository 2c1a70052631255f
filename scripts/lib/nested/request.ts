import type { LocalChart } from '../charts/fetch/acquire.ts'
import type { Delivery } from '../charts/find/delivery/delivery.ts'
import type { DeliveredInstall } from '../charts/find/delivery/named.ts'
import type { OperatorKnowledge } from '../charts/relocate/operators/expect.ts'
import type { ChartRelocation } from '../charts/relocate/relocate.ts'
import type { Decide, Variant } from '../charts/relocate/view.ts'
import type { Renderer } from '../charts/render/renderer.ts'
import type { NestedChart, NestedSource, SkippedChart } from '../model/chart/nested.ts'
import type { LayoutName, Target } from '../model/image/layout.ts'

/** How nested charts are relocated: as the chart that contains them. */
export interface NestedRequest {
  readonly target: Target
  readonly layout: LayoutName
  readonly settings: Pick<Variant['settings'], 'kubeVersion' | 'apiVersions' | 'namespace'>
  readonly assumes: Required<Variant>['assumes']
  readonly decide: Decide
  readonly operators: OperatorKnowledge
}

/** A relocation together with its nested charts. */
export interface WithNested {
  /** Its values also reach the nested charts, as far as they are passed on; only what is left is an open question. */
  readonly relocation: ChartRelocation
  /** Every nested chart after the one that contains it. */
  readonly nested: readonly NestedChart[]
  readonly skipped: readonly SkippedChart[]
  readonly renders: number
}

/** An object that names a chart for a known controller. */
export type InstalledDelivery = Delivery & { readonly install: DeliveredInstall }

/** A nested chart with the charts within it. */
export interface RelocatedChart {
  readonly delivery: InstalledDelivery
  readonly source: NestedSource
  readonly local: LocalChart
  readonly renderer: Renderer
  readonly variant: Variant
  readonly below: Omit<WithNested, 'renders'>
}
