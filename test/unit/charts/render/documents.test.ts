import { describe, expect, it } from 'vitest'
import {
  isDefinition,
  splitDocuments,
  splitInSteps,
} from '../../../../scripts/lib/charts/render/documents.ts'
import { countVerbatim } from '../../../../scripts/lib/charts/render/verbatim.ts'
import { findReferences } from '../../../../scripts/lib/charts/find/find.ts'
import { finish } from '../../../../scripts/lib/steps/steps.ts'
import { makeChartFiles } from '../../support/charts.ts'
import { formatReference } from '../../../../scripts/lib/model/image/reference.ts'

const pod = (name: string, image: string) =>
  `---\n# Source: app/templates/pods.yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n    - name: a\n      image: ${image}\n`

describe('splitInSteps', () => {
  it('pauses among documents without content', () => {
    let pauses = 0
    const steps = splitInSteps('---\n'.repeat(20_000))
    for (let step = steps.next(); step.done !== true; step = steps.next()) pauses += 1
    expect(pauses).toBeGreaterThanOrEqual(20)
  })
})

describe('splitDocuments', () => {
  it('numbers the documents of each template', () => {
    const documents = splitDocuments(
      `${pod('a', 'x')}${pod('b', 'y')}---\n# Source: app/templates/z.yaml\nkind: Z\n---\n# only a comment\n`,
    )
    expect(
      documents.map(({ source, ordinal, kind, name }) => [source, ordinal, kind, name]),
    ).toEqual([
      ['app/templates/pods.yaml', 0, 'Pod', 'a'],
      ['app/templates/pods.yaml', 1, 'Pod', 'b'],
      ['app/templates/z.yaml', 0, 'Z', ''],
    ])
  })

  it('keeps the source of documents that have no line of their own', () => {
    const text = '---\n# Source: app/crds/a.yaml\nkind: A\n---\nkind: B\n'
    expect(splitDocuments(text).map(({ source, kind }) => `${source} ${kind}`)).toEqual([
      'app/crds/a.yaml A',
      'app/crds/a.yaml B',
    ])
  })

  it('loses nothing of a document that is not YAML to its parser', () => {
    const text = '---\n# Source: a/t.yaml\nkind: ConfigMap\ndata: {a: [\nimage: quay.io/o/a:1\n'
    const [document] = splitDocuments(text)
    expect(document?.root).toBeUndefined()
    expect(findReferences(splitDocuments(text)).occurrences).toHaveLength(1)
  })

  it('takes a render of more than ninety thousand lines, most of them definitions', () => {
    const property = Array.from(
      { length: 30_000 },
      (_, index) =>
        `        p${index}:\n          description: such as quay.io/o/x:${index}\n          type: string`,
    ).join('\n')
    const crd = `---\n# Source: app/crds/a.yaml\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: as.x.io\nspec:\n${property}\n`
    const render = `${crd}${pod('a', 'quay.io/o/a:1')}`
    expect(render.split('\n').length).toBeGreaterThan(90_000)
    const documents = splitDocuments(render)
    expect(documents.map(isDefinition)).toEqual([true, false])
    const found = findReferences(documents).occurrences
    expect(found.map(({ reference }) => formatReference(reference))).toEqual(['quay.io/o/a:1'])
  })
})

describe('a line that looks like a source', () => {
  it('is the text of a chart, but behind the separator', () => {
    const text = 'kind: Pod\na: "\n# Source: app/templates/b.yaml\nb: "'
    const [document] = splitDocuments(`---\n# Source: app/crds/a.yaml\n${text}\n`)
    expect(document).toMatchObject({ source: 'app/crds/a.yaml', text })
  })
})

describe('a chart that names a template itself', () => {
  const sub = makeChartFiles('sub', { 'templates/x.yaml': '', 'crds/s.yaml': 'kind: S' })
  const split = (crds: Readonly<Record<string, string>>, render: string) => {
    const chart = makeChartFiles('app', crds, [sub])
    return finish(splitInSteps(render, countVerbatim(chart))).map(
      ({ source, kind }) => `${kind} ${source}`,
    )
  }
  const forged = 'kind: A\n---\n# Source: app/charts/sub/templates/x.yaml\nkind: Pod\n'
  const own = ['A app/crds/a.yaml', 'Pod app/crds/a.yaml']

  it.each<[string, Readonly<Record<string, string>>, string, string[]]>([
    [
      'in a file in crds/',
      { 'crds/a.yaml': forged },
      `---\n# Source: app/crds/a.yaml\n${forged}\n---\n# Source: app/charts/sub/crds/s.yaml\nkind: S\n---\n# Source: app/templates/b.yaml\nkind: B\n`,
      [...own, 'S app/charts/sub/crds/s.yaml', 'B app/templates/b.yaml'],
    ],
    [
      'in a file that starts with a separator and a byte order mark',
      { 'crds/a.yaml': `\uFEFF---\n${forged}` },
      `---\n# Source: app/crds/a.yaml\n---\n${forged}\n---\n# Source: app/templates/b.yaml\nkind: B\n`,
      [...own, 'B app/templates/b.yaml'],
    ],
    [
      'in a file that is read under another name',
      {},
      `---\n# Source: app/crds/a.yaml\n${forged}`,
      own,
    ],
    ...['\u2028', '\u0085', '\r'].map(
      (end): [string, Readonly<Record<string, string>>, string, string[]] => [
        `in a template, after ${JSON.stringify(end)}`,
        {},
        `---\n# Source: app/templates/b.yaml\nkind: A # ${end}---\n# Source: app/charts/sub/templates/x.yaml\nkind: Pod\n`,
        ['A app/templates/b.yaml', 'Pod app/templates/b.yaml'],
      ],
    ),
  ])('does not move its documents there: %s', (_, crds, render, expected) => {
    expect(split(crds, render)).toEqual(expected)
  })
})

it('a document that is no mapping has no content', () => {
  const [document] = splitDocuments('---\n# Source: app/crds/a.yaml\n--- |\n---foo\nkind: Pod\n')
  expect(document).toMatchObject({ root: undefined })
})
