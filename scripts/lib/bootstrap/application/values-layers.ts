import { join } from 'node:path'
import { type HelmFile, writeHelmFile } from '../../charts/render/helm-file.ts'
import { layerValues, type ValuesTree } from '../../model/values/values.ts'

/** What helm is given over the chart's own values, the strongest last. */
export interface ValuesLayers {
  /** The chart's own for EKS. */
  readonly eks: ValuesTree
  /** Images that the user need not name. */
  readonly images: ValuesTree
  readonly user: ValuesTree
  /** What points everything to the private registry. */
  readonly override: ValuesTree | undefined
  /** What only this run knows. */
  readonly runtime: ValuesTree
}

export interface WrittenValues {
  readonly file: HelmFile
  /** What the file holds. */
  readonly values: ValuesTree
}

/**
 * Lays the values over each other and writes them into one file: helm reads what was proven, and no second reader has a
 * say in how layers are merged.
 */
export async function writeValues(
  folder: string,
  { eks, images, user, override, runtime }: ValuesLayers,
): Promise<WrittenValues> {
  const layers = [eks, images, user, ...(override === undefined ? [] : [override]), runtime]
  const values = layers.reduce(layerValues)
  return { file: await writeHelmFile(join(folder, 'values.json'), values), values }
}
