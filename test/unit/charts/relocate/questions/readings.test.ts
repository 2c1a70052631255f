import { expect, it } from 'vitest'
import { formatReference } from '../../../../../scripts/lib/model/image/reference.ts'
import { findReferences } from '../../../../../scripts/lib/charts/find/find.ts'
import { alternativesIn } from '../../../../../scripts/lib/charts/relocate/questions/readings.ts'
import type { VariantView } from '../../../../../scripts/lib/charts/relocate/view.ts'
import { splitDocuments } from '../../../../../scripts/lib/charts/render/documents.ts'
import { makeDocument } from '../../../support/charts.ts'

/** The groups of a custom resource with this content; decided texts are not open. */
function alternatives(spec: string, decided: readonly string[] = []): string[][] {
  const found = findReferences(
    splitDocuments(makeDocument(`kind: Config\nmetadata: { name: a }\nspec: ${spec}`)),
  )
  const undecided = found.occurrences.filter(
    (one) => one.class === 'potential' && !decided.includes(formatReference(one.reference)),
  )
  const view = { found, undecided } as unknown as VariantView
  return alternativesIn([view]).map((group) => group.map(formatReference).toSorted())
}

const image = (name: string) => `{ repository: quay.io/a/b, name: ${name}, tag: "1" }`
const ofC = ['quay.io/a/b/c:1', 'quay.io/a/b:1']

it.each<readonly [string, string, readonly string[], readonly (readonly string[])[]]>([
  ['both of a path with a name', `{ image: ${image('c')} }`, [], [ofC]],
  [
    'those of each map',
    `{ one: { image: ${image('c')} }, two: { image: ${image('d')} } }`,
    [],
    [ofC, ['quay.io/a/b/d:1', 'quay.io/a/b:1']],
  ],
  [
    'those of equal maps once',
    `{ one: { image: ${image('c')} }, two: { image: ${image('c')} } }`,
    [],
    [ofC],
  ],
  ['none that are decided', `{ image: ${image('c')} }`, ['quay.io/a/b:1'], []],
  ['none of an image with one reading', '{ image: { repository: quay.io/a/b, tag: "1" } }', [], []],
  ['none of other text that may be an image', '{ note: "a/b:1 and a/c:1" }', [], []],
])('the alternatives in a render are %s', (_, spec, decided, expected) => {
  expect(alternatives(spec, decided)).toEqual(expected)
})
