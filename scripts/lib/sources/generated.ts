import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Manifest } from '../model/manifest.ts'
import { hasCode, unwrap } from '../model/problem.ts'
import { composeManifest } from '../model/relocation.ts'
import { chartsYamlSchema, parseChartsYaml } from './charts-yaml.ts'
import { hashInput, renderManifestModule } from './manifest-module.ts'
import { defaultManifestFile, parseManifest } from './manifest-file.ts'

const folder = fileURLToPath(new URL('../../../manifests/', import.meta.url))

/** The chart list of the kit. */
const chartsYamlFile = `${folder}charts.yaml`

/** A file that is made from another one, with the text that it should have. */
export interface GeneratedFile {
  readonly file: string
  readonly text: string
}

/**
 * Generates every file that follows from `charts.yaml`: the manifest module and the JSON schema for editors.
 * Throws `ProblemError` with every error of the chart list.
 */
export async function generateFiles(): Promise<{ manifest: Manifest; files: GeneratedFile[] }> {
  const text = await readFile(chartsYamlFile, 'utf8')
  const list = unwrap(parseChartsYaml({ file: 'manifests/charts.yaml', text }))
  const manifest = unwrap(composeManifest(list, hashInput(text)))
  const schema = z.toJSONSchema(chartsYamlSchema, { io: 'input' })
  return {
    manifest,
    files: [
      {
        file: defaultManifestFile,
        text: await renderManifestModule(manifest, 'manifests/charts.yaml'),
      },
      { file: `${folder}charts.schema.json`, text: `${JSON.stringify(schema, null, 2)}\n` },
    ],
  }
}

/** Reads a generated file; nothing when it does not exist yet. */
async function readGenerated(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** The generated files that are not what would be written. */
export async function findStale(files: readonly GeneratedFile[]): Promise<GeneratedFile[]> {
  const stale = await Promise.all(
    files.map(async (generated) =>
      (await readGenerated(generated.file)) === generated.text ? [] : [generated],
    ),
  )
  return stale.flat()
}

/** The manifest as it stands on disk, when it can be read: what a change is compared with. */
export async function readPreviousManifest(): Promise<Manifest | undefined> {
  const text = await readGenerated(defaultManifestFile)
  if (text === undefined) return undefined
  const parsed = parseManifest(defaultManifestFile, text)
  return parsed.ok ? parsed.value : undefined
}

export async function writeGenerated(files: readonly GeneratedFile[]): Promise<void> {
  for (const { file, text } of files) await writeFile(file, text)
}
