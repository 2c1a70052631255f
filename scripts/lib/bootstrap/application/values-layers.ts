import { join } from 'node:path'
import { type HelmFile, writeHelmFile } from '../../charts/render/helm-file.ts'
import { layerValues, type ValuesTree } from '../../model/values/values.ts'

/** The values that helm gets on top of the chart's own, in increasing precedence. */
export interface ValuesLayers {
  /** The chart's own for EKS. */
  readonly eks: ValuesTree
  /** Default images. */
  readonly images: ValuesTree
  readonly user: ValuesTree
  /** The values that point everything to the private registry. */
  readonly override: ValuesTree | undefined
  /** Values that depend on this run. */
  readonly runtime: ValuesTree
}

export interface WrittenValues {
  readonly file: HelmFile
  /** The file's content. */
  readonly values: ValuesTree
}

/**
 * Merges the layers and writes them to one file: helm reads exactly what was proven and does not merge layers itself.
 */
export async function writeValues(
  folder: string,
  { eks, images, user, override, runtime }: ValuesLayers,
): Promise<WrittenValues> {
  const layers = [eks, images, user, ...(override === undefined ? [] : [override]), runtime]
  const values = layers.reduce(layerValues)
  return { file: await writeHelmFile(join(folder, 'values.json'), values), values }
}
