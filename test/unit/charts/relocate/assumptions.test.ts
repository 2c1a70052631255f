import { expect, test } from 'vitest'
import { findAssumptions } from '../../../../scripts/lib/charts/relocate/assumptions.ts'
import { makeChartFiles } from '../../support/charts.ts'

const assumptionsOf = (template: string) =>
  findAssumptions(makeChartFiles('one', { 'templates/a.yaml': template }))
const apisOf = (template: string) => assumptionsOf(template).apis

test.each([
  ['one in quotes', '{{ .Capabilities.APIVersions.Has "policy/v1" }}', ['policy/v1']],
  ['one in backquotes', '{{ if .Capabilities.APIVersions.Has `a.b/v1/Kind` }}', ['a.b/v1/Kind']],
  [
    'two in one action',
    '{{ or (.Capabilities.APIVersions.Has "a/v1") (.Capabilities.APIVersions.Has "b/v1") }}',
    ['a/v1', 'b/v1'],
  ],
  ['none of a file that does not ask', '{{ printf "a/v1" }}', []],
  ['one before it', '{{ .Capabilities.APIVersions | has "a.b/v1" }}', ['a.b/v1']],
  ['one behind a function', '{{ has "a.b/v1" .Capabilities.APIVersions }}', ['a.b/v1']],
  [
    'one in a variable',
    '{{ $a := "a.b/v1" }}{{ if .Capabilities.APIVersions.Has $a }}',
    ['a.b/v1'],
  ],
  ['none that helm could not read', '{{ .Capabilities.APIVersions.Has "--a b" }}', []],
] as const)('the APIs that a template asks for: %s', (_, template, expected) => {
  expect(apisOf(template)).toEqual(expected)
})

test('a comment that repeats the words of a question is read once', { timeout: 30_000 }, () => {
  expect(apisOf(`{{/* ${'APIVersions Has '.repeat(200_000)} */}}`)).toEqual([])
})

test.each([
  ['in a variable', '{{ if .Capabilities.APIVersions.Has $a }}', true],
  ['put together', '{{ if .Capabilities.APIVersions.Has (printf "%s/v1" "a.b") }}', true],
  [
    'one of two in a variable',
    '{{ or (.C.APIVersions.Has "a/v1") (.C.APIVersions.Has $b) }}',
    true,
  ],
  ['named', '{{ if .Capabilities.APIVersions.Has "a.b/v1" }}', false],
  ['by its name', '{{ if has $a (index .Capabilities "APIVersions") }}', true],
  ['in prose', '{{/* the APIVersions of a rule */}}', false],
  ['not asked for', '{{ printf "%s/v1" "a.b" }}', false],
] as const)('an API that is %s is looked at by its file', (_, template, isPartial) => {
  expect(assumptionsOf(template).otherApis).toEqual(isPartial ? ['templates/a.yaml'] : [])
})
