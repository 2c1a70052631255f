import { describe, expect, it } from 'vitest'
import { hideApis, uncertainApis } from '../../../../scripts/lib/charts/render/hidden-apis.ts'

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

describe('hideApis', () => {
  const unserved = 'unserved.ecr-airlift.invalid/v1'
  it.each([
    [
      'a template',
      'templates/a.yaml',
      '{{ .Has "policy/v1beta1" }} {{ .Has `policy/v1beta1` }} {{ .Has "policy/v1" }}',
      `{{ .Has "${unserved}" }} {{ .Has \`${unserved}\` }} {{ .Has "policy/v1" }}`,
    ],
    [
      "a subchart's template",
      'charts/sub/templates/b.tpl',
      '{{ .Has "policy/v1beta1" }}',
      `{{ .Has "${unserved}" }}`,
    ],
    [
      'values that a template may run',
      'values.yaml',
      't: "{{ .APIVersions.Has \\"policy/v1beta1\\" }}"',
      `t: "{{ .APIVersions.Has \\"${unserved}\\" }}"`,
    ],
    [
      'any other file that a template may run',
      'files/a.txt',
      '{{ .APIVersions.Has `policy/v1beta1` }}',
      `{{ .APIVersions.Has \`${unserved}\` }}`,
    ],
    [
      'no file that does not ask',
      'values.yaml',
      'note: "policy/v1beta1"\n',
      'note: "policy/v1beta1"\n',
    ],
  ])('changes %s', (_, path, text, expected) => {
    expect(hideApis(path, Buffer.from(text), ['policy/v1beta1']).toString('utf8')).toBe(expected)
  })
})
