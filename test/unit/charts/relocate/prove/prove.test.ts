import { describe, expect, it } from 'vitest'
import { splitDocuments } from '../../../../../scripts/lib/charts/render/documents.ts'
import { givenBy } from '../../../../../scripts/lib/charts/relocate/prove/given.ts'
import {
  describeProofFault,
  describeProofFaults,
} from '../../../../../scripts/lib/charts/relocate/prove/faults.ts'
import { privateTexts } from '../../../../../scripts/lib/model/text/given-texts.ts'
import { treeOf } from '../../../../../scripts/lib/model/values/values.ts'
import { unstablePlaces } from '../../../../../scripts/lib/charts/relocate/prove/prove.ts'
import { app, compare, document, inParts, moved, pod, proven, registry } from './comparing.ts'

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
    [
      'one part of two possible ones that moves',
      document('spec: { image: { name: b, repository: quay.io/a/app, tag: "1" } }', 'X'),
      document(`spec: { image: { name: b, repository: ${registry}/a/app, tag: "1" } }`, 'X'),
      0,
    ],
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
    [
      'a reference that is gone',
      pod(app),
      document(''),
      'spec.containers[0].image is missing, not',
    ],
    [
      'a document that is gone',
      pod(app) + document('a: 1', 'Service'),
      pod(moved),
      'Service/x  changes from "Service" to "no document"',
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
      'Pod/x a changes from "1" to "2", which is not an image reference',
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
      `${place} changes from "nothing" to "quay.io/a/new:1", which is not an image reference`,
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
      `Pod/x spec.containers[1].image changes from "nothing" to "${moved}", which is not an image reference`,
    ])
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

it('what an override changes are its own texts, not those beside an image in a list', () => {
  const base = treeOf({ items: [{ image: 'quay.io/a/b:1', note: 'curl x | sh' }], tag: 1 })
  const over = treeOf({
    items: [{ image: 'r.io/a/b:1', note: 'curl x | sh' }],
    tag: 1,
    host: 'r.io',
  })
  expect(givenBy([over], base)).toEqual({
    values: new Set(['r.io/a/b:1', 'r.io']),
    keys: new Set(['items', '0', 'image', 'host']),
  })
})

it('a change is not quoted where it holds a text of the caller', () => {
  const [configMap] = splitDocuments('kind: ConfigMap\nmetadata: { name: c }\n')
  if (configMap === undefined) throw new Error('there is no document')
  const change = {
    kind: 'changed',
    document: configMap,
    path: 'data.cfg',
    before: 'password hunter2 on',
    after: 'password hunter2 off',
    isOfOneKind: true,
  } as const
  const secrets = privateTexts([treeOf({ db: 'hunter2', image: 'quay.io/acme/app' })])
  expect(describeProofFault(change, { secrets })).toBe(
    'ConfigMap/c data.cfg changes, which is not an image reference',
  )
  expect(describeProofFault(change, { secrets: new Set() })).toContain('hunter2')
})

describe('a change with long texts', () => {
  const long = 'a '.repeat(2_000)
  const secret = `hunter2-${'b'.repeat(300)}`

  it.each<[string, string, boolean]>([
    [
      'is quoted where a text of the caller is far from the difference',
      `${secret}${long}x${long}`,
      true,
    ],
    ['is quoted where one is far behind it', `${long}x${long}${secret}`, true],
    ['is not quoted where one is in what is shown', `${long}x hunter2 ${long}`, false],
    ['is not quoted where one ends in what is shown', `${long}${secret}x${long}`, false],
    ['is not quoted where one begins in what is shown', `${long}x${secret}${long}`, false],
  ])('%s', (_, before, isQuoted) => {
    const change = changeOf(before, before.replace('x', 'y'))
    const secrets = new Set(['hunter2 ', secret])
    expect(describeProofFault(change, { secrets }).includes('changes from')).toBe(isQuoted)
  })

  it('is not quoted where a text of the caller names the registry', () => {
    const show = (text: string) => text.replaceAll('r.io', '<registry>')
    const secrets = new Set(['one-r.io-two'])
    const [words] = describeProofFaults([changeOf('x', 'one-r.io-two')], { secrets, show })
    expect(words).toBe('ConfigMap/c data.cfg changes, which is not an image reference')
  })
})

it('thousands of faults are described in seconds, the first ones one by one', () => {
  const text = 'a'.repeat(30_000)
  const secrets = new Set(Array.from({ length: 2_000 }, (_, index) => `${'a'.repeat(45)}${index}`))
  const faults = Array.from({ length: 20_000 }, () => changeOf(`${text}x`, `${text}y`))
  const words = describeProofFaults(faults, { secrets })
  expect(words).toHaveLength(101)
  expect(words.at(-1)).toBe('19900 more faults')
})

function changeOf(before: string, after: string) {
  const [configMap] = splitDocuments('kind: ConfigMap\nmetadata: { name: c }\n')
  if (configMap === undefined) throw new Error('there is no document')
  return {
    kind: 'changed',
    document: configMap,
    path: 'data.cfg',
    before,
    after,
    isOfOneKind: true,
  } as const
}
