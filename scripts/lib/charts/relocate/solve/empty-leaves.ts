import { formatLeafPath, isNameable, type LeafPath } from '../../../model/values/leaf-path.ts'
import { isTree, nodeAt, type ValuesNode, type ValuesTree } from '../../../model/values/values.ts'
import type { Steps } from '../../../steps/steps.ts'
import { append } from '../../../model/collections.ts'
import type { ChartFiles } from '../../chart/chart.ts'
import { valuesScopes } from '../../chart/values.ts'
import { createPathSet } from './path-set.ts'

const imageLike = /image|registr(?!ation)|repositor|hub$/i
const neverImage =
  /pull|secret|polic|cred|auth|user|pass|tag$|digest|sha\d*$|enabled|port|(?<!registry)url$|verify|scan|size|name(?:space|override)|chart|command|args|version|cache|exclu|schema-?regist|(?<!image)ref$|(?:timeout|interval|period|delay|seconds|minutes|limit|threshold|percent|count|number)$/i
/**
 * A mapping whose leaves hold no image: the registry of credentials is the one that they are for, and the name of a
 * reference is that of another resource.
 */
const otherMapping = /pull-?secrets?$|credentials?$|(?<!image)ref$/i

/** Leaves that are examined without a break. */
const stride = 1_000

/** Names of siblings that templates often read next to an image's path, declared or not. */
const likelySiblings = ['registry'] as const

/**
 * Returns leaves without a value that may still decide where an image comes from: declared as empty, read by a template
 * but undeclared, or missing next to an image's repository. Those for all images (`global…`) are separate.
 */
export function* emptyLeaves(
  chart: ChartFiles,
  values: ValuesTree,
): Steps<{ readonly local: LeafPath[]; readonly global: LeafPath[] }> {
  const found = new Map<string, LeafPath>()
  const consider = (path: LeafPath) => {
    const value = nodeAt(values, path)
    const isEmpty = value === undefined || value === null || value === ''
    if (isEmpty && isLikely(path)) found.set(formatLeafPath(path), path)
  }
  const known: LeafPath[] = []
  for (const path of declaredEmpty(values)) {
    if (isNameable(path)) known.push(path)
    if (known.length % stride === 0) yield
  }
  append(known, (yield* readByTemplates(chart)).filter(isNameable))
  for (const [number, path] of known.entries()) {
    consider(path)
    if (number % stride === 0) yield
  }
  const all = [...found.values()]
  // A path with others below it is a map, not a leaf.
  const paths = createPathSet()
  for (const [number, path] of known.entries()) {
    paths.add(path)
    if (number % stride === 0) yield
  }
  const leaves = all.filter((path) => !paths.hasBelow(path))
  return { local: leaves.filter((path) => !isGlobal(path)), global: leaves.filter(isGlobal) }
}

function isGlobal(path: LeafPath): boolean {
  return /^global/i.test(String(path[0])) || path.length === 1
}

function isLikely(path: LeafPath): boolean {
  const last = String(path.at(-1))
  const parent = String(path.at(-2) ?? '')
  if (neverImage.test(last) || otherMapping.test(parent)) return false
  if (imageLike.test(last)) return true
  return /image/i.test(parent) && /^(?:override|name|full\w*|ref\w*|repo|path|prefix)$/i.test(last)
}

function* declaredEmpty(node: ValuesNode, path: LeafPath = []): Generator<LeafPath> {
  if (node === null || node === '') yield path
  if (!isTree(node)) return
  if (typeof node['repository'] === 'string') {
    for (const key of likelySiblings) if (!Object.hasOwn(node, key)) yield [...path, key]
  }
  for (const [key, child] of Object.entries(node)) yield* declaredEmpty(child, [...path, key])
}

/**
 * Returns every `.Values.a.b` in every template, including nil-safe `((.Values.a).b)`, under the key of its chart;
 * `global` is shared by all. A library reads the values of the chart that includes it.
 */
function* readByTemplates(chart: ChartFiles): Steps<LeafPath[]> {
  const paths = new Map<string, LeafPath>()
  const add = (path: LeafPath) => paths.set(path.join('\0'), path)
  for (const { chart: each, path: scope } of valuesScopes(chart)) {
    for (const [file, content] of each.files) {
      if (!file.startsWith('templates/')) continue
      yield
      // A chart may repeat one of them millions of times.
      const written = new Set<string>()
      const text = content.toString('utf8')
      for (const [, part = ''] of text.matchAll(/\.Values((?:\)*\.[A-Za-z_]\w*)+)/g)) {
        written.add(part)
      }
      yield
      for (const part of written) {
        const keys = part.replaceAll(')', '').slice(1).split('.')
        if (keys[0] === 'global') add(keys)
        else {
          add([...scope, ...keys])
          if (each.metadata.isLibrary) add([...scope.slice(0, -1), ...keys])
        }
      }
    }
  }
  return [...paths.values()]
}
