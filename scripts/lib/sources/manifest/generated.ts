import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { ChartList } from '../../model/chart/chart-list.ts'
import type { Manifest } from '../../model/manifest/manifest.ts'
import type { Origin } from '../../model/origin.ts'
import { type Problem, ProblemError, sentenceOf, unwrap } from '../../model/problem.ts'
import { replaceFile } from '../../tools/files/files.ts'
import { refuseLinks } from '../../tools/files/links.ts'
import { chartsYamlSchema, parseChartsYaml } from '../charts-yaml.ts'
import { defaultManifestFile } from './file.ts'
import type { Operator } from '../../model/chart/operator.ts'
import { hashInput, renderManifestModule } from './module.ts'
import { parseManifest } from './parse.ts'
import { inlinePolicies } from '../repository-settings.ts'
import { readOptionalFile, readTextFile } from '../text-file.ts'

const folder = fileURLToPath(new URL('../../../../manifests/', import.meta.url))

/** The default chart list. */
export const defaultListFile = `${folder}charts.yaml`

/** A chart list with the text that it was read from. */
export interface ListSource {
  readonly file: string
  readonly text: string
  readonly list: ChartList
}

/** Returns a file's path for display, relative to the working folder. */
export function shownFile(file: string): string {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}

/** Reads a chart list. Throws `ProblemError` with every error in it. */
export async function readListFile(file: string): Promise<ListSource> {
  const next = 'specify a file with --list, or omit it to use manifests/charts.yaml'
  const name = `chart list "${shownFile(file)}"`
  return parseListFile(file, unwrap(await readTextFile(file, { name, next })))
}

/** Parses the text of a chart list, and reads the policies that it names. Throws `ProblemError`. */
export async function parseListFile(file: string, text: string): Promise<ListSource> {
  const { repositories, ...list } = unwrap(parseChartsYaml({ file: shownFile(file), text }))
  if (repositories === undefined) return { file, text, list }
  const settings = unwrap(await inlinePolicies(repositories, dirname(file)))
  return { file, text, list: { ...list, repositories: settings } }
}

/** A generated file with its expected text. */
export interface GeneratedFile {
  readonly file: string
  readonly text: string
}

/** The JSON schema of chart lists, for editors. It depends only on this code. */
export function schemaFile(): GeneratedFile {
  const schema = z.toJSONSchema(chartsYamlSchema, { io: 'input', unrepresentable: 'any' })
  return { file: `${folder}charts.schema.json`, text: `${JSON.stringify(schema, null, 2)}\n` }
}

/**
 * Returns the module of a manifest. Its keys are in the order in which they are read back, so that files can be
 * compared byte by byte. `source` is the file to edit, named in the header.
 */
export async function moduleFile(
  manifest: Manifest,
  source: string,
  file: string = defaultManifestFile,
): Promise<GeneratedFile> {
  const ordered = unwrap(parseManifest('manifest.json', JSON.stringify(manifest)))
  return { file, text: await renderManifestModule(ordered, source) }
}

/** Returns the generated files that differ from what would be written. */
export async function findStale(files: readonly GeneratedFile[]): Promise<GeneratedFile[]> {
  const found = await Promise.all(
    files.map(async (generated) =>
      (await readOptionalFile(generated.file)) === generated.text ? [] : [generated],
    ),
  )
  return found.flat()
}

/**
 * Reads the manifest on disk, which a change is compared with. A damaged one, for example after a merge, counts as
 * missing, and `note` receives the reason.
 */
export async function readPreviousManifest(
  file: string,
  note: (line: string) => void,
): Promise<Manifest | undefined> {
  const text = await readOptionalFile(file)
  if (text === undefined) return undefined
  const parsed = parseManifest(file, text)
  if (parsed.ok) return parsed.value
  note(
    `"${shownFile(file)}" is treated as missing, because it cannot be read: ${sentenceOf(parsed.problem)}`,
  )
  return undefined
}

/**
 * Checks that a manifest may be written to a file: an existing file must be a manifest module, even a damaged one.
 * Throws `ProblemError` for any other file, such as the chart list.
 */
export async function checkManifestPlace(file: string): Promise<void> {
  const text = await readOptionalFile(file)
  if (text === undefined || text.trim() === '' || text.includes('defineManifest(')) return
  throw new ProblemError({
    kind: 'invalid-input',
    side: 'input',
    message: `"${shownFile(file)}" was not replaced, because it is not a manifest module`,
    next: 'specify a file that ends in .ts with --manifest, or remove this one',
  })
}

/**
 * Writes generated files. A link in the place of one is refused: in a cloned repository, it would have other files
 * overwritten. Throws `ProblemError`.
 *
 * @param named the file that the user named, which may be a link of their own
 */
export async function writeGenerated(
  files: readonly GeneratedFile[],
  named?: string,
): Promise<void> {
  for (const { file } of files) if (file !== named) await refuseLinks(dirname(file), file)
  for (const { file, text } of files) await replaceFile(file, text)
}

function stale(file: string, why: string): Problem {
  return {
    kind: 'differs',
    side: 'local',
    message: `"${shownFile(file)}" ${why}`,
    next: 'run "npm run regenerate", review the diff and commit it',
  }
}

/**
 * Checks generated files without network and charts: the module matches its own data, it was generated from the current
 * chart list and with this knowledge of operators, and the schema is current. Returns the problems.
 */
export async function checkGenerated(
  { file: listFile, text, list }: ListSource,
  manifestFile: string,
  operators: readonly Operator[] = [],
): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const { file } of await findStale([schemaFile()])) {
    problems.push(stale(file, 'does not match what this version of ecr-airlift generates'))
  }
  const written = await readOptionalFile(manifestFile)
  if (written === undefined) return [...problems, stale(manifestFile, 'does not exist')]
  const manifest = unwrap(parseManifest(manifestFile, written))
  const again = await moduleFile(manifest, sourceName(listFile), manifestFile)
  if (again.text !== written) {
    problems.push(stale(manifestFile, 'was edited by hand: it does not match its own data'))
  }
  // Policies may be in separate files, which the hash of the list does not cover.
  const isSame = JSON.stringify(manifest.repositories) === JSON.stringify(list.repositories)
  if (manifest.input !== hashInput(text, operators) || !isSame) {
    problems.push(stale(manifestFile, `was not generated from the current ${shownFile(listFile)}`))
  }
  return problems
}

/** Returns where to edit a chart list, for advice. */
export function originOfList(listFile: string): Origin {
  const isDefault = listFile === defaultListFile
  return { kind: 'chart-list', file: isDefault ? 'manifests/charts.yaml' : shownFile(listFile) }
}

/** Returns the list's name for a module's header: the same on every machine. */
export function sourceName(listFile: string): string {
  return listFile === defaultListFile ? 'manifests/charts.yaml' : 'its chart list'
}
