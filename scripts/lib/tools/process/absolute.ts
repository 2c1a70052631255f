import { isAbsolute } from 'node:path'

/**
 * Returns the path of a file or folder for an argument. A relative one is a fault of this kit: tools run in folders of
 * their own, and where a path could be meant they also read `-`, flags, addresses and names.
 */
export function absolutePath(path: string): string {
  if (!isAbsolute(path)) throw new Error(`a tool was to be given "${path}", which is not absolute`)
  return path
}
