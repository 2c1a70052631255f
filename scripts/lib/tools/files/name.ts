import { join } from 'node:path'
import { ProblemError } from '../../model/problem.ts'

/** Maximum bytes of a name: file systems allow 255, and suffixes such as `.tgz.sha256` are added. */
const longest = 200

/** Device names on Windows file systems, which WSL mounts, with any extension. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/** Returns the fault of an external name that should name a file; nothing for a valid one. */
export function faultOfFileName(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (/[/\\]/.test(name)) return 'it contains a path separator'
  // Control, format (bidirectional) and unassigned characters, and line separators.
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name)) return 'it contains a character that is not printable'
  if (/[<>:"|?*]/.test(name)) return 'it contains one of the characters < > : " | ? *'
  if (/^[.-]/.test(name)) return `it starts with "${name.charAt(0)}"`
  if (/[. ]$/.test(name)) return 'it ends with a dot or a space'
  if (devices.test(name)) return 'it is a reserved device name'
  return Buffer.byteLength(name) > longest ? `it is longer than ${longest} bytes` : undefined
}

/**
 * Joins a folder with external names, from a chart, a manifest, a registry or an export. The result is inside the
 * folder. Throws `ProblemError` for a name that could point elsewhere or that cannot name a file.
 */
export function joinNames(folder: string, ...names: readonly string[]): string {
  for (const name of names) {
    const fault = faultOfFileName(name)
    if (fault === undefined) continue
    throw new ProblemError({
      kind: 'invalid-input',
      side: 'input',
      message: `"${name}" is not a valid file name: ${fault}`,
      next: 'fix the name where it is defined: in the chart, the manifest or the settings',
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
    next: 'do not use this chart; report it to its publisher',
  })
}
