import type { Command } from './exec.ts'

// What is not a flag stands behind `--`, so that no name can be one (crane 0.21.9 reads its arguments with cobra).

/** `crane ls`: every tag of a repository. */
export function listTagsCommand(crane: string, repository: string): Command {
  return { tool: crane, args: ['ls', '--omit-digest-tags', '--', repository] }
}

/** `crane config`: the configuration of a single image, which names its platform. */
export function configCommand(crane: string, reference: string): Command {
  return { tool: crane, args: ['config', '--', reference] }
}

/**
 * `crane copy` of one reference, whole: indexes with all children, and layers marked as non-distributable too,
 * without which an image could not be pulled inside an isolated network.
 */
export function copyCommand(crane: string, source: string, destination: string): Command {
  return {
    tool: crane,
    args: ['copy', '--allow-nondistributable-artifacts', '--', source, destination],
  }
}

/** Reads `pushed blob: sha256:…` from a line of crane's progress; nothing for other lines. */
export function pushedBlob(line: string): string | undefined {
  return /pushed blob: (sha256:[0-9a-f]{64})/.exec(line)?.[1]
}
