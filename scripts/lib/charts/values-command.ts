import type { Context } from '../cli/main.ts'
import { unwrap } from '../model/problem.ts'
import { parseEcrRegistry, parsePrefix } from '../model/registry.ts'
import { loadManifest } from '../sources/manifest-file.ts'
import { renderOverride } from './override.ts'

export interface ValuesFlags {
  readonly manifest?: string
  readonly prefix: string
}

/** Prints the values override for a registry. Needs neither network nor tools. */
export async function runValues(
  registryText: string,
  flags: ValuesFlags,
  { stdout }: Context,
): Promise<void> {
  const registry = unwrap(parseEcrRegistry(registryText)).host
  const prefix = unwrap(parsePrefix(flags.prefix))
  const manifest = await loadManifest(flags.manifest)
  stdout(await renderOverride(manifest, { registry, prefix }))
}
