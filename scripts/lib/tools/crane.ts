import type { Command } from './exec.ts'

/** `crane digest`: asks by HEAD, which Docker Hub does not count as a pull. */
export function digestCommand(crane: string, reference: string): Command {
  return { tool: crane, args: ['digest', reference] }
}

/** `crane ls`: every tag of a repository. */
export function listTagsCommand(crane: string, repository: string): Command {
  return { tool: crane, args: ['ls', '--omit-digest-tags', repository] }
}

/** `crane manifest`: the manifest's own bytes. A GET, which Docker Hub counts as a pull. */
export function manifestCommand(crane: string, reference: string): Command {
  return { tool: crane, args: ['manifest', reference] }
}

/**
 * `crane copy` of one reference, whole: indexes with all children, and layers marked as non-distributable too,
 * without which an image could not be pulled inside an isolated network.
 */
export function copyCommand(crane: string, source: string, destination: string): Command {
  return {
    tool: crane,
    args: ['copy', '--allow-nondistributable-artifacts', source, destination],
  }
}

/** Reads `pushed blob: sha256:…` from a line of crane's progress; nothing for other lines. */
export function pushedBlob(line: string): string | undefined {
  return /pushed blob: (sha256:[0-9a-f]{64})/.exec(line)?.[1]
}
