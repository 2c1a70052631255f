import { describe, expect, it } from 'vitest'
import { formatLeafPath } from '../../../../../scripts/lib/model/values/leaf-path.ts'
import { treeOf, type TreeLiteral } from '../../../../../scripts/lib/model/values/values.ts'
import { finish } from '../../../../../scripts/lib/steps/steps.ts'
import { findReferences } from '../../../../../scripts/lib/charts/find/find.ts'
import { chooseSlots, textOf } from '../../../../../scripts/lib/charts/relocate/solve/slots.ts'
import {
  type Supposed,
  supposeInSteps,
} from '../../../../../scripts/lib/charts/relocate/solve/supposed.ts'
import type { Taint } from '../../../../../scripts/lib/charts/relocate/solve/taint.ts'
import { splitDocuments } from '../../../../../scripts/lib/charts/render/documents.ts'

/** Supposes how an image of a pod is composed. */
function suppose(values: TreeLiteral, image: string, template = 'web/templates/a.yaml'): Supposed {
  const pod = `kind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: "${image}"}]}`
  const { occurrences } = findReferences(splitDocuments(`---\n# Source: ${template}\n${pod}\n`))
  const tree = treeOf(values)
  return finish(supposeInSteps(tree, chooseSlots(tree, [image]), occurrences))
}

/** `[leaf=text]` for a slot, between the text of a template. */
function spell(taint: Taint | undefined): string {
  const [pattern = []] = [...(taint?.patterns.values() ?? [])]
  return pattern
    .map((segment) => {
      if ('text' in segment) return segment.text
      const slot = taint?.slots[segment.slot]
      return slot === undefined ? '?' : `[${formatLeafPath(slot.path)}=${textOf(slot)}]`
    })
    .join('')
}

const image = 'quay.io/example/app:1.2'

describe('supposeInSteps', () => {
  it.each<readonly [string, TreeLiteral, string, Partial<Record<keyof Supposed, string>>]>([
    [
      'takes a leaf in another case for the name',
      { repository: 'Quay.io/Example/App' },
      image,
      { whole: '[repository=Quay.io/Example/App]:1.2' },
    ],
    [
      'keeps what a name has behind the leaf',
      { repository: 'quay.io/example/app' },
      'quay.io/example/app-ubi:1.2',
      { whole: '[repository=quay.io/example/app]-ubi:1.2' },
    ],
    [
      'takes the beginning of a leaf that goes on',
      { repository: 'quay.io/example/app-debug' },
      image,
      { whole: '[repository=quay.io/example/app]:1.2' },
    ],
    [
      'takes a leaf without registry for the whole name, or for its path behind a registry leaf',
      { repository: 'example/app', registry: 'quay.io' },
      image,
      {
        spelled: '[registry=quay.io]/[repository=example/app]:1.2',
        whole: '[repository=example/app]:1.2',
      },
    ],
    [
      'takes a registry leaf before a path that the template has',
      { registry: 'quay.io' },
      image,
      { spelled: '[registry=quay.io]/example/app:1.2' },
    ],
    [
      'leaves out scheme, blanks and tag of a leaf',
      { image: '  https://quay.io/example/app:9 ' },
      image,
      { whole: '[image=quay.io/example/app]:1.2' },
    ],
    [
      'takes the leaf that is most alike',
      { a: 'example/app', b: 'quay.io/example/app' },
      image,
      { whole: '[b=quay.io/example/app]:1.2' },
    ],
    ['supposes nothing of a literal image', { repository: 'quay.io/example/web' }, image, {}],
    ['supposes nothing of a part of a word', { repository: 'quay.io/example/ap' }, image, {}],
    ['supposes nothing of a template', { repository: '{{ .r }}/example/app' }, image, {}],
    ['supposes nothing of a word', { name: 'app', host: 'app' }, image, {}],
  ])('%s', (_, values, text, expected) => {
    const { spelled, whole } = suppose(values, text)
    expect({ spelled: spell(spelled), whole: spell(whole) }).toEqual({
      spelled: '',
      whole: '',
      ...expected,
    })
  })

  it("prefers a leaf of the template's chart", () => {
    const values = { image: 'Example/App', sub: { image: 'Example/App' } }
    const { whole } = suppose(values, image, 'web/charts/sub/templates/a.yaml')
    expect(spell(whole)).toBe('[sub.image=Example/App]:1.2')
  })
})
