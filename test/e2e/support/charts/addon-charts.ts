import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ChartText, chartText, deployment, type Published, standIn } from './published.ts'
import { fixtures } from './relocate.ts'

// Charts under the names of well-known add-ons, written for these tests: each has what is peculiar to one of its kind.

/** An add-on's chart, and the location of its images in the registry: `<chart>/<place>` by source. */
export interface AddonChart extends Published {
  readonly places: Readonly<Record<string, string>>
  /** The values that it needs to render. */
  readonly needs?: string
}

const inParts = '"{{ .Values.image.repository }}:{{ .Values.image.tag }}"'
const byAppVersion =
  '"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"'

const required = (leaf: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data:
  name: {{ required "${leaf} is needed" .Values.${leaf} | quote }}
`

/** A chart with one image in two leaves. */
export function plainChart(name: string, version: string, image: string, more: ChartText = {}) {
  const [repository = '', tag = ''] = image.split(/:(?=[^:]*$)/)
  return chartText(name, version, {
    'values.yaml': `# Values of ${name}.\nimage:\n  repository: ${repository}   # where it is\n  tag: "${tag}"\n`,
    'templates/app.yaml': deployment(name, [inParts]),
    ...more,
  })
}

/** The files of a chart of the fixtures. */
export function fixtureText(name: string): ChartText {
  const folder = join(fixtures, name)
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile())
  return Object.fromEntries(
    paths.map(({ parentPath, name: file }) => {
      const path = join(parentPath, file)
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')]
    }),
  )
}

const eks = 'https://aws.github.io/eks-charts'
const fixtureRepository = 'https://charts.example.com/fixtures'
const karpenter = 'oci://public.ecr.aws/karpenter'

const argoCd: AddonChart = {
  repository: 'https://argoproj.github.io/argo-helm',
  files: chartText('argo-cd', '7.8.0', {
    'Chart.yaml': `apiVersion: v2
name: argo-cd
version: 7.8.0
appVersion: v2.14.2
dependencies:
  - { name: redis-ha, version: 4.29.4, repository: 'https://dandydeveloper.github.io/charts/', condition: redis-ha.enabled }
`,
    'values.yaml': `global:
  image:
    repository: quay.io/argoproj/argocd
    # -- the chart's appVersion when it is empty
    tag: ""
redis-ha:
  enabled: true
`,
    'templates/server.yaml': deployment('server', [
      '"{{ .Values.global.image.repository }}:{{ .Values.global.image.tag | default .Chart.AppVersion }}"',
    ]),
    'templates/hook.yaml': deployment('hook', ['docker.io/library/busybox:1.36']),
    'charts/redis-ha/Chart.yaml': 'apiVersion: v2\nname: redis-ha\nversion: 4.29.4\n',
    'charts/redis-ha/values.yaml':
      'image: { repository: public.ecr.aws/docker/library/redis, tag: 7.2.4 }\n',
    'charts/redis-ha/templates/redis.yaml': deployment('redis', [inParts]),
  }),
  places: {
    'quay.io/argoproj/argocd:v2.14.2': 'argocd',
    'docker.io/library/busybox:1.36': 'busybox',
    'public.ecr.aws/docker/library/redis:7.2.4': 'redis',
  },
}

const velero: AddonChart = {
  repository: 'https://vmware-tanzu.github.io/helm-charts',
  files: chartText('velero', '8.3.0', {
    'values.yaml': 'image: { repository: velero/velero, tag: v1.15.2 }\ninitContainers: []\n',
    'templates/app.yaml': `${deployment('velero', [inParts])}
      {{- with .Values.initContainers }}
      initContainers:
        {{- toYaml . | nindent 8 }}
      {{- end }}
`,
  }),
  places: {
    'docker.io/velero/velero:v1.15.2': 'velero',
    'docker.io/velero/velero-plugin-for-aws:v1.11.1': 'velero-plugin-for-aws',
  },
}

const prometheus: AddonChart = {
  repository: 'https://prometheus-community.github.io/helm-charts',
  files: chartText('kube-prometheus-stack', '69.3.1', {
    'Chart.yaml': `apiVersion: v2
name: kube-prometheus-stack
version: 69.3.1
dependencies:
  - { name: grafana, version: 8.9.0, repository: 'https://grafana.github.io/helm-charts', condition: grafana.enabled }
  - { name: kube-state-metrics, version: 5.28.1 }
`,
    'values.yaml': `global:
  imageRegistry: ""
image: { registry: quay.io, repository: prometheus-operator/prometheus-operator, tag: v0.80.0 }
grafana:
  enabled: true
  image: { tag: 11.5.1 }
`,
    'templates/operator.yaml': deployment('operator', [
      '"{{ .Values.global.imageRegistry | default .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag }}", args: ["--config-reloader=quay.io/prometheus-operator/prometheus-config-reloader:v0.80.0"]',
    ]),
    'charts/grafana/Chart.yaml': 'apiVersion: v2\nname: grafana\nversion: 8.9.0\n',
    'charts/grafana/values.yaml': 'image: { repository: docker.io/grafana/grafana, tag: 11.0.0 }\n',
    'charts/grafana/templates/grafana.yaml': deployment('grafana', [inParts]),
    'charts/kube-state-metrics/Chart.yaml':
      'apiVersion: v2\nname: kube-state-metrics\nversion: 5.28.1\nappVersion: 2.15.0\n',
    'charts/kube-state-metrics/values.yaml':
      'image: { registry: registry.k8s.io, repository: kube-state-metrics/kube-state-metrics }\n',
    'charts/kube-state-metrics/templates/app.yaml': deployment('ksm', [
      '"{{ .Values.image.registry }}/{{ .Values.image.repository }}:v{{ .Chart.AppVersion }}"',
    ]),
  }),
  places: {
    'quay.io/prometheus-operator/prometheus-operator:v0.80.0': 'prometheus-operator',
    'quay.io/prometheus-operator/prometheus-config-reloader:v0.80.0': 'prometheus-config-reloader',
    'docker.io/grafana/grafana:11.5.1': 'grafana',
    'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.15.0': 'kube-state-metrics',
  },
}

function plain(repository: string, name: string, version: string, image: string): AddonChart {
  const last = /([^/]+):[^:]+$/.exec(image)?.[1] ?? ''
  return { repository, files: plainChart(name, version, image), places: { [image]: last } }
}

function fixture(name: string, places: AddonChart['places']): AddonChart {
  return { repository: fixtureRepository, files: fixtureText(name), places }
}

/** A chart that does not render until a leaf has a value. */
function demanding(one: AddonChart, leaf: string): AddonChart {
  const files = { ...one.files, 'templates/settings.yaml': required(leaf) }
  return { ...one, files, needs: `${leaf}=test` }
}

const certManagerParts = ['controller', 'cainjector', 'webhook', 'startupapicheck']

/** All of them, by name. */
export const addonCharts = {
  'argo-cd': argoCd,
  'kube-prometheus-stack': prometheus,
  velero,
  'aws-load-balancer-controller': demanding(
    plain(
      eks,
      'aws-load-balancer-controller',
      '1.11.0',
      'public.ecr.aws/eks/aws-load-balancer-controller:v2.11.0',
    ),
    'clusterName',
  ),
  'aws-cloudwatch-metrics': demanding(
    plain(eks, 'aws-cloudwatch-metrics', '0.0.11', 'docker.io/amazon/cloudwatch-agent:1.300032.2'),
    'clusterName',
  ),
  'aws-for-fluent-bit': plain(
    eks,
    'aws-for-fluent-bit',
    '0.1.34',
    'public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5',
  ),
  'cluster-autoscaler': demanding(
    plain(
      'https://kubernetes.github.io/autoscaler',
      'cluster-autoscaler',
      '9.45.0',
      'registry.k8s.io/autoscaling/cluster-autoscaler:v1.32.0',
    ),
    'autoDiscovery.clusterName',
  ),
  'metrics-server': {
    repository: 'https://kubernetes-sigs.github.io/metrics-server',
    files: chartText(
      'metrics-server',
      '3.12.2',
      {
        'values.yaml':
          'image:\n  repository: registry.k8s.io/metrics-server/metrics-server\n  tag: ""\n',
        'templates/app.yaml': deployment('metrics-server', [byAppVersion]),
      },
      '0.7.2',
    ),
    places: { 'registry.k8s.io/metrics-server/metrics-server:0.7.2': 'metrics-server' },
  },
  'cert-manager': {
    repository: 'https://charts.jetstack.io',
    files: standIn('cert-manager'),
    places: Object.fromEntries(
      [...certManagerParts, 'acmesolver'].map((part) => [
        `quay.io/jetstack/cert-manager-${part}:v1.17.2`,
        `cert-manager-${part}`,
      ]),
    ),
  },
  'external-dns': plain(
    'https://kubernetes-sigs.github.io/external-dns',
    'external-dns',
    '1.15.0',
    'registry.k8s.io/external-dns/external-dns:v0.15.0',
  ),
  'ingress-nginx': {
    repository: 'https://kubernetes.github.io/ingress-nginx',
    files: chartText('ingress-nginx', '4.12.0', {
      'values.yaml':
        'global: { image: { registry: registry.k8s.io } }\ncontroller: { image: { image: ingress-nginx/controller, tag: v1.12.0 } }\n',
      'templates/app.yaml': deployment('ingress', [
        '"{{ .Values.global.image.registry }}/{{ .Values.controller.image.image }}:{{ .Values.controller.image.tag }}"',
      ]),
    }),
    places: { 'registry.k8s.io/ingress-nginx/controller:v1.12.0': 'controller' },
  },
  keda: plain(
    'https://kedacore.github.io/charts',
    'keda',
    '2.16.1',
    'ghcr.io/kedacore/keda:2.16.1',
  ),
  grafana: plain(
    'https://grafana.github.io/helm-charts',
    'grafana',
    '8.9.0',
    'docker.io/grafana/grafana:11.5.1',
  ),
  'same-names': fixture('same-names', {
    'quay.io/example/app:1.2.3': 'example-app',
    'ghcr.io/other/app:0.4.0': 'other-app',
    'quay.io/example/agent:1.2.3': 'quay.io-example-agent',
    'ghcr.io/example/agent:1.2.3': 'ghcr.io-example-agent',
    'quay.io/example/tool:2.0.0': 'tool',
  }),
  'nested-subcharts': fixture('nested-subcharts', {
    'quay.io/example/outer:0.1.0': 'outer',
    'quay.io/example/middle:0.4.0': 'middle',
    'quay.io/example/inner:2.0.0': 'inner',
  }),
  aliases: fixture('aliases', {
    'quay.io/example/worker:1.2.3': 'worker',
    'quay.io/example/worker:2.0.0': 'worker',
  }),
  env: fixture('env', {
    'quay.io/example/operator:1.2.3': 'operator',
    'ghcr.io/example/proxy:0.4.0': 'proxy',
  }),
  'hooks-and-tests': fixture('hooks-and-tests', {
    'quay.io/example/operator:1.2.3': 'operator',
    'registry.example.com/example/certgen:v1.5.0': 'certgen',
    'docker.io/library/busybox:1.36': 'busybox',
  }),
  karpenter: demanding(
    plain(karpenter, 'karpenter', '1.3.0', 'public.ecr.aws/karpenter/controller:1.3.0'),
    'settings.clusterName',
  ),
  'karpenter-crd': {
    repository: karpenter,
    files: chartText('karpenter-crd', '1.3.0', {
      'templates/crd.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: crds }\n',
    }),
    places: {},
  },
  's3-chart': plain(
    'oci://public.ecr.aws/aws-controllers-k8s',
    's3-chart',
    '1.0.21',
    'public.ecr.aws/aws-controllers-k8s/s3-controller:1.0.21',
  ),
  podinfo: plain(
    'oci://ghcr.io/stefanprodan/charts',
    'podinfo',
    '6.7.1',
    'ghcr.io/stefanprodan/podinfo:6.7.1',
  ),
} as const satisfies Readonly<Record<string, AddonChart>>
