import { KubeError } from '../failure.ts'
import type { DraftObject } from './object.ts'

export type Selector = (object: DraftObject) => boolean

/** Both selectors of a list or a watch request. */
export function selectorOf(query: URLSearchParams): Selector {
  const tests = [
    ...splitTerms(query.get('labelSelector') ?? '').map(labelTest),
    ...splitTerms(query.get('fieldSelector') ?? '').map(fieldTest),
  ]
  return (object) => tests.every((test) => test(object))
}

/** Commas inside parentheses belong to a set: `a in (b,c),d`. */
function splitTerms(text: string): string[] {
  return text.split(/,(?![^(]*\))/).filter((term) => term.trim() !== '')
}

function labelTest(term: string): Selector {
  const set = /^\s*(\S+)\s+(in|notin)\s+\(([^)]*)\)\s*$/.exec(term)
  if (set) {
    const [, key = '', operator, list = ''] = set
    const values = list.split(',').map((value) => value.trim())
    return (object) => values.includes(labelOf(object, key) ?? '') === (operator === 'in')
  }
  const pair = /^\s*([^\s=!]+)\s*(==?|!=)\s*([^\s=!]*)\s*$/.exec(term)
  if (pair) {
    const [, key = '', operator, value] = pair
    return (object) => (labelOf(object, key) === value) === (operator !== '!=')
  }
  const presence = /^\s*(!?)\s*([^\s=!()]+)\s*$/.exec(term)
  if (!presence) throw new KubeError('BadRequest', `unable to parse requirement: ${term}`)
  const [, not, key = ''] = presence
  return (object) => (labelOf(object, key) === undefined) === (not === '!')
}

function labelOf({ metadata }: DraftObject, key: string): string | undefined {
  return metadata.labels?.[key]
}

/** Accepts any path; the real server only knows a few for each kind. */
function fieldTest(term: string): Selector {
  const pair = /^\s*([^\s=!]+?)\s*(==?|!=)\s*([^\s=]*)\s*$/.exec(term)
  if (!pair) throw new KubeError('BadRequest', `invalid field selector: ${term}`)
  const [, path = '', operator, value] = pair
  return (object) => (fieldOf(object, path.split('.')) === value) === (operator !== '!=')
}

function fieldOf(object: DraftObject, path: readonly string[]): string {
  let value: unknown = object
  for (const step of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
