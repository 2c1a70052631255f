import { chartText, deployment, standIn } from './charts/published.ts'

// A chart written for these tests, whose second version is what a reviewer fears, and two stand-ins: one that is
// published with a `v`, and one of a registry.

const repository = 'https://charts.example.com/stable'
const plain = '{{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag }}'

export const web = {
  first: {
    repository,
    files: chartText('web', '1.0.0', {
      'values.yaml': `image: { registry: quay.io, repository: example/web, tag: 1.0.0 }
sidecar: { image: 'busybox:1.36' }
`,
      'templates/web.yaml': deployment('web', [`"${plain}"`, '{{ .Values.sidecar.image }}']),
    }),
  },
  second: {
    repository,
    files: chartText('web', '1.1.0', {
      'values.yaml': `image: { registry: quay.io, repository: example/web, tag: 1.1.0 }
sidecar: { image: { repository: busybox, tag: '1.36' } }
exporter: { image: 'ghcr.io/example/exporter:0.4.0' }
`,
      'templates/web.yaml': deployment('web', [
        `"${plain}"`,
        '"{{ .Values.sidecar.image.repository }}:{{ .Values.sidecar.image.tag }}"',
        '{{ .Values.exporter.image }}',
        'docker.io/example/init:0.1.0',
      ]),
    }),
  },
  candidate: {
    repository,
    files: chartText('web', '1.2.0-rc.1', {
      'values.yaml': '',
      'templates/web.yaml': deployment('web', ['docker.io/example/candidate:1.2.0']),
    }),
  },
}

const jetstack = 'https://charts.jetstack.io'
export const certManager = {
  first: { repository: jetstack, files: standIn('cert-manager') },
  second: {
    repository: jetstack,
    files: standIn('cert-manager', {
      'Chart.yaml': (text) => text.replaceAll('v1.17.2', 'v1.18.0'),
    }),
  },
}

export const etcdOperator = {
  repository: 'oci://ghcr.io/aenix-io/charts',
  files: standIn('etcd-operator'),
}

const certManagerParts = ['acmesolver', 'cainjector', 'controller', 'startupapicheck', 'webhook']

/** The images of the first versions and of the list below, sorted. */
export const images = [
  'docker.io/amazon/aws-cli:2.25.11',
  'docker.io/library/busybox:1.36',
  'gcr.io/kubebuilder/kube-rbac-proxy:v0.16.0',
  'ghcr.io/aenix-io/etcd-operator:v0.4.2',
  ...certManagerParts.map((part) => `quay.io/jetstack/cert-manager-${part}:v1.17.2`),
  'quay.io/example/plugin:3.2.1',
  'quay.io/example/web:1.0.0',
].toSorted()

export const list = `# What the shop runs on.
charts:
  - name: web   # the front
    version:   "1.0.0"   # in step with the app
    repository: ${repository}
    runtime:
      - reference: quay.io/example/plugin:3.2.1
        reason: loaded on demand
        leaves: { plugin.image: reference }
  - {name: etcd-operator, version: 0.4.2, repository: 'oci://ghcr.io/aenix-io/charts'}

  - repository: https://charts.jetstack.io
    published: v1.17.2
    name: cert-manager
    # the pinned one
    version: '1.17.2'

direct:
  - reference: amazon/aws-cli:2.25.11
    reason: creates the default bucket
    leaves: { bucketImage: reference }
`
