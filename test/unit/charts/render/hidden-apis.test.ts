import { describe, expect, it } from 'vitest'
import { uncertainApis, withoutApis } from '../../../../scripts/lib/charts/render/hidden-apis.ts'
import { makeChartFiles } from '../../support/charts.ts'

describe('uncertainApis', () => {
  it.each([
    ['policy/v1beta1', true],
    ['policy/v1beta1/PodSecurityPolicy', true],
    ['autoscaling/v2beta2', true],
    ['networking.k8s.io/v1beta1', true],
    ['batch/v2alpha1', true],
    ['resource.k8s.io/v1', true],
    ['resource.k8s.io/v1/DeviceClass', true],
    ['gateway.networking.k8s.io/v1beta1', false],
    ['snapshot.storage.k8s.io/v1', false],
    ['policy/v1', false],
    ['v1', false],
    ['apps/v1/Deployment', false],
    ['cert-manager.io/v1beta1', false],
    ['monitoring.coreos.com/v1', false],
  ])('%s: %s', (api, isUncertain) => {
    expect(uncertainApis([api])).toEqual(isUncertain ? [api] : [])
  })
})

describe('withoutApis', () => {
  const chart = makeChartFiles(
    'one',
    {
      'templates/a.yaml':
        '{{ .Has "policy/v1beta1" }} {{ .Has `policy/v1beta1` }} {{ .Has "policy/v1" }}',
      'values.yaml': 'note: "policy/v1beta1"\n',
    },
    [makeChartFiles('sub', { 'templates/b.tpl': '{{ .Has "policy/v1beta1" }}' })],
  )
  const files = withoutApis(chart, ['policy/v1beta1'])
  const textOf = (path: string) => files.get(path)?.toString('utf8')

  it('asks for an API that no cluster serves, in the templates of all charts', () => {
    const unserved = 'unserved.ecr-airlift.invalid/v1'
    expect(textOf('templates/a.yaml')).toBe(
      `{{ .Has "${unserved}" }} {{ .Has \`${unserved}\` }} {{ .Has "policy/v1" }}`,
    )
    expect(textOf('charts/sub/templates/b.tpl')).toBe(`{{ .Has "${unserved}" }}`)
  })

  it('asks for it in any other file that a template may run', () => {
    const own = makeChartFiles('own', {
      'values.yaml': 't: "{{ .Capabilities.APIVersions.Has \\"policy/v1beta1\\" }}"\n',
      'files/a.txt': '{{ .Capabilities.APIVersions.Has `policy/v1beta1` }}',
    })
    const changed = withoutApis(own, ['policy/v1beta1'])
    for (const path of ['values.yaml', 'files/a.txt']) {
      expect(changed.get(path)?.toString('utf8')).toContain('unserved')
    }
  })

  it('leaves every other file as it is', () => {
    expect(textOf('values.yaml')).toBe('note: "policy/v1beta1"\n')
    expect(files.size).toBe(5)
  })
})
