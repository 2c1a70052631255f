import { expect, test } from 'vitest'
import { findAssumptions } from '../../../../scripts/lib/charts/relocate/assumptions.ts'
import { makeChartFiles } from '../../support/charts.ts'

const apisOf = (template: string) =>
  findAssumptions(makeChartFiles('one', { 'templates/a.yaml': template })).apis

test.each([
  ['one in quotes', '{{ .Capabilities.APIVersions.Has "policy/v1" }}', ['policy/v1']],
  ['one in backquotes', '{{ if .Capabilities.APIVersions.Has `a.b/v1/Kind` }}', ['a.b/v1/Kind']],
  [
    'two in one action',
    '{{ or (.Capabilities.APIVersions.Has "a/v1") (.Capabilities.APIVersions.Has "b/v1") }}',
    ['a/v1', 'b/v1'],
  ],
  ['none without a question', '{{ .Capabilities.APIVersions }} {{ printf "a/v1" }}', []],
  ['none in other texts between', '{{ .Capabilities.APIVersions | list "x" | Has "a/v1" }}', []],
  ['none that helm could not read', '{{ .Capabilities.APIVersions.Has "--a b" }}', []],
] as const)('the APIs that a template asks for: %s', (_, template, expected) => {
  expect(apisOf(template)).toEqual(expected)
})

test('a comment that repeats the words of a question is read once', { timeout: 30_000 }, () => {
  expect(apisOf(`{{/* ${'APIVersions Has '.repeat(200_000)} */}}`)).toEqual([])
})
