import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { parseAllDocuments } from 'yaml'
import { helm } from '../tools.ts'
import type { World } from '../world.ts'

export interface PulledFile {
  readonly file: string
  readonly sha256: string
}

/** Pulls one chart with helm alone: `from` is `oci://…/<name>`, or the address of a repository with its chart. */
export async function pullWithHelm(
  world: World,
  from: { readonly oci: string } | { readonly repository: string; readonly name: string },
  version: string,
): Promise<PulledFile> {
  const folder = await world.folderOf(`pulled-${Math.random().toString(36).slice(2)}`)
  const source = 'oci' in from ? [from.oci] : [from.name, '--repo', from.repository]
  const pulled = await world.tool(helm, 'pull', ...source, '--version', version, '-d', folder)
  if (!pulled.ok) throw new Error(pulled.stderr)
  const name = ('oci' in from ? from.oci.split('/').at(-1) : from.name) ?? ''
  const file = join(folder, `${name}-${version}.tgz`)
  const bytes = await readFile(file)
  return { file, sha256: createHash('sha256').update(bytes).digest('hex') }
}

// A host with a dot, a path, and a tag or digest. Short names are found by their field.
const fullReference =
  /(?:[a-z0-9-]+\.)+[a-z]{2,}(?:\/[a-z0-9._-]+)+(?::[A-Za-z0-9_][\w.-]*|@sha256:[0-9a-f]{64})/g

/** Returns every image that a rendered chart refers to: in fields of that name, and inside any other text. */
export function imagesIn(rendered: string): string[] {
  const found = new Set<string>()
  const visit = (node: unknown, key: string) => {
    if (typeof node === 'string') {
      if (key === 'image') found.add(node)
      for (const [reference] of node.matchAll(fullReference)) found.add(reference)
    } else if (typeof node === 'object' && node !== null) {
      for (const [name, child] of Object.entries(node)) visit(child, name)
    }
  }
  for (const document of parseAllDocuments(rendered)) visit(document.toJS(), '')
  return [...found].toSorted()
}
