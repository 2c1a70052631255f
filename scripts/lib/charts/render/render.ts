import type { WholeNumber } from '../../tools/process/helm.ts'
import type { ValuesTree } from '../../model/values/values.ts'
import type { Problem, Result } from '../../model/problem.ts'
import type { RenderedDocument } from './documents.ts'

/** How a consumer renders a chart. */
export interface RenderSettings {
  readonly kubeVersion: string
  readonly apiVersions: readonly string[]
  readonly release: string
  readonly namespace: string
  /** Render as an upgrade of an existing release; some charts render hooks and jobs only then. */
  readonly isUpgrade?: boolean
  /** APIs that helm assumes, and this cluster does not serve. Rendered from a copy of the chart. */
  readonly hiddenApis?: readonly string[]
  /** Numbers that only `--set` passes to helm as whole ones. */
  readonly wholeNumbers?: readonly WholeNumber[]
}

export interface RenderRequest extends RenderSettings {
  /** Values files in order; later ones override earlier ones. */
  readonly values: readonly ValuesTree[]
  /** Without it, a render fails when a schema refers to anything outside itself. */
  readonly skipSchema: boolean
  /** Ignore the cache, to see what a chart generates on each render. */
  readonly isFresh?: boolean
  /**
   * Let helm read every document again. A document that it reads differently has no content in the result and cannot be
   * part of a proof.
   */
  readonly isReadByHelm?: boolean
  /** A program that changes what helm renders. Its content may change, so this needs `isFresh`. */
  readonly postRenderer?: PostRenderer
}

/** How helm finds a post-renderer. */
export interface PostRenderer {
  /** The value of its flag: the name of a plugin, or, for Helm 3, a path. */
  readonly name: string
  /** The folder with the plugin. */
  readonly plugins: string
}

/** True when a chart's values.schema.json is the problem, not its templates or values. */
export function isAboutSchema({ kind }: Problem): boolean {
  return kind === 'invalid-schema' || kind === 'unsafe-address'
}

/** Renders one chart. A failure has helm's message and the value that the chart requires. */
export type Render = (request: RenderRequest) => Promise<Result<readonly RenderedDocument[]>>
