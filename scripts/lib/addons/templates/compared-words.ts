import { walkCharts } from '../../charts/chart/files.ts'
import type { ChartFiles } from '../../charts/chart/chart.ts'
import type { LeafPath } from '../../model/values/leaf-path.ts'
import type { Steps } from '../../steps/steps.ts'

/** Characters of a template that are examined on either side of a leaf. */
const reach = 400
/** Maximum words that are tried for one leaf. */
const maximumWords = 12
/** Maximum mentions of one leaf that are examined: a chart can repeat it millions of times. */
const maximumMentions = 10_000

/**
 * Returns the words that a chart knows for a leaf: those that its schema allows, and those that its templates compare
 * it with. No other text reveals which image such a leaf selects.
 */
export function* comparedWords(chart: ChartFiles, path: LeafPath): Steps<readonly string[]> {
  const words = new Set(allowedWords(chart, path))
  if (path.every((key) => typeof key === 'string' && /^\w+$/.test(key))) {
    yield* addWords(words, chart, `.Values.${path.join('.')}`)
  }
  return [...words].slice(0, maximumWords)
}

function allowedWords(chart: ChartFiles, path: LeafPath): string[] {
  let node = readSchema(chart.files.get('values.schema.json'))
  for (const key of path) node = child(child(node, 'properties'), String(key))
  const list = child(node, 'enum')
  return Array.isArray(list) ? list.filter((word) => typeof word === 'string') : []
}

function readSchema(file: Buffer | undefined): unknown {
  try {
    return file === undefined ? undefined : JSON.parse(file.toString('utf8'))
  } catch {
    // helm reports this when it renders; here, such a template just has no words to offer.
    return undefined
  }
}

function child(node: unknown, key: string): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined
  return Reflect.get(node, key)
}

function* addWords(words: Set<string>, chart: ChartFiles, leaf: string): Steps<void> {
  let left = maximumMentions
  for (const { chart: each } of walkCharts(chart)) {
    for (const [name, content] of each.files) {
      if (!name.startsWith('templates/')) continue
      const text = content.toString('utf8')
      for (let at = text.indexOf(leaf); at !== -1; at = text.indexOf(leaf, at + 1)) {
        yield
        if (words.size >= maximumWords || left === 0) return
        left -= 1
        if (/[\w.]/.test(text[at + leaf.length] ?? '')) continue
        // The arguments of `eq` and `ne` may be on either side, within the same action.
        const before = text.slice(Math.max(0, at - reach), at)
        const after = text.slice(at, at + reach)
        const action = before.slice(before.lastIndexOf('{{') + 1) + (after.split('}}')[0] ?? '')
        if (!/\b(?:eq|ne|has|contains)\b/.test(action)) continue
        for (const [, word = ''] of action.matchAll(/"([^"\\\n]{1,64})"/g)) words.add(word)
      }
      yield
    }
  }
}
