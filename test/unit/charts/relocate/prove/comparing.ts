import { splitDocuments } from '../../../../../scripts/lib/charts/render/documents.ts'
import { findReferences } from '../../../../../scripts/lib/charts/find/find.ts'
import { compareRenders } from '../../../../../scripts/lib/charts/relocate/prove/prove.ts'
import {
  describeProofFault,
  faultsOf,
} from '../../../../../scripts/lib/charts/relocate/prove/faults.ts'
import { makeDocument } from '../../../support/charts.ts'

export const registry = 'r.example.com'
export const app = 'quay.io/a/app:1'
export const moved = `${registry}/a/app:1`

export const document = (fields: string, kind = 'Pod') =>
  makeDocument(`kind: ${kind}\nmetadata:\n  name: x\n${fields}`)
const config = (text: string) => document(`data: { c: ${JSON.stringify(text)} }`, 'ConfigMap')
export const inParts = (host: string, ...lines: readonly string[]) =>
  config(['image:', `  repository: ${host}/a/app`, '  tag: "1"', ...lines, ''].join('\n'))
export const pod = (...images: readonly string[]) =>
  document(`spec:\n  containers:\n${images.map((image) => `    - image: ${image}\n`).join('')}`)

/** Compares two renders; the override gives values under these keys. */
export function compare(
  before: string,
  after: string,
  given: readonly unknown[] = [],
  keys: readonly string[] = ['g', 'image', 'registry'],
  told: readonly string[] = [],
) {
  const baseline = splitDocuments(before)
  const { occurrences } = findReferences(baseline)
  const comparison = compareRenders(baseline, occurrences, splitDocuments(after), {
    expect: ({ class: sure, reference }, isForced = false) =>
      sure !== 'potential' || isForced ? reference.text.replace('quay.io', registry) : undefined,
    registry,
    given: { values: new Set(given), keys: new Set(keys) },
    told: new Set(told),
  })
  return {
    checked: comparison.checked,
    faults: faultsOf(comparison).map((fault) => describeProofFault(fault, { secrets: new Set() })),
    derived: comparison.derived.map(({ path }) => path),
  }
}

export const proven = (checked: number, derived: readonly string[] = []) => ({
  checked,
  faults: [],
  derived,
})
