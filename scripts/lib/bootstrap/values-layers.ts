import { join, resolve } from 'node:path'
import { block } from '../charts/override.ts'
import { unwrap } from '../model/problem.ts'
import { layerValues, type ValuesTree } from '../model/values.ts'
import { readValuesText } from '../sources/values-file.ts'
import { replaceFile } from '../tools/files.ts'
import type { EksValues } from './given-values.ts'

/** What helm is given over the chart's own values, the strongest last. */
export interface ValuesLayers {
  /** The chart's own for EKS, as they are written. */
  readonly eks: EksValues
  /** Images that the user need not name. */
  readonly images: ValuesTree
  readonly userFiles: readonly string[]
  readonly userValues: ValuesTree
  /** What leads everything to the private registry, as text. */
  readonly override: string | undefined
  /** What only this run knows. */
  readonly runtime: ValuesTree
}

export interface WrittenValues {
  /** Absolute, the strongest last. */
  readonly valuesFiles: readonly string[]
  /** What they come to. */
  readonly values: ValuesTree
}

/** Writes the layers into a folder, each as a file that its owner alone can read; the user's own stay where they are. */
export async function writeValues(
  folder: string,
  { eks, images, userFiles, userValues, override, runtime }: ValuesLayers,
): Promise<WrittenValues> {
  const write = async (name: string, content: string) => {
    const file = join(folder, name)
    await replaceFile(file, content, 0o600)
    return file
  }
  const over = override === undefined ? {} : unwrap(readValuesText('private-ecr.yaml', override))
  return {
    valuesFiles: [
      await write('eks.yaml', eks.text),
      await write('images.yaml', `${block(images)}\n`),
      ...userFiles.map((file) => resolve(file)),
      ...(override === undefined ? [] : [await write('private-ecr.yaml', override)]),
      await write('run.yaml', `${block(runtime)}\n`),
    ],
    values: [eks.values, images, userValues, over, runtime].reduce(layerValues),
  }
}
