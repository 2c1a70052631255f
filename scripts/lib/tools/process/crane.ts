import type { Command } from './command.ts'

// All operands follow `--`, so that no name is read as a flag (crane 0.21.9 parses its arguments with cobra).

/** Returns `crane ls`, which lists every tag of a repository. */
export function listTagsCommand(crane: string, repository: string): Command {
  return { tool: crane, args: ['ls', '--omit-digest-tags', '--', repository] }
}

/** Returns `crane manifest`, which prints the manifest of an image or chart. */
export function manifestCommand(crane: string, reference: string): Command {
  return { tool: crane, args: ['manifest', '--', reference] }
}

/** Returns `crane config`, which prints the configuration of a single image, with its platform. */
export function configCommand(crane: string, reference: string): Command {
  return { tool: crane, args: ['config', '--', reference] }
}

/**
 * Returns `crane copy` of one reference: indexes with all children, and also layers marked as non-distributable,
 * without which an image could not be pulled inside an isolated network.
 */
export function copyCommand(crane: string, source: string, destination: string): Command {
  return {
    tool: crane,
    args: ['copy', '--allow-nondistributable-artifacts', '--', source, destination],
  }
}

/**
 * What a line of `crane copy` reports about one blob or manifest. `refused`: a blob was sent in full and the registry
 * did not accept it; `isLast` when the line is crane's final error, which repeats an earlier retry. `broken-off`: an
 * upload failed after an unknown number of bytes, and is repeated.
 */
export type CopyLine =
  | {
      readonly kind: 'pushed' | 'existing' | 'mounted' | 'existing-manifest'
      readonly digest: string
    }
  | { readonly kind: 'refused'; readonly digest: string; readonly isLast: boolean }
  | { readonly kind: 'broken-off' }

/**
 * Reads a line of crane's progress; nothing for lines that report no transfer. Source: the log lines of
 * go-containerregistry's `pkg/v1/remote` (write.go, pusher.go; v0.21.9), which leave `digest` readable in the URLs of
 * errors.
 */
export function readCopyLine(line: string): CopyLine | undefined {
  const [, word, blob] =
    /(?:^|\s)(pushed|existing|mounted) blob: (sha256:[0-9a-f]{64})/.exec(line) ?? []
  if (blob !== undefined && (word === 'pushed' || word === 'existing' || word === 'mounted')) {
    return { kind: word, digest: blob }
  }
  const manifest = /(?:^|\s)existing manifest: (?:\S+@)?(sha256:[0-9a-f]{64})/.exec(line)?.[1]
  if (manifest !== undefined) return { kind: 'existing-manifest', digest: manifest }
  const [, label, method = '', address = ''] =
    /(?:^|\s)(retrying|Error:) (\w+) "?(\S+)/.exec(line) ?? []
  if (!address.includes('/blobs/uploads/')) return undefined
  const isLast = label === 'Error:'
  if (method.toUpperCase() === 'PATCH') return isLast ? undefined : { kind: 'broken-off' }
  const refused = /[?&]digest=sha256(?:%3A|:)([0-9a-f]{64})/i.exec(address)?.[1]
  return refused === undefined
    ? undefined
    : { kind: 'refused', digest: `sha256:${refused.toLowerCase()}`, isLast }
}
