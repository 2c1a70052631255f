import { describe, expect, it } from 'vitest'
import { readArchive } from '../../../../scripts/lib/charts/chart/archive.ts'
import { parseMetadata } from '../../../../scripts/lib/charts/chart/metadata.ts'
import { splitDocuments } from '../../../../scripts/lib/charts/render/documents.ts'
import { findReferences } from '../../../../scripts/lib/charts/find/find.ts'
import { findInText } from '../../../../scripts/lib/charts/find/token.ts'
import { formatReference } from '../../../../scripts/lib/model/image/reference.ts'
import { archiveFile, packOf } from '../../support/archives.ts'

// What helm and a cluster read otherwise than it looks: whoever misses it proves something else than is installed.

const chart = (name: string) => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`

describe('an archive is refused', () => {
  it.each([
    ['with a second Chart.yaml behind a dot', 'app/./Chart.yaml'],
    ['with a second Chart.yaml behind a backslash', 'app/\\Chart.yaml'],
    ['with a schema of a subchart behind two slashes', 'app/charts//sub/values.schema.json'],
    ['with a schema behind a backslash', 'app\\values.schema.json'],
  ])('%s', async (_, path) => {
    const content = path.endsWith('.json') ? '{"$ref":"http://127.0.0.1/"}' : chart('other')
    const file = archiveFile(
      packOf([
        { path: 'app/Chart.yaml', content: chart('app') },
        { path, content },
      ]),
    )
    const read = await readArchive(file)
    expect(read.ok ? 'accepted' : read.problem.message).toContain(
      'has a path that "helm package" never writes',
    )
  })
})

describe('a Chart.yaml is refused', () => {
  it.each([
    [
      'whose version helm takes from another key',
      `${chart('app')}ver\u017Fion: 9.9.9\n`,
      'version',
    ],
    ['with a name in capitals', `${chart('app')}Name: other\n`, 'name'],
    [
      'with a repository that only helm sees',
      `${chart('app')}dependencies:\n  - { name: sub, version: 1.0.0, Repository: "file:///tmp" }\n`,
      'repository',
    ],
  ])('%s', (_, text, key) => {
    expect(() => parseMetadata(text, 'app')).toThrow(`which helm reads as "${key}"`)
  })
})

describe('a reference is found', () => {
  const hidden = 'quay.io/evil/hidden:1.0.0'
  const head = 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\n'
  const spec = `spec: { containers: [{ name: a, image: "${hidden}" }] }\n`
  const binary = Buffer.from(hidden).toString('base64')
  const key = Buffer.from('image').toString('base64')
  it.each([
    ['below dots that end no document', `${head}...\u00A0x: 1\n${spec}`],
    [
      'behind a carriage return in a comment',
      `${head}# <<\nspec:\n  containers:\n    - name: a\n      other: 1 # pinned\r      image: ${hidden}\n`,
    ],
    ['in base64', `${head}spec: { containers: [{ name: a, image: !!binary ${binary} }] }\n`],
    [
      'under a key in base64',
      `${head}spec: { containers: [{ name: a, ? !!binary ${key} : ${hidden} }] }\n`,
    ],
    ['on the line of the mark', `--- {kind: Pod, ${spec.trim()}}\n`],
  ])('%s', (_, render) => {
    const { occurrences } = findReferences(splitDocuments(render))
    expect(occurrences.map(({ reference }) => formatReference(reference))).toEqual([hidden])
  })
})

it('a key of a megabyte is no word about images, and is not looked at again for each item', () => {
  const items = Array.from({ length: 20_000 }, (_, index) => `- quay.io/a/b:${index}`).join('\n')
  expect(findInText(`${'k'.repeat(1_000_000)}:\n${items}`, 'x')).toHaveLength(20_000)
}, 60_000)
