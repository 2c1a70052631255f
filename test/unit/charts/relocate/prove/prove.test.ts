import { describe, expect, it } from 'vitest'
import { splitDocuments } from '../../../../../scripts/lib/charts/render/documents.ts'
import { findReferences } from '../../../../../scripts/lib/charts/find/find.ts'
import {
  compareRenders,
  unstablePlaces,
} from '../../../../../scripts/lib/charts/relocate/prove/prove.ts'
import { describeFault, faultsOf } from '../../../../../scripts/lib/charts/relocate/prove/faults.ts'
import { makeDocument } from '../../../support/charts.ts'

const registry = 'r.example.com'
const app = 'quay.io/a/app:1'
const moved = `${registry}/a/app:1`

const document = (fields: string, kind = 'Pod') =>
  makeDocument(`kind: ${kind}\nmetadata:\n  name: x\n${fields}`)
const config = (text: string) => document(`data: { c: ${JSON.stringify(text)} }`, 'ConfigMap')
const inParts = (host: string, ...lines: readonly string[]) =>
  config(['image:', `  repository: ${host}/a/app`, '  tag: "1"', ...lines, ''].join('\n'))
const pod = (...images: readonly string[]) =>
  document(`spec:\n  containers:\n${images.map((image) => `    - image: ${image}\n`).join('')}`)

function compare(before: string, after: string, given: readonly unknown[] = []) {
  const baseline = splitDocuments(before)
  const { occurrences } = findReferences(baseline)
  const comparison = compareRenders(baseline, occurrences, splitDocuments(after), {
    expect: ({ class: sure, reference }, isForced = false) =>
      sure !== 'potential' || isForced ? reference.text.replace('quay.io', registry) : undefined,
    registry,
    given: new Set(given),
  })
  return {
    checked: comparison.checked,
    faults: faultsOf(comparison).map((fault) => describeFault(fault)),
    derived: comparison.derived.map(({ path }) => path),
  }
}

const proven = (checked: number, derived: readonly string[] = []) => ({
  checked,
  faults: [],
  derived,
})

describe('compareRenders proves', () => {
  it.each([
    ['a reference in a field', pod(app), pod(moved), 1],
    [
      'two in one text',
      document(`spec: { c: { args: ["${app} ${app}"] } }`),
      document(`spec: { c: { args: ["${moved} ${moved}"] } }`),
      2,
    ],
    [
      'one in parts',
      document('spec: { image: { repository: quay.io/a/app, tag: "1" } }', 'X'),
      document(`spec: { image: { repository: ${registry}/a/app, tag: "1" } }`, 'X'),
      1,
    ],
    [
      'one in parts of one text',
      inParts('quay.io', 'tls: true'),
      inParts(registry, 'tls: true'),
      1,
    ],
    ['what stays as it was', document('a: 1'), document('a: 1'), 0],
    ['an undecided one that stays', document('a: a/app:1.0'), document('a: a/app:1.0'), 0],
  ])('%s', (_, before, after, checked) => {
    expect(compare(before, after)).toEqual(proven(checked))
  })
})

describe('compareRenders finds fault with', () => {
  it.each([
    [
      'a reference that stays',
      pod(app),
      pod(app),
      `Pod/x spec.containers[0].image is "${app}", not "${moved}"`,
    ],
    [
      'a reference at another place',
      pod(app),
      pod(`${registry}/b:1`),
      `is "${registry}/b:1", not "${moved}"`,
    ],
    ['another tag', pod(app), pod(`${registry}/a/app:2`), `not "${moved}"`],
    ['a reference that is gone', pod(app), document(''), 'spec.containers[0].image is gone, not'],
    [
      'a document that is gone',
      pod(app) + document('a: 1', 'Service'),
      pod(moved),
      'Service/x  changes from "Service" to "the document is gone"',
    ],
    [
      'a document that is new',
      pod(app),
      pod(moved) + document('a: 1', 'Service'),
      'Service/x  changes from "" to "a new Service"',
    ],
    [
      'another change',
      document('a: 1'),
      document('a: 2'),
      'Pod/x a changes from "1" to "2", which is no reference',
    ],
    [
      'a key that is new',
      document('a: 1'),
      document('a: 1\nb: 2'),
      'Pod/x b changes from "nothing" to "2"',
    ],
    [
      'a key that is gone',
      document('a: 1\nb: 2'),
      document('a: 1'),
      'Pod/x b changes from "2" to "nothing"',
    ],
    [
      'a type that changes',
      document('a: 1'),
      document('a: "1"'),
      'Pod/x a changes from "1" to "1"',
    ],
    [
      'text beside a reference',
      document(`spec: { c: { args: ["${app} -v"] } }`),
      document(`spec: { c: { args: ["${moved} -w"] } }`),
      'changes from',
    ],
    [
      'text beside a reference in parts',
      inParts('quay.io', 'run: /bin/app'),
      inParts(registry, 'run: "curl x.io | sh"'),
      'ConfigMap/x data.c changes from',
    ],
    [
      'a field beside a reference in parts',
      document('spec: { image: { repository: quay.io/a/app, tag: "1" }, c: 1 }', 'X'),
      document(`spec: { image: { repository: ${registry}/a/app, tag: "1" }, c: 2 }`, 'X'),
      'spec.c changes from "1" to "2"',
    ],
    [
      'nothing that becomes everything',
      document('spec: { namespaceSelector: null }', 'NetworkPolicy'),
      document('spec: { namespaceSelector: {} }', 'NetworkPolicy'),
      'spec.namespaceSelector changes from "null" to "{}"',
    ],
    [
      'a number that a double does not hold',
      document('spec: { runAsUser: 9007199254740993 }'),
      document('spec: { runAsUser: 9007199254740992 }'),
      '(long numbers) changes from "9007199254740993" to "9007199254740992"',
    ],
    [
      'an empty mapping where nothing was',
      document('spec: { ports: [1] }', 'NetworkPolicy'),
      document('spec: { ports: [1], from: {} }', 'NetworkPolicy'),
      'spec.from changes from "nothing" to "{}"',
    ],
    [
      'a name that is a value of the override',
      document('spec: { serviceName: a }'),
      document('spec: { serviceName: b }'),
      'spec.serviceName changes',
    ],
  ])('%s', (_, before, after, fault) => {
    const { faults } = compare(before, after, ['b'])
    expect(faults.join('\n')).toContain(fault)
    expect(faults).toHaveLength(1)
  })

  it('a public reference that is new, and with its place', () => {
    const { faults } = compare(pod(app), pod(moved, 'quay.io/a/new:1'))
    const place = 'Pod/x spec.containers[1].image'
    expect(faults).toEqual([
      `${place} is "quay.io/a/new:1", which is new`,
      `${place} changes from "nothing" to "quay.io/a/new:1", which is no reference`,
    ])
  })

  it('a public reference in the place of one that is not wanted', () => {
    const { faults } = compare(
      inParts('quay.io', 'rules: x.io/rules:1.0'),
      inParts(registry, 'sidecarImage: x.io/b:1'),
    )
    expect(faults).toEqual([
      'ConfigMap/x data.c is "x.io/b:1", which is new',
      expect.stringContaining('ConfigMap/x data.c changes from'),
    ])
  })

  it('a private reference that is new', () => {
    const { faults } = compare(pod(app), pod(moved, moved))
    expect(faults).toEqual([
      `Pod/x spec.containers[1].image changes from "nothing" to "${moved}", which is no reference`,
    ])
  })
})

describe('compareRenders lists as derived', () => {
  const sum = (digit: string) => digit.repeat(64)
  const annotated = (key: string, value: string) =>
    makeDocument(`kind: Pod\nmetadata: { name: x, annotations: { ${key}: "${value}" } }`)
  it.each([
    [
      'a checksum',
      annotated('checksum/config', sum('a')),
      annotated('checksum/config', sum('b')),
      'metadata.annotations.checksum/config',
    ],
    [
      'a short checksum where its key says so',
      annotated('config-hash', 'deadbeef'),
      annotated('config-hash', 'cafebabe'),
      'metadata.annotations.config-hash',
    ],
    [
      'a checksum within a name',
      makeDocument(`kind: ConfigMap\nmetadata: { name: "c-${sum('a')}" }`),
      makeDocument(`kind: ConfigMap\nmetadata: { name: "c-${sum('b')}" }`),
      'metadata.name',
    ],
    [
      'a value of the override in a ConfigMap',
      document('data: { r: quay }', 'ConfigMap'),
      document(`data: { r: ${registry} }`, 'ConfigMap'),
      'data.r',
    ],
    [
      'a dump of values in a ConfigMap',
      document(`data:\n  v: |\n    a: {x: quay, y: 1}\n`, 'ConfigMap'),
      document(`data:\n  v: |\n    a: {x: ${registry}, y: 1}\n`, 'ConfigMap'),
      'data.v',
    ],
    [
      'a new value in a dump',
      document(`data:\n  v: |\n    y: 1\n`, 'ConfigMap'),
      document(`data:\n  v: |\n    y: 1\n    g: ${registry}\n`, 'ConfigMap'),
      'data.v',
    ],
    [
      'a dump in base64',
      document(
        `data: { v: ${Buffer.from(JSON.stringify({ a: 'quay', more: 'x'.repeat(30) })).toString('base64')} }`,
        'Secret',
      ),
      document(
        `data: { v: ${Buffer.from(JSON.stringify({ a: registry, more: 'x'.repeat(30) })).toString('base64')} }`,
        'Secret',
      ),
      'data.v',
    ],
  ])('%s', (_, before, after, path) => {
    expect(compare(before, after, [registry])).toEqual(proven(0, [path]))
  })

  it.each([
    [
      'what stands behind the end of a dump',
      document('data:\n  v: "a: 1\\n...\\nrun one"\n', 'ConfigMap'),
      document(`data:\n  v: "a: ${registry}\\n...\\nrun two"\n`, 'ConfigMap'),
    ],
    [
      'a comment beside a value of the override',
      document('data:\n  v: "#!/bin/one\\na: 1\\n"\n', 'ConfigMap'),
      document(`data:\n  v: "#!/bin/two\\na: ${registry}\\n"\n`, 'ConfigMap'),
    ],
    [
      'a key that is said twice',
      document('data:\n  v: |\n    b: 1\n    a: 1\n    a: 1\n', 'ConfigMap'),
      document(`data:\n  v: |\n    b: ${registry}\n    a: 2\n    a: 1\n`, 'ConfigMap'),
    ],
    [
      'the digest of what an argument names',
      document(`spec: { c: { args: ["--from=oci://x.io/a@sha256:${sum('a')}"] } }`),
      document(`spec: { c: { args: ["--from=oci://x.io/a@sha256:${sum('b')}"] } }`),
    ],
    [
      'the digest of what a text names',
      document(`data: { v: "from: x.io/a@sha256:${sum('a')}" }`, 'ConfigMap'),
      document(`data: { v: "from: x.io/a@sha256:${sum('b')}" }`, 'ConfigMap'),
    ],
    [
      'a commit in an argument',
      document(`spec: { c: { args: [clone, ${'a'.repeat(40)}] } }`),
      document(`spec: { c: { args: [clone, ${'b'.repeat(40)}] } }`),
    ],
    [
      'a dump in which something else changes',
      document('data:\n  v: |\n    a: 1\n    b: 1\n', 'ConfigMap'),
      document(`data:\n  v: |\n    a: ${registry}\n    b: 2\n`, 'ConfigMap'),
    ],
    [
      'a dump from which something is gone',
      document('data:\n  v: |\n    a: 1\n    b: 1\n', 'ConfigMap'),
      document(`data:\n  v: |\n    a: ${registry}\n`, 'ConfigMap'),
    ],
    [
      'words that are no checksum',
      annotated('checksum/config', 'one'),
      annotated('checksum/config', 'two'),
    ],
    [
      'a value of the override in a name',
      document('spec: { host: quay }'),
      document(`spec: { host: ${registry} }`),
    ],
  ])('but not %s', (_, before, after) => {
    const { faults, derived } = compare(before, after, [registry])
    expect(derived).toEqual([])
    expect(faults).toHaveLength(1)
  })
})

describe('unstablePlaces', () => {
  it('are those that differ between two renders of the same', () => {
    const first = splitDocuments(document('a: 1\nb: one', 'Secret') + document('c: 1'))
    const second = splitDocuments(document('a: 1\nb: two', 'Secret') + document('c: 1'))
    expect([...unstablePlaces(first, second)]).toEqual(['one/templates/a.yaml#0:b'])
    expect(unstablePlaces(first, first).size).toBe(0)
  })
})
