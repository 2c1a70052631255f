import { expect, test } from 'vitest'
import { findReferences } from '../../../../../scripts/lib/charts/find/find.ts'
import { findPublicHosts } from '../../../../../scripts/lib/charts/relocate/questions/public-hosts.ts'
import { splitDocuments } from '../../../../../scripts/lib/charts/render/documents.ts'
import { finish } from '../../../../../scripts/lib/steps/steps.ts'
import { makeDocument } from '../../../support/charts.ts'

const target = '123456789012.dkr.ecr.us-east-2.amazonaws.com'

function hostsIn(body: string): string[] {
  const documents = splitDocuments(makeDocument(body))
  const { occurrences } = findReferences(documents)
  const isTarget = (host: string) => host === target
  return finish(findPublicHosts('default', documents, occurrences, isTarget)).flatMap((question) =>
    question.kind === 'public-host' ? [`${question.host} @ ${question.path}`] : [],
  )
}

test.each<readonly [string, string, readonly string[]]>([
  [
    'a setting',
    'kind: ConfigMap\ndata: { defaultRegistry: docker.io }',
    ['docker.io @ data.defaultRegistry'],
  ],
  [
    'a variable',
    'kind: Pod\nspec: { containers: [{ env: [{ name: R, value: registry.example.com }] }] }',
    ['registry.example.com @ spec.containers[0].env[0].value'],
  ],
  ['a URL', 'kind: Foo\nspec: { source: https://quay.io/plugins }', ['quay.io @ spec.source']],
  [
    'a setting in capitals',
    'kind: ConfigMap\ndata: { registry: QUAY.IO }',
    ['QUAY.IO @ data.registry'],
  ],
  [
    'a host once in each text',
    'kind: Foo\nspec: { a: quay.io quay.io, b: quay.io }',
    ['quay.io @ spec.a', 'quay.io @ spec.b'],
  ],
  ['the target', `kind: Foo\nspec: { registry: ${target} }`, []],
  ['a path in the target', `kind: Foo\nspec: { base: ${target}/mirrored/quay.io/a }`, []],
  ['a known reference', 'kind: Pod\nspec: { containers: [{ image: quay.io/a/b:1 }] }', []],
  [
    'a host whose name says that it has images',
    'kind: Foo\nspec: { registry: images.example.com }',
    ['images.example.com @ spec.registry'],
  ],
  ['a variable of a template', 'kind: ConfigMap\ndata: { x: "{{ $container.Name }}" }', []],
  [
    'the names of measures',
    'kind: ConfigMap\ndata: { x: container.cpu.usage container.runtime container.network.io container.image.id }',
    [],
  ],
  [
    'the key of an annotation',
    'kind: Foo\nspec: { message: container.apparmor.security.beta.kubernetes.io/app }',
    [],
  ],
  ['another host', 'kind: Foo\nspec: { source: https://example.com/plugins }', []],
  ['an example', 'kind: ConfigMap\ndata: { _example: docker.io }', []],
  ['a comment in a text', 'kind: ConfigMap\ndata:\n  x: |\n    # docker.io\n    a: b', []],
  [
    'a description of a resource definition',
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: x }\nspec: { description: docker.io }',
    [],
  ],
])('sees %s', (_, body, expected) => {
  expect(hostsIn(body)).toEqual(expected)
})

test('a long line of hosts is read once', { timeout: 30_000 }, () => {
  const line = 'quay.io '.repeat(400_000)
  expect(hostsIn(`kind: ConfigMap\ndata: { x: "${line}" }`)).toEqual(['quay.io @ data.x'])
})
