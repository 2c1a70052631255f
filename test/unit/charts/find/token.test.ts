import { describe, expect, it } from 'vitest'
import { findInText, readImageField } from '../../../../scripts/lib/charts/find/token.ts'
import { formatReference } from '../../../../scripts/lib/model/image/reference.ts'

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`

function found(text: string, key = ''): string[] {
  return findInText(text, key).map(
    ({ class: sure, reference, start, end }) =>
      `${sure} ${formatReference(reference)} [${text.slice(start, end)}]`,
  )
}

/** Class and canonical form of the one reference in a text; the text as it stands there when it differs. */
type Row = readonly [text: string, key: string, expected: string]

describe('findInText finds', () => {
  const app = 'quay.io/example/app:1.2.3'
  it.each<Row>([
    [app, '', `embedded ${app} [${app}]`],
    [`${app}@${digest}`, '', `embedded ${app}@${digest} [${app}@${digest}]`],
    [
      `quay.io/example/app@${digest}`,
      '',
      `embedded quay.io/example/app@${digest} [quay.io/example/app@${digest}]`,
    ],
    ['localhost:5000/app:1.0', '', 'embedded localhost:5000/app:1.0 [localhost:5000/app:1.0]'],
    ['10.0.0.1:5000/app:1.0', '', 'embedded 10.0.0.1:5000/app:1.0 [10.0.0.1:5000/app:1.0]'],
    [`run ${app}, then stop`, '', `embedded ${app} [${app}]`],
    [`The image is ${app}.`, '', `embedded ${app} [${app}]`],
    [`image: "${app}"`, '', `embedded ${app} [${app}]`],
    [`{"image":"${app}"}`, '', `embedded ${app} [${app}]`],
    [`--image=${app}`, '', `embedded ${app} [${app}]`],
    [`3.8.0=${app}`, '', `embedded ${app} [${app}]`],
    ['busybox:1.36', 'image', 'embedded docker.io/library/busybox:1.36 [busybox:1.36]'],
    ['busybox:latest', 'INIT_IMAGE', 'embedded docker.io/library/busybox:latest [busybox:latest]'],
    ['example/app:1.2.3', '', 'potential docker.io/example/app:1.2.3 [example/app:1.2.3]'],
    [
      'example/app:1.2.3',
      '--proxy-image',
      'embedded docker.io/example/app:1.2.3 [example/app:1.2.3]',
    ],
    ['example/app', '--proxy-image', 'potential docker.io/example/app [example/app]'],
    ['quay.io/example/app', 'image', 'potential quay.io/example/app [quay.io/example/app]'],
    [
      'quay.io/example/db:2',
      'db-repository',
      'potential quay.io/example/db:2 [quay.io/example/db:2]',
    ],
    [
      'oci://quay.io/example/chart:1.0.0',
      '',
      'potential quay.io/example/chart:1.0.0 [oci://quay.io/example/chart:1.0.0]',
    ],
    ['quay.io/example/app:1.2-', '', 'potential quay.io/example/app:1.2 [quay.io/example/app:1.2]'],
    [
      'quay.io/example/app:1.2{x}',
      '',
      'potential quay.io/example/app:1.2 [quay.io/example/app:1.2]',
    ],
    ['quay.io/o/a:1.2', '', 'embedded quay.io/o/a:1.2 [quay.io/o/a:1.2]'],
    [`quay.io/o/a@${digest}`, '', `embedded quay.io/o/a@${digest} [quay.io/o/a@${digest}]`],
    ['localhost:5000/o/a:1', '', 'embedded localhost:5000/o/a:1 [localhost:5000/o/a:1]'],
    ['o/a:1.2', 'image', 'embedded docker.io/o/a:1.2 [o/a:1.2]'],
    ['busybox:1.36', 'initImage', 'embedded docker.io/library/busybox:1.36 [busybox:1.36]'],
    [
      'o/exporter:0.8',
      '--metrics-exporter-image',
      'embedded docker.io/o/exporter:0.8 [o/exporter:0.8]',
    ],
    ['{"image":"o/a:1.2","port":80}', '', 'embedded docker.io/o/a:1.2 [o/a:1.2]'],
    ['images:\n  - o/a:1.2\n', '', 'embedded docker.io/o/a:1.2 [o/a:1.2]'],
    ['pulls quay.io/o/a:1.2. Then', '', 'embedded quay.io/o/a:1.2 [quay.io/o/a:1.2]'],
    ['o/a:1.2', '', 'potential docker.io/o/a:1.2 [o/a:1.2]'],
    ['o/lambda-', 'LAMBDA_IMAGE', 'potential docker.io/o/lambda [o/lambda]'],
    ['quay.io/o/db:2', 'dbRepository', 'potential quay.io/o/db:2 [quay.io/o/db:2]'],
    ['oci://quay.io/o/chart:1', '', 'potential quay.io/o/chart:1 [oci://quay.io/o/chart:1]'],
  ])('%s under "%s"', (text, key, expected) => {
    expect(found(text, key)).toEqual([expected])
  })

  it.each([
    [
      '3.8.0=quay.io/a/b:1\n3.9.0=quay.io/a/b:2,quay.io/a/c:3',
      '',
      ['quay.io/a/b:1', 'quay.io/a/b:2', 'quay.io/a/c:3'],
    ],
    ['3.9=quay.io/o/k:3.9\n4.0=quay.io/o/k:4.0', 'IMAGES', ['quay.io/o/k:3.9', 'quay.io/o/k:4.0']],
  ])('several in one text, each in its place: %j under "%s"', (text, key, references) => {
    expect(found(text, key)).toEqual(references.map((one) => `embedded ${one} [${one}]`))
  })

  it('the key of a list above its items', () => {
    expect(found('images:\n  - busybox:1.36\n  - alpine:3.20\nports:\n  - http:80\n')).toEqual([
      'embedded docker.io/library/busybox:1.36 [busybox:1.36]',
      'embedded docker.io/library/alpine:3.20 [alpine:3.20]',
    ])
  })
})

describe('findInText finds as a possible image', () => {
  const app = 'r.example.com/o/a:1.2'
  it.each<readonly [text: string, key: string]>([
    ...[
      'docker://',
      'docker-image://',
      'docker-pullable://',
      'oras://',
      'docker-daemon:',
      'containers-storage:',
      'containers-storage://',
      'containers-storage:[overlay@/run]',
      'docker-archive:/tmp/a.tar:',
      'oci-archive:a.tar:',
      '//',
      '#',
    ].flatMap((mark): (readonly [string, string])[] => [
      [`${mark}${app}`, 'AGENT_IMAGE'],
      [`${mark}${app}`, ''],
      [`--image="${mark}${app}"`, ''],
    ]),
    [`a: 1\nimage: //${app}\n`, ''],
    [`a: 1\nimage = docker://${app}\n`, ''],
  ])('%j under "%s"', (text, key) => {
    expect(found(text, key).map((one) => one.replace(/^\w+ /, ''))).toEqual([`${app} [${app}]`])
  })

  it.each(['docker://o/a:1.2', 'docker-daemon:o/a:1.2', '//o/a:1.2', '#o/a:1.2'])(
    'a name of Docker Hub: %s',
    (text) => {
      expect(found(text, 'image')).toEqual(['potential docker.io/o/a:1.2 [o/a:1.2]'])
    },
  )
})

describe('findInText finds nothing in', () => {
  it.each<readonly [what: string, text: string, key?: string]>([
    ['nothing', ''],
    ['a URL', 'https://quay.io/example/app:1.2.3'],
    ['a URL with a port', 'http://metrics.example.com:8080/path/to:1.0'],
    ['a git address', 'git@github.com:example/app.git'],
    ['a git URL', 'git+https://github.com/example/app:1.0'],
    ['a forge', 'github.com/example/app:1.0.0'],
    ['an API group', 'apps.example.com/v1'],
    ['an API version with a resource', 'monitoring.example.com/v1:servicemonitors'],
    ['a source line', 'pkg/controller/main.go:412'],
    ['a source line with a host', 'k8s.io/klog/v2/klog.go:412'],
    ['a host with its port', 'example.com:8080'],
    ['a short host with its port', 'prometheus:9090'],
    ['a service with its port', 'metrics.monitoring.svc.cluster.local:9090'],
    ['a service with a path', 'metrics.monitoring.svc:9090/metrics'],
    ['an e-mail address', 'someone@example.com'],
    ['PromQL', 'sum(rate(http_requests_total{job="api/server"}[5m])) by (le) > 0.5'],
    ['PromQL with a recorded rule', 'job:http_errors:rate5m / instance:node_cpu:ratio'],
    ['a path of files', '/usr/local/bin/app:/usr/bin'],
    ['a relative path of files', 'etc/ssl/certs:ro'],
    ['a mount', 'data/files:/data/files:1.0'],
    ['a line of comment', '# image: quay.io/example/app:1.2.3'],
    ['an indented line of comment', '    # quay.io/example/app:1.2.3'],
    ['a line of comment of another language', '// quay.io/example/app:1.2.3'],
    ['a comment in a text of several lines', 'a: 1\n#quay.io/o/a:1.2\n//quay.io/o/a:1.2\n'],
    ['the first line of a script', '#!/usr/bin/env quay.io/o/a:1.2'],
    ['the socket of a runtime', 'docker:///var/run/docker.sock'],
    ['the ID of a container', 'docker://0123456789abcdef', 'image'],
    ['a time', '12:30:45'],
    ['a media type', 'application/vnd.oci.image.manifest.v1'],
    ['a label', 'app.kubernetes.io/name'],
    ['a label with its value', 'app.kubernetes.io/version: 1.2.3'],
    ['a policy', 'IfNotPresent', 'imagePullPolicy'],
    ['a port of a container', 'http:8080', 'containerPort'],
    ['a variable', '${REGISTRY}/example/app:1.2.3'],
    ['a template', '{{ .Values.image }}/app:1.2.3'],
    ['a Windows path', String.raw`C:\images\app:1.0`],
    ['an ARN', 'arn:aws:iam::123456789012:role/example'],
    ['a role', 'system:serviceaccount:default:app'],
    ['an address without a registry', '10.0.0.1/24:80'],
    ['a URL with a short path', 'https://quay.io/o/a:1.2'],
    ['a git address with a short path', 'git@github.com:o/a.git'],
    ['a forge with a short path', 'github.com/o/a:1.2'],
    ['an API group of Kubernetes', 'apiextensions.k8s.io/v1'],
    ['a source line of a server', 'pkg/server/main.go:17'],
    ['a named service with a path', 'prometheus.monitoring.svc:9090/metrics'],
    ['a service of a database', 'db.example.svc.cluster.local:5432'],
    ['a host of one word with its port', 'redis:6379'],
    ['a path with a mode', '/etc/app/config.yaml:ro'],
    ['a variable before a path', '${REGISTRY}/o/a:1.2'],
    ['a template before a path', '{{ .Values.image }}/o/a:1.2'],
    ['PromQL with labels alone', 'container_memory{image!="",container!=""}'],
    ['a short line of comment', '# image: quay.io/o/a:1.2'],
    ['a label that is set', 'app.kubernetes.io/name=web'],
    ['a network', '10.0.0.1/24'],
    ['a date with its time', '2024-01-01T00:00:00Z'],
    ['a label in a variable', 'example.com/name:v1', 'NODE_LABEL'],
    ['a key of a topology', 'example.com/zone:v1', 'TOPOLOGY_KEY'],
    ['labels after a flag', 'example.com/name:v1', '--pod-labels'],
  ])('%s: %s', (_, text = '', key = '') => {
    expect(found(text, key)).toEqual([])
  })
})

describe('readImageField', () => {
  it.each([
    ['busybox', 'docker.io/library/busybox:latest'],
    ['busybox:1.36', 'docker.io/library/busybox:1.36'],
    ['  quay.io/a/b:1 ', 'quay.io/a/b:1'],
    [' quay.io/o/a:1 ', 'quay.io/o/a:1'],
    [`quay.io/a/b@${digest}`, `quay.io/a/b@${digest}`],
  ])('reads %j', (text, reference) => {
    const hit = readImageField(text)
    expect(hit && formatReference(hit.reference)).toBe(reference)
    expect(hit && text.slice(hit.start, hit.end)).toBe(text.trim())
    expect(hit?.class).toBe('certain')
  })

  it.each([
    'auto',
    '',
    '{{ x }}',
    '{{ .Image }}',
    'Not An Image',
    '$(IMAGE)',
    '<image>',
    'quay.io/A/b:1',
    'a b',
    'x@sha256:1',
  ])('reads nothing from %j', (text) => {
    expect(readImageField(text)).toBeUndefined()
  })
})
