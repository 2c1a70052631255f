import { join, resolve } from 'node:path'
import {
  type ChartText,
  chartText,
  deployment,
  type Published,
  standIn,
  startPublished,
} from './published.ts'
import type { World, WorldOptions } from '../world.ts'

// The umbrella chart of the fixtures and the charts that its installer installs, all written for these tests: each has
// what is peculiar to the one whose name it bears.

const fixtures = resolve(import.meta.dirname, '../../../fixtures')

/** The folder of the umbrella chart, and its values for an installation on EKS. */
export const umbrellaFolder = join(fixtures, 'umbrella/migration-assistant')
export const umbrellaName = 'migration-assistant'
export const valuesEks = join(umbrellaFolder, 'valuesEks.yaml')
export const dashboardsFolder = join(fixtures, 'dashboards')

/** The values without which it cannot be installed on EKS. */
export const accountValues = "aws: { region: us-east-2, account: '111122223333' }\n"

/**
 * A chart of the map: where it is published, and the source images that it renders with the umbrella's values for
 * EKS.
 */
export interface UmbrellaChart extends Published {
  readonly images: readonly string[]
  /** Images that are written in a template, where no value reaches them. */
  readonly literal?: readonly string[]
}

/** A log shipper whose init container is written in its template. */
const fluentBit: ChartText = chartText('fluent-bit', '0.49.0', {
  'values.yaml': `image: { repository: cr.fluentbit.io/fluent/fluent-bit, tag: '' }
env: []
`,
  'templates/daemonset.yaml': `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: {{ .Release.Name }} }
spec:
  selector: { matchLabels: { app: fluent-bit } }
  template:
    metadata: { labels: { app: fluent-bit } }
    spec:
      initContainers:
        - { name: wait, image: 'docker.io/library/busybox:1.36', command: [sh, -c, sleep 1] }
      containers:
        - name: fluent-bit
          image: '{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}'
          {{- with .Values.env }}
          env: {{ toYaml . | nindent 12 }}
          {{- end }}
`,
})

const grafana: ChartText = chartText('grafana', '8.15.0', {
  'values.yaml': `image: { registry: docker.io, repository: grafana/grafana, tag: 11.6.1 }
sidecar:
  enabled: false
  image: { registry: quay.io, repository: kiwigrid/k8s-sidecar, tag: 1.30.0 }
`,
  'templates/grafana.yaml': deployment('grafana', [
    '"{{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag }}"',
  ]),
  'templates/sidecar.yaml': `{{- if .Values.sidecar.enabled }}
${deployment('sidecar', [
  '"{{ .Values.sidecar.image.registry }}/{{ .Values.sidecar.image.repository }}:{{ .Values.sidecar.image.tag }}"',
])}{{- end }}
`,
})

const kyverno = ['kyverno', 'kyvernopre', 'background-controller', 'cleanup-controller']

/** The charts of the umbrella's `charts:` map, by name. */
export const umbrellaCharts = {
  'argo-workflows': {
    repository: 'https://argoproj.github.io/argo-helm',
    files: standIn('argo-workflows'),
    // The chart brings v3.7.8.
    images: ['workflow-controller', 'argoexec', 'argocli'].map(
      (name) => `quay.io/argoproj/${name}:v3.7.9`,
    ),
  },
  'cert-manager': {
    repository: 'https://charts.jetstack.io',
    files: standIn('cert-manager'),
    // Its startupapicheck is switched off on EKS.
    images: ['acmesolver', 'cainjector', 'controller', 'webhook'].map(
      (part) => `quay.io/jetstack/cert-manager-${part}:v1.17.2`,
    ),
  },
  'etcd-operator': {
    repository: 'oci://ghcr.io/aenix-io/charts',
    files: standIn('etcd-operator'),
    images: ['gcr.io/kubebuilder/kube-rbac-proxy:v0.16.0', 'ghcr.io/aenix-io/etcd-operator:v0.4.2'],
  },
  'fluent-bit': {
    repository: 'https://fluent.github.io/helm-charts',
    files: fluentBit,
    images: ['cr.fluentbit.io/fluent/fluent-bit:4.0.1', 'docker.io/library/busybox:1.36'],
    literal: ['docker.io/library/busybox:1.36'],
  },
  // Switched off, and listed all the same.
  grafana: {
    repository: 'https://grafana.github.io/helm-charts',
    files: grafana,
    images: ['docker.io/grafana/grafana:11.6.1', 'quay.io/kiwigrid/k8s-sidecar:1.30.0'],
  },
  kyverno: {
    repository: 'https://kyverno.github.io/kyverno/',
    files: standIn('kyverno'),
    images: [
      ...[...kyverno, 'reports-controller', 'kyverno-cli'].map(
        (name) => `reg.kyverno.io/kyverno/${name}:v1.15.2`,
      ),
      'docker.io/library/busybox:1.35',
      'registry.k8s.io/kubectl:v1.32.7',
    ],
  },
  'opentelemetry-operator': {
    repository: 'https://open-telemetry.github.io/opentelemetry-helm-charts',
    files: standIn('opentelemetry-operator'),
    images: [
      'docker.io/library/busybox:latest',
      'ghcr.io/open-telemetry/opentelemetry-operator/opentelemetry-operator:0.122.0',
      'public.ecr.aws/aws-observability/aws-otel-collector:0.43.2',
      'quay.io/brancz/kube-rbac-proxy:v0.18.1',
    ],
  },
} as const satisfies Readonly<Record<string, UmbrellaChart>>

/** What is built of the project itself: its leaf under `images`, the local name and the published one. */
const built = {
  captureProxy: ['capture_proxy', 'traffic-capture-proxy'],
  trafficReplayer: ['traffic_replayer', 'traffic-replayer'],
  reindexFromSnapshot: ['reindex_from_snapshot', 'reindex-from-snapshot'],
  migrationConsole: ['migration_console', 'console'],
  installer: ['migration_console', 'console'],
} as const

/** The published images of a version, by their leaf under `images`. */
export function publishedImages(version: string): Record<keyof typeof built, string> {
  const of = (leaf: keyof typeof built) =>
    `public.ecr.aws/opensearchproject/opensearch-migrations-${built[leaf][1]}:${version}`
  return {
    captureProxy: of('captureProxy'),
    trafficReplayer: of('trafficReplayer'),
    reindexFromSnapshot: of('reindexFromSnapshot'),
    migrationConsole: of('migrationConsole'),
    installer: of('installer'),
  }
}

/** Values that point the umbrella to the published images of a version. */
export function publishedImageValues(version: string): string {
  const lines = Object.entries(publishedImages(version)).map(([leaf, image]) => {
    const [repository, tag] = image.split(':')
    return `  ${leaf}: { repository: '${repository}', tag: '${tag}' }\n`
  })
  return `images:\n${lines.join('')}`
}

/** The umbrella's own images with its own values, and those that no value reaches. */
export const ownImages: readonly string[] = [
  'docker.io/amazon/aws-cli:2.25.11',
  ...new Set(Object.values(built).map(([name]) => `docker.io/migrations/${name}:latest`)),
  'public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3',
]
export const ownLiteral: readonly string[] = [
  'public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3',
]

/** Every image of the umbrella and its charts for EKS, sorted. */
export const umbrellaImages: readonly string[] = sorted([
  ...ownImages,
  ...Object.values(umbrellaCharts).flatMap(({ images }) => images),
])

export interface UmbrellaOptions {
  /** Published images of these versions are also served. */
  readonly versions?: readonly string[]
  /** More images for the public registries. */
  readonly images?: readonly string[]
  readonly sandbox?: WorldOptions['sandbox']
}

/** A world whose registries serve all images and charts of the umbrella. */
export function startUmbrella({
  versions = [],
  images = [],
  sandbox = {},
}: UmbrellaOptions = {}): Promise<World> {
  const served = [
    ...umbrellaImages,
    // Without the values for EKS.
    'quay.io/jetstack/cert-manager-startupapicheck:v1.17.2',
    ...versions.flatMap((version) => Object.values(publishedImages(version))),
    ...images,
  ]
  return startPublished(Object.values(umbrellaCharts), sorted(served), sandbox)
}

function sorted(images: readonly string[]): string[] {
  return [...new Set(images)].toSorted()
}
