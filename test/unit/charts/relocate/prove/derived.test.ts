import { describe, expect, it } from 'vitest'
import { makeDocument } from '../../../support/charts.ts'
import { compare, document, proven, registry } from './comparing.ts'

const usedVariable = (value: string) =>
  `spec: { c: { env: [{ name: HASH, value: "${value}" }], args: ["x@sha256:$(HASH)"] } }`

const inBase64 = (data: object) => Buffer.from(JSON.stringify(data)).toString('base64')

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
      'an identity that is a hash of the settings around it',
      document(`data: { v: "a: 1\\nid: ${sum('a')}" }`, 'ConfigMap'),
      document(`data: { v: "a: 1\\nid: ${sum('b')}" }`, 'ConfigMap'),
      'data.v',
    ],
    [
      'a dump of what the caller has set, which was nothing',
      document('data: { v: "{}" }', 'ConfigMap'),
      document(`data: { v: '{"image":{"registry":"${registry}"}}' }`, 'ConfigMap'),
      'data.v',
    ],
    [
      'a dump in base64',
      document(`data: { v: ${inBase64({ a: 'quay', more: 'x'.repeat(30) })} }`, 'Secret'),
      document(`data: { v: ${inBase64({ a: registry, more: 'x'.repeat(30) })} }`, 'Secret'),
      'data.v',
    ],
    [
      'a short dump in base64',
      document(`data: { v: ${inBase64({ a: 'quay' })} }`, 'Secret'),
      document(`data: { v: ${inBase64({ a: registry })} }`, 'Secret'),
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
      'a hash of no name beside an identity',
      document(`data: { v: "commit: ${sum('a')}\\nid: ${sum('a')}" }`, 'ConfigMap'),
      document(`data: { v: "commit: ${sum('b')}\\nid: ${sum('b')}" }`, 'ConfigMap'),
    ],
    [
      'a list that becomes a mapping',
      document('data: { v: \'{"a":[]}\' }', 'ConfigMap'),
      document(`data: { v: '{"a":{"g":"${registry}"}}' }`, 'ConfigMap'),
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
      'a number in a field whose name has "sha" in it',
      document('spec: { sharedMemoryBytes: 67108864 }'),
      document('spec: { sharedMemoryBytes: 10000000 }'),
    ],
    [
      'a field that says which build is deployed',
      document(`spec: { sha: "${sum('a')}" }`),
      document(`spec: { sha: "${sum('b')}" }`),
    ],
    [
      'a digest in a variable',
      document(`spec: { c: { env: [{ name: A, value: "sha256:${sum('a')}" }] } }`),
      document(`spec: { c: { env: [{ name: A, value: "sha256:${sum('b')}" }] } }`),
    ],
    [
      'a name with a hash of which no resource bears the like',
      document(`spec: { serviceAccountName: "a-${sum('a')}" }`),
      document(`spec: { serviceAccountName: "a-${sum('b')}" }`),
    ],
    [
      'other quotes around a word',
      document('data:\n  v: "a: x\\ndo: \\"; x\\"\\n"\n', 'ConfigMap'),
      document(`data:\n  v: "a: ${registry}\\ndo: ; x\\n"\n`, 'ConfigMap'),
    ],
    [
      'an empty mapping beside a value of the override',
      document('data:\n  v: "a: x\\n"\n', 'ConfigMap'),
      document(`data:\n  v: "a: ${registry}\\nall: {}\\n"\n`, 'ConfigMap'),
    ],
    [
      'lines in another order',
      document('data:\n  v: "a: x\\nb: 1\\nc: 2\\n"\n', 'ConfigMap'),
      document(`data:\n  v: "a: ${registry}\\nc: 2\\nb: 1\\n"\n`, 'ConfigMap'),
    ],
    [
      'a hash of no name, in a text or in a variable',
      document(`data: { v: "git checkout ${'a'.repeat(40)}" }`, 'ConfigMap'),
      document(`data: { v: "git checkout ${'b'.repeat(40)}" }`, 'ConfigMap'),
    ],
    [
      'a hash in a variable that an argument uses',
      document(usedVariable(sum('a'))),
      document(usedVariable(sum('b'))),
    ],
    [
      'a line that opens a mapping and is a command to a shell',
      document('data:\n  v: "a: x\n"\n', 'ConfigMap'),
      document(`data:\n  v: "a: ${registry}\\n\\"$(reboot)\\":\\n"\n`, 'ConfigMap'),
    ],
    [
      'a line that opens a mapping of another name',
      document('data:\n  v: "a: x\n"\n', 'ConfigMap'),
      document(`data:\n  v: "a: ${registry}\nallowAnonymous:\n"\n`, 'ConfigMap'),
    ],
    [
      'a new line of a command',
      document('spec: { c: { command: [sh, -c, "a: x"] } }'),
      document(`spec: { c: { command: [sh, -c, "a: x\ng: ${registry}"] } }`),
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
