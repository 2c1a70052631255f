import { finish } from '../../../../../scripts/lib/steps/steps.ts'
import { describe, expect, it } from 'vitest'
import { effectiveValues } from '../../../../../scripts/lib/charts/chart/values.ts'
import { emptyLeaves } from '../../../../../scripts/lib/charts/relocate/solve/empty-leaves.ts'
import { formatLeafPath } from '../../../../../scripts/lib/model/values/leaf-path.ts'
import { makeChartFiles } from '../../../support/charts.ts'
import { emptyTree, treeOf } from '../../../../../scripts/lib/model/values/values.ts'

function leaves(values: string, template = ''): Record<string, string[]> {
  const chart = makeChartFiles('one', { 'values.yaml': values, 'templates/a.yaml': template })
  const { local, global } = finish(emptyLeaves(chart, effectiveValues(chart, emptyTree())))
  return { local: local.map(formatLeafPath), global: global.map(formatLeafPath) }
}

describe('emptyLeaves offers', () => {
  it.each([
    ['an empty registry', 'a: { image: { registry: "" } }', '', ['a.image.registry'], []],
    ['a null repository', 'a: { repository: }', '', ['a.repository'], []],
    ['an override', 'a: { image: { override: "" } }', '', ['a.image.override'], []],
    ['a reference', 'a: { imageRef: "" }', '', ['a.imageRef'], []],
    ['a sibling of a repository', 'a: { repository: x/y }', '', ['a.registry'], []],
    ['a global', 'global: { imageRegistry: "" }', '', [], ['global.imageRegistry']],
    ['a leaf at the root', 'imageRegistry: ""', '', [], ['imageRegistry']],
    ['what only a template reads', '', '{{ .Values.a.image.registry }}', ['a.image.registry'], []],
    ['what is read nil-safe', '', '{{ ((.Values.a).image).registry }}', ['a.image.registry'], []],
    ['a global that is read', '', '{{ .Values.global.hub }}', [], ['global.hub']],
    [
      'a leaf below a map that is missing',
      'a: {}',
      '{{ .Values.a.image.repo }}',
      ['a.image.repo'],
      [],
    ],
  ])('%s', (_, values, template, local, global) => {
    expect(leaves(values, template)).toEqual({ local, global })
  })

  it.each([
    ['a leaf that has a value', 'a: { registry: quay.io }', '{{ .Values.a.registry }}'],
    ['a policy', 'a: { image: { pullPolicy: "" }, imagePullSecrets: }', ''],
    ['a tag or digest', 'a: { image: { tag: "", digest: "", sha: "" } }', ''],
    ['credentials', 'registryCredentials: ""\nregistryAuth: ""', ''],
    ['the registry of credentials', 'imagePullSecret: { registry: "" }', ''],
    ['a registration', 'registrationTimeout: ""\nregistration: ""', ''],
    ['an amount', 'image: { cleanupWaitInterval: "" }\nimageGcThreshold: ""\nimageCount: ""', ''],
    ['a registry of schemas', 'schemaRegistryUrl: ""', ''],
    ['the name of another resource', 'imageCatalogRef: { name: "" }\nregistryRef: ""', ''],
    ['what is left out', 'excludeImages: ""', ''],
    ['what does not speak of images', 'a: { host: "", name: "" }', '{{ .Values.b.c }}'],
    ['a map', '', '{{ with .Values.image }}{{ .Values.image.tag }}{{ end }}'],
    ['a file that is no template', 'x: 1', ''],
  ])('not %s', (_, values, template) => {
    const offered = leaves(values, template)
    expect([...(offered['local'] ?? []), ...(offered['global'] ?? [])]).toEqual([])
  })

  it('the leaves of a subchart under the keys of its aliases', () => {
    const sub = makeChartFiles('sub', { 'templates/s.yaml': '{{ .Values.image.registry }}' })
    const chart = makeChartFiles(
      'one',
      {
        'Chart.yaml':
          'name: one\nversion: 1.0.0\ndependencies: [{ name: sub, alias: x }, { name: sub, alias: y }]\n',
      },
      [sub],
    )
    expect(finish(emptyLeaves(chart, emptyTree())).local.map(formatLeafPath)).toEqual([
      'x.image.registry',
      // What helm 4.2.4 makes of the alias y.
      'true.image.registry',
    ])
  })

  it('what a library reads of the chart that includes it', () => {
    const library = makeChartFiles('lib', {
      'Chart.yaml': 'name: lib\nversion: 1.0.0\ntype: library\n',
      'templates/_l.tpl': '{{ .Values.platform.registry }}',
    })
    const { local } = finish(emptyLeaves(makeChartFiles('one', {}, [library]), emptyTree()))
    expect(local.map(formatLeafPath)).toContain('platform.registry')
  })

  it('nothing that the consumer has given a value', () => {
    const chart = makeChartFiles('one', { 'templates/a.yaml': '{{ .Values.a.registry }}' })
    expect(finish(emptyLeaves(chart, treeOf({ a: { registry: 'quay.io' } }))).local).toEqual([])
  })
})
