import { dirname } from 'node:path'
import type { Room } from './rooms.ts'
import type { SourceFile } from './source-files.ts'

/** A violation of the project's structure rules. */
export type Fault =
  | { readonly kind: 'no-room'; readonly file: string }
  | {
      readonly kind: 'forbidden-import' | 'behind-the-face'
      readonly file: string
      readonly imported: string
    }
  | { readonly kind: 'cycle'; readonly files: readonly string[] }
  | { readonly kind: 'crowded-folder'; readonly folder: string; readonly files: number }
  | { readonly kind: 'long-file'; readonly file: string; readonly lines: number }
  /** One name with two meanings. */
  | { readonly kind: 'same-name'; readonly name: string; readonly files: readonly string[] }

export interface Bounds {
  /** The maximum number of TypeScript files in one folder. */
  readonly files: number
  readonly lines: number
  /** Files without a length limit, because they are generated. */
  readonly exempt: readonly string[]
  /** A folder in which no two files export the same name. */
  readonly unique: string
}

/** Returns every violation in the structure of a project, in the order of its files. */
export function findFaults(
  files: readonly SourceFile[],
  rooms: readonly Room[],
  bounds: Bounds,
): Fault[] {
  return [
    ...files.flatMap((file) => importFaults(file, rooms)),
    ...findCycles(files),
    ...crowdedFolders(files, bounds),
    ...sharedNames(files, bounds),
    ...files
      .filter(({ path, lines }) => lines > bounds.lines && !bounds.exempt.includes(path))
      .map(({ path, lines }): Fault => ({ kind: 'long-file', file: path, lines })),
  ]
}

function roomOf(path: string, rooms: readonly Room[]): Room | undefined {
  return rooms
    .filter((room) => path === room.path || path.startsWith(`${room.path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)[0]
}

function importFaults({ path, imports }: SourceFile, rooms: readonly Room[]): Fault[] {
  const own = roomOf(path, rooms)
  if (own === undefined) return [{ kind: 'no-room', file: path }]
  const { mayImport } = own
  if (mayImport === '*') return []
  return imports.flatMap((imported): Fault[] => {
    const other = roomOf(imported, rooms)
    if (other === undefined || other === own) return []
    if (!mayImport.includes(other.path)) {
      return [{ kind: 'forbidden-import', file: path, imported }]
    }
    const { path: room, face } = other
    return face === '*' || face.includes(imported.slice(room.length + 1))
      ? []
      : [{ kind: 'behind-the-face', file: path, imported }]
  })
}

/** Returns groups of files that import each other in a cycle (strongly connected components, Tarjan's algorithm). */
function findCycles(files: readonly SourceFile[]): Fault[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const order = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()
  const cycles: Fault[] = []
  const visit = (path: string): number => {
    const rank = order.size
    order.set(path, rank)
    stack.push(path)
    onStack.add(path)
    let low = rank
    for (const imported of byPath.get(path)?.imports ?? []) {
      if (!byPath.has(imported)) continue
      if (!order.has(imported)) low = Math.min(low, visit(imported))
      else if (onStack.has(imported)) low = Math.min(low, order.get(imported) ?? low)
    }
    if (low === rank) {
      const members = stack.splice(stack.indexOf(path))
      for (const member of members) onStack.delete(member)
      const importsItself = byPath.get(path)?.imports.includes(path) ?? false
      if (members.length > 1 || importsItself) {
        cycles.push({ kind: 'cycle', files: members.toSorted() })
      }
    }
    return low
  }
  for (const { path } of files) if (!order.has(path)) visit(path)
  return cycles
}

function crowdedFolders(files: readonly SourceFile[], bounds: Bounds): Fault[] {
  const counts = new Map<string, number>()
  for (const { path } of files) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
  return [...counts]
    .filter(([, count]) => count > bounds.files)
    .map(([folder, count]) => ({ kind: 'crowded-folder', folder, files: count }))
}

function sharedNames(files: readonly SourceFile[], { unique }: Bounds): Fault[] {
  const places = new Map<string, string[]>()
  for (const { path, exports } of files.filter((file) => file.path.startsWith(`${unique}/`))) {
    for (const name of new Set(exports)) places.set(name, [...(places.get(name) ?? []), path])
  }
  return [...places]
    .filter(([, paths]) => paths.length > 1)
    .map(([name, paths]) => ({ kind: 'same-name', name, files: paths }))
}

/** Returns a violation as one line, with the fix. */
export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'no-room':
      return `${fault.file}: in no room; add its folder to test/structure/table.ts`
    case 'forbidden-import':
      return `${fault.file}: may not import ${fault.imported}; see test/structure/table.ts`
    case 'behind-the-face':
      return `${fault.file}: imports ${fault.imported}, which is not in the face of its room`
    case 'cycle':
      return `import cycle: ${fault.files.join(', ')}`
    case 'crowded-folder':
      return `${fault.folder}: ${fault.files} TypeScript files; move what belongs together into a folder`
    case 'same-name':
      return `"${fault.name}" is exported by ${fault.files.join(' and ')}; give each its own name`
    case 'long-file':
      return `${fault.file}: ${fault.lines} lines; split it by noun`
  }
}
