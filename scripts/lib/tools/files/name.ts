import { join } from 'node:path'
import { ProblemError } from '../../model/problem.ts'

/** Bytes that a name may have: file systems take 255, and suffixes such as `.tgz.sha256` are added. */
const longest = 200

/** Names of devices on Windows file systems, which WSL mounts, with any ending. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/** Returns the fault of a name that comes from outside and is to name a file, or nothing for a good one. */
export function faultOfFileName(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (/[/\\]/.test(name)) return 'it has a path separator'
  // Control, format (bidirectional) and unassigned characters, and line separators.
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name)) return 'it has a character that is not printable'
  if (/[<>:"|?*]/.test(name)) return 'it has one of the characters < > : " | ? *'
  if (/^[.-]/.test(name)) return `it begins with "${name.charAt(0)}"`
  if (/[. ]$/.test(name)) return 'it ends with a dot or a space'
  if (devices.test(name)) return 'it is reserved for a device'
  return Buffer.byteLength(name) > longest ? `it has more than ${longest} bytes` : undefined
}

/**
 * Joins a folder with names that come from outside: from a chart, a manifest, a registry or an export. The result lies
 * in the folder. Throws `ProblemError` for a name that could point elsewhere, or that cannot name a file.
 */
export function joinNames(folder: string, ...names: readonly string[]): string {
  for (const name of names) {
    const fault = faultOfFileName(name)
    if (fault === undefined) continue
    throw new ProblemError({
      kind: 'invalid-input',
      side: 'input',
      message: `"${name}" cannot be the name of a file: ${fault}`,
      next: 'correct the name where it comes from: the chart, the manifest or the settings',
    })
  }
  return join(folder, ...names)
}

/**
 * Joins a folder with the path of a chart's file, such as `templates/.keep`. Throws `ProblemError` for a path that
 * leaves the folder.
 */
export function joinInside(folder: string, path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  const isInside = parts.length > 0 && !parts.includes('..') && !/[\\\0]/.test(path)
  if (isInside) return join(folder, ...parts)
  throw new ProblemError({
    kind: 'invalid-input',
    side: 'source',
    message: `the path "${path}" leaves the folder of its chart`,
    next: 'do not use this chart; ask its publisher',
  })
}
