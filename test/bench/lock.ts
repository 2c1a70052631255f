import type { Errand } from './movers.ts'

/**
 * Puts a lock beside the manifest of a run with mounting, so that the kit knows every layer beforehand. Says whether
 * there is one now: without it, layers are learned while they are copied.
 */
export async function prepareLock(_errand: Errand): Promise<boolean> {
  return false
}
