import { isAbsolute } from 'node:path'

/**
 * Returns the path of a file or folder for an argument. A relative one is a bug: tools run in their own folders, and
 * could read a relative path as `-`, a flag, a URL or a name.
 */
export function absolutePath(path: string): string {
  if (!isAbsolute(path)) throw new Error(`path argument "${path}" of a tool is not absolute`)
  return path
}
