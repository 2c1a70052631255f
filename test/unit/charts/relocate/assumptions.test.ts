import { expect, test } from 'vitest'
import {
  findAssumptions,
  furtherRenders,
} from '../../../../scripts/lib/charts/relocate/assumptions.ts'
import { finish } from '../../../../scripts/lib/steps/steps.ts'
import { makeChartFiles } from '../../support/charts.ts'

const assumptionsOf = (template: string) =>
  finish(findAssumptions(makeChartFiles('one', { 'templates/a.yaml': template })))
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
  [
    'none of a version that a function composes with its group',
    '{{ .Capabilities.APIVersions.Has (printf "%s/%s" "a.b" "v1") }}',
    [],
  ],
  [
    'one in everything that a cluster has',
    '{{ contains "a.b/v1" (toJson .Capabilities) }}',
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
    'put together of two parts',
    '{{ if .Capabilities.APIVersions.Has (printf "%s/%s" "a.b" "v1") }}',
    true,
  ],
  ['in a helper that gets all capabilities', '{{ include "x" .Capabilities }}', true],
  ['the version alone', '{{ .Capabilities.KubeVersion.Version }}', false],
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

test.each([
  ['its version', '{{ .Capabilities.KubeVersion.Minor }}', true],
  ['everything that it has', '{{ toJson .Capabilities }}', true],
  ['its APIs', '{{ .Capabilities.APIVersions.Has "a.b/v1" }}', false],
  ["helm's version", '{{ .Capabilities.HelmVersion.Version }}', false],
] as const)(
  'templates depend on the version of the cluster if they ask for %s',
  (_, template, asks) => {
    expect(assumptionsOf(template).asksVersion).toBe(asks)
  },
)

test.each<readonly [string, readonly string[], readonly string[], readonly object[]]>([
  ['always as an upgrade', ['policy/v1'], [], [{ isUpgrade: true }]],
  [
    'without APIs that a cluster may lack',
    ['policy/v1beta1', 'a.b/v1beta1'],
    [],
    [{ isUpgrade: true }, { hiddenApis: ['policy/v1beta1'] }],
  ],
  [
    'with those that the cluster serves',
    ['policy/v1beta1'],
    ['policy/v1beta1'],
    [{ isUpgrade: true }],
  ],
])('the further ways to render a chart: %s', (_, apis, apiVersions, expected) => {
  const ways = furtherRenders({ apis }, { apiVersions })
  expect(ways.map(({ settings }) => settings)).toEqual(expected)
})

test.each([
  [
    'in one template',
    { 'templates/a.yaml': '{{ .C.APIVersions.Has "a/v1" }}{{ .C.KubeVersion }}' },
    true,
  ],
  [
    'in two templates',
    {
      'templates/a.yaml': '{{ .C.APIVersions.Has "a/v1" }}',
      'templates/b.yaml': '{{ .C.KubeVersion }}',
    },
    false,
  ],
  [
    'in helpers',
    { 'templates/_a.tpl': '{{ .C.APIVersions.Has "a/v1" }}{{ .C.KubeVersion }}' },
    false,
  ],
] as const)(
  'version and APIs may be in one condition if they are asked for %s',
  (_, files, expected) => {
    expect(finish(findAssumptions(makeChartFiles('one', files))).mixesBoth).toBe(expected)
  },
)
