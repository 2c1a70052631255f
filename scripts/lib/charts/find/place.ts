import { createHash } from 'node:crypto'
import type { LeafPath } from '../../model/values/leaf-path.ts'

/** Longer names are replaced by their hash, because thousands of references may share one path. */
const maximumName = 512

/** Creates a function that formats each path once: references in one text share its path. */
export function createPathNamer(format: (path: LeafPath) => string): (path: LeafPath) => string {
  const names = new Map<LeafPath, string>()
  return (path) => {
    const known = names.get(path)
    if (known !== undefined) return known
    const whole = format(path)
    const isLong = whole.length > maximumName
    const name = isLong ? createHash('sha256').update(whole).digest('hex') : whole
    names.set(path, name)
    return name
  }
}

/** Keys in which charts show settings that no program reads. */
const example = /^_example$|\.example$/

/** True for a place in an example, which is documentation. */
export function isExample(path: LeafPath): boolean {
  return path.some((step) => typeof step === 'string' && example.test(step))
}
