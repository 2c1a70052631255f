import { expect, test } from 'vitest'
import { findReferences } from '../../../../scripts/lib/charts/find/find.ts'
import { findFollowers, unfollowed } from '../../../../scripts/lib/charts/relocate/followers.ts'
import { splitDocuments } from '../../../../scripts/lib/charts/render/documents.ts'
import { subjectOf } from '../../../../scripts/lib/model/chart/question-text.ts'
import { formatReference } from '../../../../scripts/lib/model/image/reference.ts'
import { makeDocument } from '../../support/charts.ts'

function followersOf(...bodies: readonly string[]): string[] {
  const { occurrences } = findReferences(
    splitDocuments(
      bodies.map((body, at) => makeDocument(body, `one/templates/${at}.yaml`)).join(''),
    ),
  )
  return [...findFollowers(occurrences)].map(({ reference }) => formatReference(reference))
}

const pod = (image: string) => `kind: Pod\nspec: { containers: [{ image: ${image} }] }`
const dump = (kind: string, text: string) => `kind: ${kind}\ndata: { values: '${text}' }`
const bare = '{"image":{"repository":"a/b","tag":"1.0"}}'

test.each<readonly [string, readonly string[], readonly string[]]>([
  [
    'an image whose registry is elsewhere',
    [pod('icr.io/a/b:1.0'), dump('ConfigMap', bare)],
    ['docker.io/a/b:1.0'],
  ],
  ['one that no pod has', [pod('icr.io/a/c:1.0'), dump('ConfigMap', bare)], []],
  ['one of another version', [pod('icr.io/a/b:2.0'), dump('ConfigMap', bare)], []],
  ['one of Docker Hub, which has to move itself', [pod('a/b:1.0'), dump('ConfigMap', bare)], []],
  [
    'one with a registry of its own',
    [
      pod('icr.io/a/b:1.0'),
      dump('ConfigMap', '{"image":{"registry":"docker.io","repository":"a/b","tag":"1.0"}}'),
    ],
    [],
  ],
  [
    'one in a field of an operator',
    [pod('icr.io/a/b:1.0'), 'kind: Foo\nspec: { image: { repository: a/b, tag: "1.0" } }'],
    [],
  ],
])('a dump of values with %s', (_, bodies, expected) => {
  expect(followersOf(...bodies)).toEqual(expected)
})

test.each<readonly [string, string, readonly string[]]>([
  ['stayed', bare, ['unmoved-repetition docker.io/a/b:1.0']],
  ['followed', '{"image":{"repository":"mirrored/icr.io/a/b","tag":"1.0"}}', []],
  ['is gone', '{}', []],
])('after an override, a question is open about a repetition that %s: %#', (_, text, expected) => {
  const render = (config: string) =>
    findReferences(
      splitDocuments(
        makeDocument(pod('icr.io/a/b:1.0'), 'one/templates/0.yaml') +
          makeDocument(dump('ConfigMap', config), 'one/templates/1.yaml'),
      ),
    ).occurrences
  const followers = findFollowers(render(bare))
  const questions = unfollowed({ variant: 'default', followers }, render(text))
  expect(questions.map((question) => `${question.kind} ${subjectOf(question)}`)).toEqual(expected)
})
