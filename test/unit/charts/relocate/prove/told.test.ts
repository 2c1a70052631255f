import { expect, test } from 'vitest'
import { compare, document, proven } from './comparing.ts'

const told = ['r.example.com', 'mirrored/quay.io/a', 'r.example.com/mirrored/quay.io/a/db:1']

const resource = (fields: string) => document(`spec: ${fields}`, 'Installation')
const config = (data: string) => document(`data: ${data}`, 'ConfigMap')

test.each<readonly [string, string, string, readonly string[]]>([
  [
    'a new field of a custom resource',
    resource('{ a: 1 }'),
    resource('{ a: 1, registry: r.example.com }'),
    ['spec.registry'],
  ],
  [
    'a field with another text before',
    resource('{ registry: quay.io }'),
    resource('{ registry: r.example.com }'),
    ['spec.registry'],
  ],
  [
    'a field of two pieces',
    config('{ c: quay.io/a }'),
    config('{ c: r.example.com/mirrored/quay.io/a }'),
    ['data.c'],
  ],
  [
    'the first key of a ConfigMap',
    config('{}'),
    config('{ IMAGE: "r.example.com/mirrored/quay.io/a/db:1" }'),
    ['data', 'data.IMAGE'],
  ],
])('what an operator is told may be %s', (_, before, after, derived) => {
  expect(compare(before, after, [], [], told)).toEqual(proven(0, derived))
  expect(compare(before, after).faults).not.toEqual([])
})

test.each<readonly [string, string, string]>([
  [
    'with other text around it',
    resource('{ registry: quay.io }'),
    resource('{ registry: r.example.com.evil.example }'),
  ],
  ['in the metadata', document('spec: {}\nx: a'), document('spec: {}\nx: r.example.com')],
  [
    'in a pod',
    document('spec: { hostname: a }', 'Pod'),
    document('spec: { hostname: r.example.com }', 'Pod'),
  ],
  [
    'in a Deployment',
    document('spec: { template: { spec: { hostname: a } } }', 'Deployment'),
    document('spec: { template: { spec: { hostname: r.example.com } } }', 'Deployment'),
  ],
  ['nowhere, with a field removed', resource('{ a: 1 }'), resource('{ }')],
])('it may not be %s', (_, before, after) => {
  expect(compare(before, after, [], [], told).faults).not.toEqual([])
})
