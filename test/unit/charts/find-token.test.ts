import { describe, expect, it } from 'vitest'
import { findInText, readImageField } from '../../../scripts/lib/charts/find/token.ts'
import { formatReference } from '../../../scripts/lib/model/reference.ts'

const found = (text: string, key: string) =>
  findInText(text, key).map(({ reference, class: sure }) => `${sure} ${formatReference(reference)}`)

const digest = `sha256:${'a'.repeat(64)}`

describe('findInText finds', () => {
  it.each([
    ['a whole reference', '', 'quay.io/o/a:1.2', ['embedded quay.io/o/a:1.2']],
    ['one with a digest', '', `quay.io/o/a@${digest}`, [`embedded quay.io/o/a@${digest}`]],
    ['one on a port', '', 'localhost:5000/o/a:1', ['embedded localhost:5000/o/a:1']],
    [
      'a short name under a key that speaks of images',
      'image',
      'o/a:1.2',
      ['embedded docker.io/o/a:1.2'],
    ],
    [
      'a name alone under such a key',
      'initImage',
      'busybox:1.36',
      ['embedded docker.io/library/busybox:1.36'],
    ],
    [
      'a flag of an exporter',
      '--metrics-exporter-image',
      'o/exporter:0.8',
      ['embedded docker.io/o/exporter:0.8'],
    ],
    [
      'lines of a version map',
      'IMAGES',
      '3.9=quay.io/o/k:3.9\n4.0=quay.io/o/k:4.0',
      ['embedded quay.io/o/k:3.9', 'embedded quay.io/o/k:4.0'],
    ],
    ['JSON in a line', '', '{"image":"o/a:1.2","port":80}', ['embedded docker.io/o/a:1.2']],
    ['items of a YAML list', '', 'images:\n  - o/a:1.2\n', ['embedded docker.io/o/a:1.2']],
    [
      'a sentence with a full stop',
      '',
      'pulls quay.io/o/a:1.2. Then',
      ['embedded quay.io/o/a:1.2'],
    ],
    ['a short name elsewhere, as a guess', '', 'o/a:1.2', ['potential docker.io/o/a:1.2']],
    [
      'a prefix that something completes',
      'LAMBDA_IMAGE',
      'o/lambda-',
      ['potential docker.io/o/lambda'],
    ],
    [
      'an artifact of a scanner, as a guess',
      'dbRepository',
      'quay.io/o/db:2',
      ['potential quay.io/o/db:2'],
    ],
    ['an OCI address, as a guess', '', 'oci://quay.io/o/chart:1', ['potential quay.io/o/chart:1']],
  ])('%s', (_, key, text, expected) => {
    expect(found(text, key)).toEqual(expected)
  })
})

describe('findInText takes for none', () => {
  it.each([
    'https://quay.io/o/a:1.2',
    'git@github.com:o/a.git',
    'github.com/o/a:1.2',
    'apiextensions.k8s.io/v1',
    'k8s.io/klog/v2/klog.go:412',
    'pkg/server/main.go:17',
    'prometheus.monitoring.svc:9090/metrics',
    'db.example.svc.cluster.local:5432',
    'redis:6379',
    '/etc/app/config.yaml:ro',
    '${REGISTRY}/o/a:1.2',
    '{{ .Values.image }}/o/a:1.2',
    'container_memory{image!="",container!=""}',
    '# image: quay.io/o/a:1.2',
    'app.kubernetes.io/name=web',
    'someone@example.com',
    '10.0.0.1/24',
    '2024-01-01T00:00:00Z',
  ])('%s', (text) => {
    expect(found(text, '')).toEqual([])
  })
})

describe('readImageField', () => {
  it.each([
    ['busybox', 'docker.io/library/busybox:latest'],
    [' quay.io/o/a:1 ', 'quay.io/o/a:1'],
    ['auto', undefined],
    ['{{ .Image }}', undefined],
    ['Not An Image', undefined],
  ])('reads %j', (text, expected) => {
    const hit = readImageField(text)
    expect(hit && formatReference(hit.reference)).toBe(expected)
  })
})
