import { type Glob, matchGlob, parseGlob } from '../../model/text/glob.ts'

/** Returns whether helm ignores a path of a chart folder. */
export type IsIgnored = (path: string, isFolder: boolean) => boolean

interface Rule {
  readonly glob: Glob
  readonly isNegated: boolean
  readonly isForFolders: boolean
  /** The pattern has no slash, so it is matched against the last name of a path. */
  readonly isForNames: boolean
}

/** White space as Go trims it, without the byte order mark that JavaScript also removes (Go's `unicode.IsSpace`). */
const space = /^[\t-\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]$/

/** Returns a text without white space at its start and end. */
function trimAsGo(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && space.test(text.charAt(start))) start += 1
  while (end > start && space.test(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}

/** Public charts have some thirty rules; each of them is compared with every path. */
const maximumRules = 1_000
const maximumLength = 16 * 1024

/** helm adds this rule for every folder, after those of the chart. */
const defaultRule = 'templates/.?*'

/**
 * Reads a `.helmignore` as helm's package `ignore` does (helm 4.2): one Go `filepath.Match` pattern per line. `!` does
 * not re-include anything: it excludes everything that does not match its pattern. Throws an `Error` for a pattern that
 * helm rejects.
 */
export function readIgnore(text: string): IsIgnored {
  if (text.length > maximumLength) {
    throw new Error(`its .helmignore is longer than ${maximumLength} characters`)
  }
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  const rules = [...lines, defaultRule].flatMap(parseRule)
  if (rules.length > maximumRules) {
    throw new Error(`its .helmignore has more than ${maximumRules} rules`)
  }
  return (path, isFolder) => rules.some((rule) => leavesOut(rule, path, isFolder))
}

function parseRule(line: string): Rule[] {
  const text = trimAsGo(line)
  if (text === '' || text.startsWith('#')) return []
  if (text.includes('**'))
    throw new Error(`its .helmignore contains "${text}", but helm does not support "**"`)
  const positive = text.replace(/^!/, '')
  const pattern = positive.replace(/\/$/, '')
  const glob = parseGlob(pattern.replace(/^\//, ''))
  if (glob === undefined)
    throw new Error(`its .helmignore contains "${text}", which is not a valid pattern`)
  return [
    {
      glob,
      isNegated: positive !== text,
      isForFolders: pattern !== positive,
      isForNames: !pattern.includes('/'),
    },
  ]
}

function leavesOut(rule: Rule, path: string, isFolder: boolean): boolean {
  if (rule.isForFolders && !isFolder) return rule.isNegated
  const name = rule.isForNames ? path.slice(path.lastIndexOf('/') + 1) : path
  return matchGlob(rule.glob, name) !== rule.isNegated
}
