import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parseSync } from 'oxc-parser'

/** A TypeScript file, by its path from the project's root. */
export interface SourceFile {
  readonly path: string
  readonly lines: number
  /** The project's files that it imports or exports from, including types and dynamic imports. */
  readonly imports: readonly string[]
  /** Names that it declares and exports. */
  readonly exports: readonly string[]
}

/** Reads every TypeScript file below the given folders, and the given files, of a project. */
export function readSourceFiles(root: string, places: readonly string[]): SourceFile[] {
  return places
    .flatMap((place) => listFiles(root, place))
    .map((path) => readSourceFile(path, readFileSync(join(root, path), 'utf8')))
}

function listFiles(root: string, place: string): string[] {
  if (place.endsWith('.ts')) return [place]
  const entries = readdirSync(join(root, place), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => posix.join(entry.parentPath, entry.name).slice(root.length + 1))
    .toSorted()
}

/** Reads the imports of one file. Throws an `Error` with the parser's message for a file that is not TypeScript. */
export function readSourceFile(path: string, text: string): SourceFile {
  const { module, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`)
  const requests = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) =>
      text.slice(moduleRequest.start + 1, moduleRequest.end - 1),
    ),
  ]
  const own = requests.filter((request) => request.startsWith('.'))
  return {
    path,
    lines: text.split('\n').length - 1,
    exports: module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, exportName }) =>
        moduleRequest === null && exportName.name !== null ? [exportName.name] : [],
      ),
    ),
    imports: [...new Set(own.map((request) => posix.join(posix.dirname(path), request)))],
  }
}
