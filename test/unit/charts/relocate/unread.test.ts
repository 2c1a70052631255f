import { describe, expect, it } from 'vitest'
import { splitDocuments } from '../../../../scripts/lib/charts/render/documents.ts'
import { findReferences } from '../../../../scripts/lib/charts/find/find.ts'
import {
  compareRenders,
  unstablePlaces,
} from '../../../../scripts/lib/charts/relocate/prove/prove.ts'
import {
  describeProofFault,
  faultsOf,
} from '../../../../scripts/lib/charts/relocate/prove/faults.ts'
import { makeDocument } from '../../support/charts.ts'

const app = 'quay.io/a/app:1'
const moved = 'r.example.com/a/app:1'

const pod = (fields: string) => makeDocument(`kind: Pod\nmetadata:\n  name: x\n${fields}`)
const good = (image: string) => pod(`spec: { containers: [{ image: "${image}" }] }`)
/** Escapes in a text that cannot be read hide an image from a search, not from a more patient parser. */
const unread = (image: string) =>
  pod(`a: *nowhere\nspec:\n  image: ${image}\n  b: "quay.\\x69o/h:1"`)
const definition = makeDocument(
  'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x\nspec: {}',
)

function faults(before: string, after: string): string[] {
  const baseline = splitDocuments(before)
  const { occurrences } = findReferences(baseline)
  const comparison = compareRenders(baseline, occurrences, splitDocuments(after), {
    expect: ({ reference }) => reference.text.replace('quay.io', 'r.example.com'),
    registry: 'r.example.com',
    given: { values: new Set(), keys: new Set() },
  })
  return faultsOf(comparison).map((fault) => describeProofFault(fault, { secrets: new Set() }))
}

describe('A document that is not YAML is a fault of the proof', () => {
  it.each([
    ['when its references have moved', unread(app), unread(moved)],
    ['when it has none', pod('a: *nowhere'), pod('a: *nowhere')],
    ['when it was YAML before', good(app), unread(moved)],
    ['when it becomes YAML', unread(app), good(moved)],
    ['when it is gone', unread(app), ''],
  ])('%s', (_, before, after) => {
    expect(
      faults(before, after).filter((fault) => fault.includes('is not valid YAML')),
    ).toHaveLength(1)
  })

  it('with its kind where the text shows it', () => {
    const text = makeDocument('kind: Pod\nx: *y')
    expect(faults(text, text)).toEqual([
      'Pod/ is not valid YAML, or helm reads it differently, so its images are not known',
    ])
  })

  it('once for each document', () => {
    const two = pod('a: *nowhere') + pod('b: *nowhere')
    expect(faults(two, two)).toHaveLength(2)
  })

  it('and is no place that changes from render to render, which would excuse it', () => {
    const [first, second] = [pod('a: *nowhere'), pod('a: *nowhere')].map(splitDocuments)
    expect([...unstablePlaces(first ?? [], second ?? [])]).toEqual([])
  })

  it.each([
    ['a definition of resources, which is never parsed', definition, definition],
    ['a document that is YAML', good(app), good(moved)],
  ])('%s is none', (_, before, after) => {
    expect(faults(before, after)).toEqual([])
  })
})
