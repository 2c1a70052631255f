import type { ValuesTree } from '../../model/values/values.ts'
import type { Problem, Result } from '../../model/problem.ts'
import type { RenderedDocument } from './documents.ts'

/** How a consumer renders a chart. */
export interface RenderSettings {
  readonly kubeVersion: string
  readonly apiVersions: readonly string[]
  readonly release: string
  readonly namespace: string
  /** As an upgrade of a release that is there; hooks and jobs of some charts render only then. */
  readonly isUpgrade?: boolean
}

export interface RenderRequest extends RenderSettings {
  /** Values files in order, the strongest last. */
  readonly values: readonly ValuesTree[]
  /** Without it a render fails when a schema refers to anything outside itself. */
  readonly skipSchema: boolean
  /** Render again although the same was rendered before: to see what a chart makes anew each time. */
  readonly isFresh?: boolean
  /**
   * Have helm read every document once more. One that it reads otherwise than the kit has no content in the result: a
   * proof cannot be made on it.
   */
  readonly isReadByHelm?: boolean
}

/** True when it is a chart's values.schema.json that stands in the way, not its templates or values. */
export function isAboutSchema({ kind }: Problem): boolean {
  return kind === 'invalid-schema' || kind === 'unsafe-address'
}

/** Renders one chart. The failure says what helm said, and which value it asks for. */
export type Render = (request: RenderRequest) => Promise<Result<readonly RenderedDocument[]>>
