import type { LeafPath } from '../../../model/values/leaf-path.ts'

/** Where an object keeps values for a chart. Later ones take precedence. */
export interface DeliveredValues {
  /**
   * `tree`: a mapping. `text`: YAML in a string. `parameters`: a list of names and values in helm's --set syntax. `set`: a
   * mapping of such names and values.
   */
  readonly form: 'tree' | 'text' | 'parameters' | 'set'
  readonly path: LeafPath
}

/** How a controller installs a chart. */
export interface DeliveredInstall {
  /** Undefined when the object does not give one. */
  readonly release: string | undefined
  readonly namespace: string | undefined
  readonly values: readonly DeliveredValues[]
  /** The field where values are added that the object does not have yet. */
  readonly addTo: LeafPath
  /** Fields by which further values come from outside the object: they are not in the render. */
  readonly elsewhere: readonly LeafPath[]
}

/** A chart or folder that an object names for a controller. Paths are relative to the object. */
export interface NamedChart {
  /** Empty for a source that only provides files for others. */
  readonly chart: string
  readonly version: string
  /** As it is rendered; it may contain a password from the caller's values. */
  readonly repository: string
  readonly path: LeafPath
  /** Missing if the controller is not known, if the object names no chart, or if it only describes a template. */
  readonly install?: DeliveredInstall | undefined
}
