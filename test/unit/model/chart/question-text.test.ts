import { describe, expect, test } from 'vitest'
import type { OpenQuestion } from '../../../../scripts/lib/model/chart/question.ts'
import { describeQuestion, subjectOf } from '../../../../scripts/lib/model/chart/question-text.ts'
import { describeState, stateOf } from '../../../../scripts/lib/model/chart/verdict.ts'

const site = { variant: 'default', document: 'Pod/a', path: 'spec.x', template: 'c/t.yaml' }
const nested = { kind: 'nested-chart', chart: 'a', version: '1.0.0', ...site } as const
const ofOperator = {
  kind: 'operator-image',
  operator: 'op',
  reference: 'quay.io/a/b:1',
  others: 0,
  when: 'always',
  leaves: ['x.y'],
  values: ['quay.io'],
  field: 'Node spec.image',
} as const
const pulls = {
  kind: 'operator-pulls',
  operator: 'op',
  version: '1.0.0',
  pulls: 'nodes',
  decidedBy: 'the field',
  systems: [],
  source: 'https://example.com/op',
} as const
const escape = '\u001B'

describe('a question is a sentence with what settles it', () => {
  test.each<readonly [OpenQuestion, string, RegExp]>([
    [
      { kind: 'latent', leaf: 'image', ...site },
      'image',
      /^"image" is empty and .* set it to that image$/,
    ],
    [
      { ...nested, repository: 'https://example.com' },
      'a',
      /"relocate-chart\.ts <registry> a --repo https:\/\/example\.com --version 1\.0\.0"$/,
    ],
    [
      { ...nested, repository: 'oci://e.com/a' },
      'a',
      /relocate-chart\.ts <registry> oci:\/\/e\.com\/a --version/,
    ],
    [{ ...nested, repository: 'https://e.com/$(id)' }, 'a', /relocate it on its own$/],
    [
      { ...nested, chart: '--post-renderer=sh', repository: 'https://e.com' },
      '--post-renderer=sh',
      /on its own$/,
    ],
    [
      {
        kind: 'other-cluster',
        reference: 'a:1',
        assumed: 'Kubernetes 1',
        other: 'Kubernetes 2',
        ...site,
      },
      'a:1',
      /only on Kubernetes 2, at Pod\/a spec\.x, .* --kube-version/,
    ],
    [
      {
        kind: 'other-cluster',
        reference: 'a:1',
        assumed: 'one',
        other: 'a cluster with x/v1',
        ...site,
      },
      'a:1',
      /--api-versions/,
    ],
    [
      { kind: 'unread-document', assumed: 'one', other: 'a newer one', ...site },
      'Pod/a',
      /^Pod\/a, from c\/t\.yaml, is rendered only on a newer one and is not valid YAML/,
    ],
    [
      { kind: 'nested-values', chart: 'a', values: ['image=b', 'x=c'], ...site },
      'a',
      /^chart "a" needs values that Pod\/a spec\.x, .* add image=b, x=c$/,
    ],
    [
      { kind: 'delivered-image', reference: 'a:1', cause: 'fixed', ...site },
      'a:1',
      /^"a:1" is passed on .* no value moves it: name its copy in your registry there$/,
    ],
    [
      { kind: 'delivered-image', reference: 'a:1', cause: 'retagged', ...site },
      'a:1',
      /only its tag is set there; .*newName/,
    ],
    [
      { kind: 'possible-image', reference: 'a:1', ...site },
      'a:1',
      /^"a:1" at Pod\/a spec\.x, from c\/t\.yaml may be an image$/,
    ],
    [
      { kind: 'unmoved-repetition', reference: 'a:1', ...site },
      'a:1',
      /^"a:1" at Pod\/a spec\.x, .* was left unchanged: .* --mirror$/,
    ],
    [
      { kind: 'schema-violation', variant: 'v', chart: 'c', path: '/a', rule: 'x wanted' },
      '/a',
      /^helm will reject .* chart "c", at "\/a" \(x wanted\): set a value/,
    ],
    [
      { kind: 'unexplained-use', leaves: ['a', 'b'], ...site },
      'a',
      /^"a", "b" change Pod\/a spec\.x/,
    ],
    [
      { kind: 'public-host', host: 'quay.io', ...site },
      'quay.io',
      /^"quay\.io" still appears at Pod\/a/,
    ],
    [
      { ...ofOperator, cause: 'fixed', leaves: [], values: [] },
      'quay.io/a/b:1',
      /^"quay\.io\/a\/b:1" is pulled at run time by "op" \(always\): no value moves it; set Node spec\.image$/,
    ],
    [
      { ...ofOperator, cause: 'fixed', leaves: [], values: [], field: '' },
      'quay.io/a/b:1',
      /: no value moves it$/,
    ],
    [
      { ...ofOperator, cause: 'unproven' },
      'quay.io/a/b:1',
      /"x\.y" set is not understood; set "x\.y=quay\.io" in your values, so that it is rendered$/,
    ],
    [
      { ...ofOperator, cause: 'given', others: 2 },
      'quay.io/a/b:1',
      /^"quay\.io\/a\/b:1" and 2 other images are pulled .* your values set "x\.y", .*private$/,
    ],
    [{ ...ofOperator, cause: 'unused' }, 'quay.io/a/b:1', /"x\.y" should move it, but nothing/],
    [{ ...ofOperator, cause: 'assumed-cluster' }, 'quay.io/a/b:1', /set --kube-version to that$/],
    [
      pulls,
      'op',
      /^"op" 1\.0\.0 pulls further images at run time: nodes; check the field \(https:\/\/example\.com\/op\)$/,
    ],
    [
      { ...pulls, systems: ['ubuntu22.04'] },
      'op',
      /with --node-os, .* such as ubuntu22\.04 \(https/,
    ],
    [{ kind: 'no-images', variant: 'v' }, 'no-images', /^no images are rendered in variant "v"/],
  ])('%#', (question, subject, words) => {
    expect(subjectOf(question)).toBe(subject)
    expect(describeQuestion(question)).toMatch(words)
  })

  test('control characters do not get into it', () => {
    const words = describeQuestion({ kind: 'unread-field', text: `x${escape}[2J`, ...site })
    expect(words).not.toContain(escape)
    expect(words).toMatch(/which is not an image reference$/)
  })
})

test.each([
  [['proven', 'empty'], 0, 'proven'],
  [['proven'], 1, 'proven, 1 open question'],
  [['proven', 'unproven'], 2, 'unproven, 2 open questions'],
  [['unproven', 'failed'], 0, 'failed'],
  [[], 0, 'unproven'],
] as const)('%s with %d questions is %s', (results, questions, words) => {
  const state = stateOf(results.map((result) => ({ result })))
  expect(describeState(state, questions)).toBe(words)
})
